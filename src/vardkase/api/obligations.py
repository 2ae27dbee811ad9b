"""Duties to report over HTTP: what every regime says of a case, what is asked, decided, sent."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field

from vardkase.access.actor import Actor
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.obligations.models import Entity, Submission
from vardkase.policy.clocks import Clock
from vardkase.policy.facts import HIGHEST, LONGEST, MOST
from vardkase.policy.judge import plain
from vardkase.workflow import level, oblige
from vardkase.workflow.duties import Standing, ask, entities, standings
from vardkase.workflow.paper import file_of
from vardkase.workflow.prefill import report

from .door import actor, needs, once
from .fields import Id, Key, Line, Number, Past, PolicyCode, Told, refuse_unstorable
from .problems import FAULTS
from .shapes import StepReportOut

router = Router(tags=["duties to report"])

type Outcome = Literal["report", "no_report"]
type Short = Annotated[Line, Field(max_length=200)]
type Fact = Annotated[str, Field(pattern=r"^[a-z0-9_.:\[\]-]{1,100}$")]
type FactText = Annotated[str, Field(max_length=LONGEST), AfterValidator(refuse_unstorable)]
type FactNumber = Annotated[int | float, Field(ge=0, le=HIGHEST, allow_inf_nan=False)]
type FactList = Annotated[list[Line], Field(max_length=MOST)]
type FactValue = bool | FactNumber | FactText | FactList | None


class RulingOut(Schema):
    outcome: Outcome
    reason: str
    signer: str
    number: str
    at: datetime
    by: str


class ReplyOut(Schema):
    text: str
    reference: str
    at: datetime
    by: str


class ReceiptOut(Schema):
    id: int
    step: str
    sent_at: datetime
    recipient: str
    channel: str
    reference: str = Field(alias="known_as", description="The number the authority gave last.")
    signer: str
    unsigned_because: str
    digest: str
    answer: str = Field("", alias="last_reply.text", description="The last of `replies`.")
    answered_at: datetime | None = Field(None, alias="last_reply.at")
    information: int | None = Field(None, description="The text that was its proof, if one was.")
    replies: list[ReplyOut]


class StepOut(Schema):
    """`due` is a time, or the word for why there is none. `state`: running, late or sent."""

    id: str
    due: str
    recipient: str | None
    state: Literal["running", "late", "sent", "stopped"]
    asap: bool | None = None
    on_request: bool | None = None
    waits_for: str | None = None
    unverified: list[str] = Field(
        description="Rows of law that nobody has checked against the source."
    )


class ObligationOut(Schema):
    """One regime's answer for one entity, with what was decided and sent."""

    entity: str
    regime: str
    version: str | None
    verdict: Literal["reportable", "not_reportable", "undetermined", "excluded", "not_applicable"]
    hits: list[str]
    unknown: list[str]
    ask: list[str]
    steps: list[StepOut]
    sources: list[dict[str, Any]]
    always: list[str] = Field(description="Duties that hold without a report too, as a register.")
    supervisors: list[str] = Field(description="By sector and county; no step is sent to them.")
    state: Literal["open", "decided", "declined", "nothing_due"]
    ruling: RulingOut | None
    authority_view: RulingOut | None
    receipts: list[ReceiptOut]


class ObligationsOut(Schema):
    items: list[ObligationOut]
    ask: list[str] = Field(description="What is unknown and matters, the worst clock's first.")


class FactsIn(Schema):
    """Answers by the names of the catalogue of facts; null takes an answer back."""

    facts: dict[Fact, FactValue] = Field(min_length=1, max_length=100)
    entity: Id | None = None


class LevelIn(Schema):
    level: int = Field(ge=1, le=5, strict=True)
    reason: Annotated[Told, Field(max_length=1000)]
    entity: Id | None = None


class RulingIn(Schema):
    outcome: Outcome
    reason: Told
    signer: Annotated[Line, Field(max_length=200)] = Field("", description="Who signs for it.")
    number: Annotated[Line, Field(max_length=100)] = Field("", description="Our number of it.")
    entity: Id | None = None
    of_authority: bool = Field(False, description="It is the authority's own view, not ours.")


class SentIn(Schema):
    sent_at: Past
    recipient: Line
    channel: Short = ""
    reference: Short = ""
    prepared_by: PolicyCode = Field("", description="The one who prepared it, `p17`; not you.")
    alone_because: Line = Field("", description="Why one person prepared and sent.")
    late_reason: Line = ""
    past_because: Line = Field("", description="Why not through the data protection officer.")
    signer: Short = Field("", description="Who of the entity's signers approved the report.")
    unsigned_because: Line = Field("", description="Why none of them did, where one should.")
    entity: Id | None = None


class SentOut(Schema):
    id: int
    digest: str


class ReplyIn(Schema):
    text: Told
    reference: Line = ""


@router.get("/events/{number}/obligations", response={200: ObligationsOut, **FAULTS})
@needs("read")
def index(request: HttpRequest, number: str) -> dict[str, Any]:
    """What every regime says now, the worst clock first."""
    at = timezone.now()
    found = standings(event(actor(request), number), at)
    return {"items": [told(one, at) for one in found], "ask": ask(found)}


def told(one: Standing, at: datetime) -> dict[str, Any]:
    said = plain(one.judgement)
    steps = [
        step | {"state": state(one, step, at), "unverified": unverified(clock)}
        for step, clock in zip(said["steps"], one.judgement.clocks, strict=True)
    ]
    rulings = {"ruling": one.ruling, "authority_view": one.view, "receipts": one.submissions}
    beside = {
        "always": [duty.id for duty in one.judgement.always],
        "supervisors": one.judgement.supervisors,
    }
    own = {"entity": one.entity.name, "steps": steps, "state": one.state}
    return said | own | beside | rulings


def unverified(clock: Clock) -> list[str]:
    return sorted({ground.ref for ground in clock.grounds if ground.status != "verified"})


def state(one: Standing, step: dict[str, Any], at: datetime) -> str:
    if one.done(step["id"]):
        return "sent"
    if not one.runs:
        return "stopped"
    clock = next(c for c in one.judgement.clocks if c.step.id == step["id"])
    return "late" if clock.due and clock.due < at else "running"


@router.post("/events/{number}/facts", response={200: ObligationsOut, **FAULTS})
@needs("edit")
def answer(request: HttpRequest, number: str, body: FactsIn, key: Key = None) -> dict[str, Any]:
    """Answer facts; every regime is judged anew, and its clocks are moved."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "edit")
    who = one_of(case, body.entity)
    oblige.answer(case, body.facts, entity=who, by=by, at=at, once=once(by, key))
    found = standings(case, at)
    return {"items": [told(one, at) for one in found], "ask": ask(found)}


@router.post("/events/{number}/enisa-level", response={201: ObligationsOut, **FAULTS})
@needs("assess")
def decide_level(request: HttpRequest, number: str, body: LevelIn, key: Key = None) -> Status[Any]:
    """Decide the ENISA level, with a reason; every regime is judged anew."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "assess")
    who = one_of(case, body.entity)
    level.decide_level(case, body.level, body.reason, entity=who, by=by, at=at, once=once(by, key))
    found = standings(case, at)
    return Status(201, {"items": [told(one, at) for one in found], "ask": ask(found)})


@router.post("/events/{number}/obligations/{regime}/decision", response={201: RulingOut, **FAULTS})
@needs("report_authority")
def decide(
    request: HttpRequest, number: str, regime: str, body: RulingIn, key: Key = None
) -> Status[Any]:
    """Decide to report or not, with a reason."""
    by, case, at = acting(request, number)
    made = oblige.rule(
        case, regime, body.outcome, body.reason, entity=one_of(case, body.entity),
        of_authority=body.of_authority, signer=body.signer, number=body.number, by=by, at=at,
        once=once(by, key),
    )  # fmt: skip
    return Status(201, made)


@router.post(
    "/events/{number}/obligations/{regime}/steps/{step}", response={201: SentOut, **FAULTS}
)
@needs("report_authority")
def sent(
    request: HttpRequest, number: str, regime: str, step: str, body: SentIn, key: Key = None
) -> Status[Any]:
    """A step was sent: its clock stops, and those that count from it start."""
    by, case, at = acting(request, number)
    said = body.model_dump(exclude={"entity"})
    what = oblige.Sent(step=step, **said)
    made = oblige.record_sent(
        case, regime, what, entity=one_of(case, body.entity), by=by, at=at, once=once(by, key)
    )
    return Status(201, {"id": made.pk, "digest": made.digest})


@router.post("/events/{number}/submissions/{pk}/reply", response={200: ReceiptOut, **FAULTS})
@needs("report_authority")
def reply(
    request: HttpRequest, number: str, pk: Number, body: ReplyIn, key: Key = None
) -> Submission:
    """What the authority answered, and its number."""
    by, case, at = acting(request, number)
    rows = Submission.objects.select_related("obligation__event__unit")
    made = rows.get(pk=pk, obligation__event=case)
    said = body.model_dump()
    oblige.record_reply(made, by=by, at=at, once=once(by, key), **said)
    return made


def acting(request: HttpRequest, number: str) -> tuple[Actor, Event, datetime]:
    by = actor(request)
    return by, event(by, number, "report_authority"), timezone.now()


def one_of(case: Event, pk: int | None) -> Entity | None:
    """The entity of that number that the case strikes; none is the organisation itself."""
    if pk is None:
        return None
    found = next((one for one in entities(case) if one.pk == pk), None)
    if found is None:
        raise Entity.DoesNotExist
    return found


@router.get(
    "/events/{number}/obligations/{step}/report.{kind}",
    response={200: StepReportOut, **FAULTS}, by_alias=True,
)  # fmt: skip
@needs("export")
def taken_out(
    request: HttpRequest, number: str, step: str, kind: Literal["pdf", "json", "txt"],
    regime: str = "", entity: int = 0, language: Literal["sv", "en"] = "sv",
) -> HttpResponse:  # fmt: skip
    """A step's report filled from the case. That it was taken out stands in the log first."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "export")
    made = report(case, step, at=at, language=language, regime=regime, entity=entity)
    name = f"{made.standing.judgement.regime} {step}"
    record_read("export.made", scope=case.scope(), by=by, at=at, format=kind, name=name)
    content, media_type = file_of(made, kind)
    shown = {"Content-Disposition": f'attachment; filename="{number}-{step}.{kind}"'}
    return HttpResponse(content, media_type, headers=shown)
