"""Information and communication over HTTP: whom to tell, the texts, their approval, what left."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.assessment.queries import history
from vardkase.communication import queries
from vardkase.communication.queries import Kept
from vardkase.communication.rules import Prompt
from vardkase.conclusions.sheet import sheet
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.obligations.models import Entity
from vardkase.workflow import inform, telling

from .door import actor, needs, once
from .fields import Expected, Key, Line, Number, Past, PolicyCode, Told
from .problems import FAULTS

router = Router(tags=["step 3: communication"])

type Short = Annotated[Line, Field(max_length=200)]
type Why = Annotated[Told, Field(max_length=500)]


class PromptOut(Schema):
    """An audience that policy proposes to tell, and nobody has answered for."""

    milestone: str
    audience: str
    since: datetime
    due_at: datetime
    sv: str
    en: str


class VerdictOut(Schema):
    approved: bool
    reason: str
    at: datetime
    by: str


class DispatchOut(Schema):
    sent_at: datetime
    channel: str
    recipients: str
    number: int | None
    unapproved_because: str
    at: datetime
    by: str


class TextOut(Schema):
    """A text for one audience as it stands; `version` is the text that counts."""

    id: int
    audience: str
    milestone: str
    state: Literal["draft", "returned", "approved", "ready", "sent"]
    version: int
    heading: str
    text: str
    at: datetime
    by: str
    verdict: VerdictOut | None
    sent: list[DispatchOut]


class ClockOut(Schema):
    """A law's step that wants the audience told; `submission` is its receipt once it is sent."""

    regime: str
    step: str
    entity: str
    submission: int | None


class LawOut(Schema):
    """What a text means for the laws: which clocks it stopped, which run on, who is left."""

    stopped: list[ClockOut]
    waits: list[ClockOut]
    untold: int = Field(description="So many are known not to have been told.")


class WaiverOut(Schema):
    milestone: str
    audience: str
    reason: str
    at: datetime
    by: str


class InformationOut(Schema):
    prompts: list[PromptOut]
    texts: list[TextOut]
    waived: list[WaiverOut]


class TextIn(Schema):
    heading: Annotated[Short, Field(min_length=1)]
    text: Told
    expected: Expected | None = Field(None, description="Id of the version that you read last.")


class WriteIn(TextIn):
    audience: PolicyCode
    milestone: PolicyCode = ""


class VerdictIn(Schema):
    approved: bool
    reason: Annotated[Line, Field(max_length=300)] = ""
    expected: Expected = Field(description="Id of the version that you read.")


class LeftIn(Schema):
    sent_at: Past
    channel: Annotated[Short, Field(min_length=1)]
    recipients: Line = ""
    number: int | None = Field(None, ge=0, le=100_000_000)
    unapproved_because: Why | Literal[""] = ""
    expected: Expected | None = None


class CompleteIn(Schema):
    reason: Why | Literal[""] = Field("", description="Why the rest cannot be told, if any.")


class WaiverIn(Schema):
    milestone: PolicyCode
    audience: PolicyCode
    reason: Why


def asked(one: Prompt) -> dict[str, Any]:
    return {
        "milestone": one.milestone, "audience": one.audience, "since": one.since,
        "due_at": one.due_at, "sv": one.row["sv"], "en": one.row["en"],
    }  # fmt: skip


def told(kept: Kept) -> dict[str, Any]:
    now = kept.version
    return {
        "id": kept.bulletin.pk, "audience": kept.bulletin.audience,
        "milestone": kept.bulletin.milestone, "state": kept.state, "version": now.pk,
        "heading": now.heading, "text": now.text, "at": now.at, "by": now.by,
        "verdict": kept.verdict, "sent": kept.dispatches,
    }  # fmt: skip


def found(request: HttpRequest, number: str, pk: int, action: str) -> Kept:
    case = event(actor(request), number, action)
    return queries.bulletin(case, pk, timezone.now())


def again(case: Event, pk: int) -> dict[str, Any]:
    return told(queries.bulletin(case, pk, timezone.now()))


@router.get("/events/{number}/information", response={200: InformationOut, **FAULTS})
@needs("read")
def index(request: HttpRequest, number: str) -> dict[str, Any]:
    """Who waits for word, every text with how it stands, and what was not needed."""
    case, at = event(actor(request), number), timezone.now()
    done, made = queries.answered(case), history(case)
    return {
        "prompts": [asked(one) for one in inform.asks(case, sheet(case), made, done, at)],
        "texts": [told(one) for one in queries.bulletins(case, at)],
        "waived": queries.waivers(case),
    }


@router.post("/events/{number}/information", response={201: TextOut, **FAULTS})
@needs("inform")
def write(request: HttpRequest, number: str, body: WriteIn, key: Key = None) -> Status[Any]:
    """Write a text for an audience; the media contact is told of one to outsiders."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "inform")
    said = inform.Written(**body.model_dump(exclude={"expected"}))
    made = inform.write(case, said, by=by, at=at, once=once(by, key))
    return Status(201, again(case, made.pk))


@router.post("/events/{number}/information/{pk}/versions", response={201: TextOut, **FAULTS})
@needs("inform")
def rewrite(
    request: HttpRequest, number: str, pk: Number, body: TextIn, key: Key = None
) -> Status[Any]:
    """Another text instead; it is approved anew."""
    by, at = actor(request), timezone.now()
    kept = found(request, number, pk, "inform")
    inform.rewrite(kept, by=by, at=at, once=once(by, key), **body.model_dump())
    return Status(201, again(kept.bulletin.event, pk))


@router.post("/events/{number}/information/{pk}/verdict", response={201: TextOut, **FAULTS})
@needs("approve_information")
def judge(
    request: HttpRequest, number: str, pk: Number, body: VerdictIn, key: Key = None
) -> Status[Any]:
    """Approve the text, or send it back with what is to be changed."""
    by, at = actor(request), timezone.now()
    kept = found(request, number, pk, "approve_information")
    inform.judge(kept, by=by, at=at, once=once(by, key), **body.model_dump())
    return Status(201, again(kept.bulletin.event, pk))


@router.post("/events/{number}/information/{pk}/sent", response={201: TextOut, **FAULTS})
@needs("inform")
def sent(
    request: HttpRequest, number: str, pk: Number, body: LeftIn, key: Key = None
) -> Status[Any]:
    """Write down that the text left, by which way and to whom."""
    by, at = actor(request), timezone.now()
    kept = found(request, number, pk, "inform")
    said = body.model_dump(exclude={"expected"})
    inform.record(
        kept, inform.Left(**said), by=by, at=at, expected=body.expected, once=once(by, key)
    )
    return Status(201, again(kept.bulletin.event, pk))


@router.get("/events/{number}/information/{pk}/law", response={200: LawOut, **FAULTS})
@needs("read")
def law(request: HttpRequest, number: str, pk: Number) -> dict[str, Any]:
    """The clocks of laws that the text stops or has stopped."""
    return of_law(found(request, number, pk, "read"), timezone.now())


@router.post("/events/{number}/information/{pk}/complete", response={201: LawOut, **FAULTS})
@needs("inform")
def complete(
    request: HttpRequest, number: str, pk: Number, body: CompleteIn, key: Key = None
) -> Status[Any]:
    """Everybody has been told, or the rest cannot be, and why: the clocks that waited stop."""
    by, at = actor(request), timezone.now()
    kept = found(request, number, pk, "inform")
    telling.complete(kept, body.reason, by=by, at=at, once=once(by, key))
    return Status(201, of_law(kept, at))


def of_law(kept: Kept, at: datetime) -> dict[str, Any]:
    case, audience = kept.bulletin.event, kept.bulletin.audience
    done = [(row.obligation, row.step, row.pk) for row in telling.proofs(case, kept.bulletin.pk)]
    return {
        "stopped": [a_clock(one.regime, step, one.entity, pk) for one, step, pk in done],
        "waits": [
            a_clock(one.judgement.regime, clock.step.id, one.entity)
            for one, clock in telling.waiting(case, audience, at)
        ],
        "untold": telling.left(case, audience),
    }


def a_clock(regime: str, step: str, entity: Entity, submission: int | None = None) -> ClockOut:
    return ClockOut(regime=regime, step=step, entity=entity.name, submission=submission)


@router.post("/events/{number}/information/waivers", response={201: WaiverOut, **FAULTS})
@needs("inform")
def waive(request: HttpRequest, number: str, body: WaiverIn, key: Key = None) -> Status[Any]:
    """Answer a prompt: they need not be told, and why."""
    by, at = actor(request), timezone.now()
    case, said = event(by, number, "inform"), body.model_dump()
    return Status(201, inform.waive(case, by=by, at=at, once=once(by, key), **said))
