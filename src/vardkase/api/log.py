"""The log of a case over HTTP: read it, write in it, decide."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.access.rules import allowed
from vardkase.conclusions.summary import from_microseconds, summary
from vardkase.decisionlog.faults import Row
from vardkase.decisionlog.queries import LAST, audible, said_in, speakers, tail
from vardkase.decisionlog.services import record_read
from vardkase.events.queries import event
from vardkase.lib import paging
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.workflow import handle

from .door import actor, needs, once
from .fields import Cursor, Key, Limit, Line, Past, PolicyCode, Told
from .problems import FAULTS

router = Router(tags=["the log of a case"])
NEWEST = paging.Order(("place",), falling=True)


class EntryOut(Schema):
    """One entry: when it happened, when it was written, who, what, on which grounds."""

    place: int
    at: datetime
    written_at: datetime
    by: str
    kind: str
    sv: str
    en: str
    facts: dict[str, Any]
    grounds: list[str]
    digest: str


class EntryPage(Schema):
    """Newest first. `items` may be fewer than asked for: go on until `next` is null."""

    items: list[EntryOut]
    next: str | None
    names: dict[str, str] = Field(description="What those are called whom the entries name.")


class NoteIn(Schema):
    text: Told
    at: Past | None = Field(None, description="When it happened; now, if left out.")


class DecisionIn(NoteIn):
    role: PolicyCode = Field("", description="The role whose mandate it stands on.")
    appointment: Annotated[Line, Field(max_length=200)] = Field(
        "", description="A special mandate that it stands on as well."
    )


class NoteOut(Schema):
    number: str
    at: datetime


class DecisionOut(NoteOut):
    role: str


@router.get("/events/{number}/log", response={200: EntryPage, **FAULTS})
@needs("read")
def index(
    request: HttpRequest, number: str, after: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """The log that the token may read, newest first."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number)
    before = paging.read(after, NEWEST)[0] if after else LAST
    rows = tail(case.number, most=limit + 1, before=before)
    more, rows = len(rows) > limit, rows[:limit]
    seen = audible(rows, full=allowed(reader, "read_log", case.scope()), at=at)
    kinds = parameter("decisions").at(at).value
    return {
        "items": [told(row, kinds.get(row.kind, {})) for row in seen],
        "next": paging.write(rows[-1], NEWEST) if more else None,
        "names": names(speakers(seen)),
    }


def told(row: Row, kind: dict[str, str]) -> dict[str, Any]:
    said = said_in(row)
    return {
        "place": row.place,
        "at": from_microseconds(row.at),
        "written_at": from_microseconds(row.written_at),
        "by": row.by,
        "kind": row.kind,
        "sv": kind.get("sv", row.kind),
        "en": kind.get("en", row.kind),
        "facts": said.get("facts", {}),
        "grounds": said.get("grounds", []),
        "digest": row.digest,
    }


@router.post("/events/{number}/notes", response={201: NoteOut, **FAULTS})
@needs("comment")
def note(
    request: HttpRequest, number: str, body: NoteIn, key: Key = None
) -> Status[dict[str, Any]]:
    """Write in the log, now or about an earlier moment."""
    by, at = actor(request), timezone.now()
    when = body.at or at
    handle.note(event(by, number, "comment"), body.text, by=by, at=when, once=once(by, key))
    return Status(201, {"number": number, "at": when})


@router.post("/events/{number}/decisions", response={201: DecisionOut, **FAULTS})
@needs("decide")
def decide(
    request: HttpRequest, number: str, body: DecisionIn, key: Key = None
) -> Status[dict[str, Any]]:
    """Write a decision with the mandate it stands on; without `role` the first that is held."""
    by, at = actor(request), timezone.now()
    when = body.at or at
    used = handle.decide(
        event(by, number, "decide"), body.text, role=body.role, appointment=body.appointment,
        by=by, at=when, once=once(by, key),
    )  # fmt: skip
    return Status(201, {"number": number, "at": when, "role": used})


@router.get("/events/{number}/summary", response={200: dict[str, Any], **FAULTS})
@needs("export")
def export(request: HttpRequest, number: str) -> dict[str, Any]:
    """What, when, who, decisions: all that the token may be told. The log says it was taken out."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "export")
    data = summary(reader, case, at=at)
    record_read("export.made", scope=case.scope(), by=reader, at=at, format="json", name="summary")
    return data
