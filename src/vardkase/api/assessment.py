"""Step 2 over HTTP: assess, merge, refer, ask. The work is the verb that the browser calls too."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from vardkase.access.actor import Actor
from vardkase.assessment import queries
from vardkase.assessment.models import Assessment, Merge, Referral, ReferralAnswer
from vardkase.assessment.rules import Judgement
from vardkase.events.models import Event, Message
from vardkase.events.queries import event
from vardkase.organisation.models import Person, Team, Unit
from vardkase.workflow import assess as step

from .door import needs
from .fields import Expected, Id, Line, PolicyCode, Text
from .problems import FAULTS

router = Router(tags=["step 2: assess"])

type Ordinal = Annotated[int, Field(ge=1, le=4, strict=True, description="4 highest to 1")]
type Aspect = Literal[
    "confidentiality", "integrity", "availability", "traceability", "authenticity"
]
type Effect = Literal["none", "suspected", "confirmed"]


class AssessmentIn(Schema):
    """A judgement; an incident needs impact and urgency, every outcome a reason."""

    outcome: Literal["confirmed_incident", "possible_incident", "not_incident"]
    impact: Ordinal | None = None
    urgency: Ordinal | None = None
    care_harm: bool = False
    category: PolicyCode = ""
    example: PolicyCode = ""
    effects: dict[Aspect, Effect] = {}
    criteria: Annotated[list[PolicyCode], Field(max_length=100)] = []
    reason: Text
    override: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    override_reason: Text | Literal[""] = ""
    expected: Expected | None = Field(
        None, description="Id of the assessment you saw last, 0 for none: 409 if there is a newer."
    )

    def judgement(self) -> Judgement:
        said = self.model_dump(exclude={"expected"})
        return Judgement(**said | {"criteria": tuple(self.criteria)})


class Rule(Schema):
    code: str
    sv: str
    en: str


class AssessmentOut(Schema):
    id: int
    outcome: str
    impact: int | None
    urgency: int | None
    care_harm: bool
    category: str
    effects: dict[str, str]
    criteria: list[str]
    reason: str
    override: int | None
    priority: int | None
    rules: list[Rule]
    policy: dict[str, str]
    at: datetime
    by: str


class MergeIn(Schema):
    into: Line
    reason: Line = ""


class MergeOut(Schema):
    number: str
    into: str
    state: str

    @classmethod
    def of(cls, report: Event, into: Event) -> "MergeOut":
        return cls(number=report.number, into=into.number, state=report.state)


class ReferralIn(Schema):
    """To a person, a team or those of a unit: one of the three."""

    person: Id | None = None
    team: Id | None = None
    unit: Id | None = None
    question: Text
    due_at: AwareDatetime


class ReferralOut(Schema):
    id: int
    question: str
    due_at: datetime


class Answer(Schema):
    text: Text


class Made(Schema):
    id: int


@router.post("/events/{number}/assessments", response={201: AssessmentOut, **FAULTS})
@needs("assess")
def create(request: HttpRequest, number: str, body: AssessmentIn) -> Status[Assessment]:
    """Judge an event; opens an incident if it may be one. Assessing again adds a row."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    made = step.assess(
        event(by, number, "assess"),
        body.judgement(),
        by=by,
        at=timezone.now(),
        expected=body.expected,
    )
    return Status(201, made)


@router.get("/events/{number}/assessments", response={200: list[AssessmentOut], **FAULTS})
@needs("read")
def history(request: HttpRequest, number: str) -> list[Assessment]:
    """Every assessment of the event, newest first."""
    return queries.history(event(request.auth, number))  # type: ignore[attr-defined]


@router.post("/events/{number}/merges", response={201: MergeOut, **FAULTS})
@needs("assess")
def merge(request: HttpRequest, number: str, body: MergeIn) -> Status[MergeOut]:
    """Let the report feed another case as well; the report keeps every word."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    report, into = event(by, number, "assess"), event(by, body.into, "assess")
    made = step.merge(report, into, reason=body.reason, by=by, at=timezone.now())
    return Status(201, MergeOut.of(made.event, made.into))


@router.post("/events/{number}/merges/{into}/undo", response={200: MergeOut, **FAULTS})
@needs("assess")
def unmerge(request: HttpRequest, number: str, into: str) -> MergeOut:
    """Undo a merge; after the last, the report stands as it did before."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    report, case = event(by, number, "assess"), event(by, into, "assess")
    merged = Merge.objects.select_related("event__unit", "into__unit")
    found = merged.get(event=report, into=case, undone_at=None)
    return MergeOut.of(step.unmerge(found, by=by, at=timezone.now()), case)


@router.post("/events/{number}/referrals", response={201: ReferralOut, **FAULTS})
@needs("assign")
def refer(request: HttpRequest, number: str, body: ReferralIn) -> Status[Referral]:
    """Transfer the assessment to somebody who knows, with a time to answer by."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    made = step.refer(
        event(by, number, "assign"),
        recipient(body),
        question=body.question,
        due_at=body.due_at,
        by=by,
        at=timezone.now(),
    )
    return Status(201, made)


def recipient(body: ReferralIn) -> step.Recipient:
    """Whom the body names; raises `DoesNotExist`."""
    if body.person:
        return step.Recipient(person=Person.objects.get(pk=body.person))
    if body.team:
        return step.Recipient(team=Team.objects.get(pk=body.team))
    return step.Recipient(unit=Unit.objects.get(pk=body.unit) if body.unit else None)


@router.post("/events/{number}/referrals/{pk}/answer", response={201: Made, **FAULTS})
@needs("comment")
def answer(request: HttpRequest, number: str, pk: int, body: Answer) -> Status[ReferralAnswer]:
    """Answer a referral; the event is back in the queue."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    found = queries.referral(event(by, number, "comment"), pk)
    made = step.answer_referral(found, body.text, by=by, at=timezone.now())
    return Status(201, made)


@router.post("/events/{number}/questions", response={201: Made, **FAULTS})
@needs("comment")
def ask(request: HttpRequest, number: str, body: Answer) -> Status[Message]:
    """Ask the reporter; the event waits for the answer."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    case = event(by, number, "comment")
    return Status(201, step.ask_reporter(case, body.text, by=by, at=timezone.now()))
