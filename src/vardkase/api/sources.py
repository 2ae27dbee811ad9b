"""Sources to check over HTTP: which there are, and that one was looked at."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.vulnerabilities import queries
from vardkase.vulnerabilities.models import Check
from vardkase.workflow import checking

from .door import actor, needs
from .fields import Long, Number
from .problems import FAULTS

router = Router(tags=["vulnerabilities"])


class SourceOut(Schema):
    id: int = Field(validation_alias="source.pk")
    name: str = Field(validation_alias="source.name")
    address: str = Field(validation_alias="source.address")
    kind: str = Field(validation_alias="source.kind")
    days: int = Field(validation_alias="source.days")
    unit: int = Field(validation_alias="source.unit_id")
    role: str = Field(validation_alias="source.role")
    checked_at: datetime | None = Field(validation_alias="source.checked_at")
    due_at: datetime
    overdue: bool


class CheckIn(Schema):
    found: Long = Field("", description="Left out: nothing was new.")
    report: bool = Field(True, description="Report what was found as a vulnerability.")


class CheckOut(Schema):
    at: datetime
    found: str
    case: str = Field(description="Number of the event that it became; empty: none.")


@router.get("/sources", response={200: list[SourceOut], **FAULTS})
@needs(queries.WATCH)
def index(request: HttpRequest) -> list[queries.Standing]:
    """Sources to check, the one that is due first before others."""
    return queries.standings(queries.sources(actor(request)), timezone.now())


@router.post("/sources/{pk}/checks", response={201: CheckOut, **FAULTS})
@needs(queries.WATCH)
def check(request: HttpRequest, pk: Number, body: CheckIn) -> Status[Check]:
    """Somebody, or a program, has looked."""
    by, at = actor(request), timezone.now()
    source = queries.source(by, pk)
    return Status(201, checking.check(source, body.found, reports=body.report, by=by, at=at))
