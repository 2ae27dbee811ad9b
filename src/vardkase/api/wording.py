"""The preparer's words in reports, and other actors' reports of the same event, over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.obligations.models import Entity, SisterReport, Wording
from vardkase.suppliers.models import Supplier
from vardkase.workflow.acting import NotNow
from vardkase.workflow.duties import own_entity
from vardkase.workflow.four_eyes import do
from vardkase.workflow.prefill import report
from vardkase.workflow.quoting import sister_reports
from vardkase.workflow.wording import Words, link_sister, terms_of, unlink_sister

from .door import actor, needs, once
from .fields import Id, Key, Line, Long, Number
from .obligations import one_of
from .problems import FAULTS

router = Router(tags=["duties to report"])
type Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
type Short = Annotated[Line, StringConstraints(max_length=200)]


class WordingIn(Schema):
    """How a field is to be; `text` null is as the case gives it."""

    model_config = ConfigDict(extra="forbid")
    text: Long | None = None
    later: bool = False
    secrecy: Short | None = Field(None, description="The provision; null leaves what is there.")
    entity: Id | None = None
    language: Literal["sv", "en"] = "sv"


class WordingOut(Schema):
    id: int
    field: str
    own_words: bool
    text: str
    later: bool
    secrecy: str
    at: datetime
    by: str


class SisterIn(Schema):
    """Another actor's report of the same event to an authority."""

    model_config = ConfigDict(extra="forbid")
    actor: Name
    regime: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,60}$")] = ""
    recipient: Short = ""
    reference: Short = ""
    reported_on: date | None = None
    entity: Id | None = None
    supplier: Id | None = None


class SisterOut(Schema):
    id: int
    actor: str
    regime: str
    recipient: str
    reference: str
    reported_on: date | None
    entity: int | None = Field(alias="entity_id")
    supplier: int | None = Field(alias="supplier_id")


class SisterList(Schema):
    items: list[SisterOut]


@router.post(
    "/events/{number}/obligations/{regime}/steps/{step}/fields/{field}",
    response={201: WordingOut, **FAULTS},
)
@needs("edit")
def reword(
    request: HttpRequest, number: str, regime: str, step: str, field: str, body: WordingIn,
    key: Key = None,
) -> Status[Wording]:  # fmt: skip
    """Word a field of a report; how it was worded before stays. To take its secrecy away takes two
    persons, and so a page."""
    by = actor(request)
    case, at = event(by, number, "edit"), timezone.now()
    entity = one_of(case, body.entity) or own_entity()
    now = report(case, step, at=at, language=body.language, regime=regime, entity=entity.pk)
    line = next((one for one in now.lines if one.field.id == field), None)
    if line is None:
        raise NotNow("no_such_field")
    secrecy = line.secrecy if body.secrecy is None else body.secrecy
    terms = terms_of(case, now, line, Words(body.text, body.later, secrecy))
    return Status(201, do("report.worded", terms, by=by, at=at, once=once(by, key)))


@router.get("/events/{number}/sister-reports", response={200: SisterList, **FAULTS})
@needs("read")
def sisters(request: HttpRequest, number: str) -> dict[str, Any]:
    """Other actors' reports of the same event."""
    return listed(event(actor(request), number))


@router.post("/events/{number}/sister-reports", response={201: SisterList, **FAULTS})
@needs("edit")
def link(request: HttpRequest, number: str, body: SisterIn, key: Key = None) -> Status[Any]:
    """Link another actor's report to the case; ours tell of it, and our duty stays."""
    by = actor(request)
    case, values = event(by, number, "edit"), body.model_dump()
    for name, model in (("entity", Entity), ("supplier", Supplier)):
        if values[name] is not None:
            values[name] = model.objects.get(pk=values[name])
    link_sister(case, values, by=by, at=timezone.now(), once=once(by, key))
    return Status(201, listed(case))


@router.post("/events/{number}/sister-reports/{pk}/end", response={200: SisterList, **FAULTS})
@needs("edit")
def unlink(request: HttpRequest, number: str, pk: Number, key: Key = None) -> dict[str, Any]:
    """It was not of this event after all."""
    by = actor(request)
    case = event(by, number, "edit")
    rows = SisterReport.objects.select_related("event__unit")
    row = rows.get(pk=pk, event=case)
    unlink_sister(row, by=by, at=timezone.now(), once=once(by, key))
    return listed(case)


def listed(case: Event) -> dict[str, Any]:
    return {"items": sister_reports(case)}
