"""Counts and sums over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, StringConstraints

from vardkase.access.actor import Actor
from vardkase.statistics.queries import Choice, Row, counted, whole

from .door import needs
from .problems import FAULTS

router = Router(tags=["statistics"])
Name = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]


class RowOut(Schema):
    value: str | int | datetime | None
    count: int
    total: int | None
    key: int | None


class StatisticsOut(Schema):
    rows: list[RowOut]
    all: RowOut


@router.get("/statistics", response={200: StatisticsOut, **FAULTS})
@needs("stats")
def index(
    request: HttpRequest,
    by: Name,
    total: Name = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    incidents_only: bool = False,
) -> dict[str, list[Row] | Row]:
    """Cases counted by `by` (year, month, unit, category, source, kind, state, priority,
    reporter_kind, asset, supplier, cause or imported:FIELD), with the sum of the imported field
    `total`."""
    reader: Actor = request.auth  # type: ignore[attr-defined]
    choice = Choice(since=since, until=until, incidents_only=incidents_only)
    rows: dict[str, Any] = {"rows": counted(reader, by, choice, total=total)}
    return rows | {"all": whole(reader, choice, total=total)}
