"""Step 4 over HTTP: conclusions with what follows from them, the end of a case, its reopening."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, ValidationInfo, field_validator

from vardkase.conclusions.models import Conclusion
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.incidents.models import Milestone
from vardkase.workflow import conclude as step

from .actions import ActionIn
from .door import actor, needs, once
from .fields import Expected, Key, Long, PolicyCode, Told
from .handling import MilestoneOut, ReasonIn
from .problems import FAULTS

router = Router(tags=["step 4: conclude"])
HISTORY = 200  # conclusions shown of one case

type Cause = Literal["negligence", "crime", "fault", "way_of_working", "outside", "unknown"]
type Answer = Literal["", "yes", "no", "unknown"]


class Improvement(ActionIn):
    """An action that keeps it from happening again."""

    kind: Literal["corrective", "preventive"] = "preventive"


class ConclusionIn(Schema):
    """Why it happened, how, what harm it did, what was learnt. Whoever answers whether data was
    disclosed or altered says how that is known."""

    cause_kind: Cause
    cause: Told
    course: Told
    lessons: Told
    direct_harm: Long = ""
    indirect_harm: Long = ""
    disclosed: Answer = ""
    altered: Answer = ""
    checked_how: Long = Field("", validate_default=True)
    improvements: Annotated[list[Improvement], Field(max_length=20)] = []
    expected: Expected | None = Field(
        None, description="Id of the conclusion you saw last, 0 for none: 409 if there is a newer."
    )

    @field_validator("checked_how")
    @classmethod
    def says_how(cls, told: str, info: ValidationInfo) -> str:
        if (info.data.get("disclosed") or info.data.get("altered")) and not told.strip():
            raise ValueError("say how you know")
        return told

    def review(self) -> step.Review:
        return step.Review(**self.model_dump(exclude={"improvements", "expected"}))


class ConclusionOut(Schema):
    id: int
    cause_kind: Cause
    cause: str
    course: str
    direct_harm: str
    indirect_harm: str
    disclosed: Answer
    altered: Answer
    checked_how: str
    lessons: str
    at: datetime
    by: str


class ClosingIn(Schema):
    """A reason for each condition that does not hold; `missing` of `/handling` names them."""

    reasons: dict[PolicyCode, Long] = Field(default_factory=dict, max_length=50)
    text: Long = ""


class Reopened(Schema):
    number: str
    state: str


@router.get("/events/{number}/conclusions", response={200: list[ConclusionOut], **FAULTS})
@needs("read")
def history(request: HttpRequest, number: str) -> list[Conclusion]:
    """Every conclusion of the case, newest first; the first one counts."""
    rows = Conclusion.objects.filter(incident__event=event(actor(request), number))
    return list(rows.order_by("-pk")[:HISTORY])


@router.post("/events/{number}/conclusions", response={201: ConclusionOut, **FAULTS})
@needs("edit")
def conclude(
    request: HttpRequest, number: str, body: ConclusionIn, key: Key = None
) -> Status[Conclusion]:
    """Write the conclusions and assign what follows; whoever assigns needs the right to that."""
    by, at = actor(request), timezone.now()
    made = step.conclude(
        event(by, number, "edit"), body.review(), [row.task() for row in body.improvements],
        by=by, at=at, expected=body.expected, once=once(by, key),
    )  # fmt: skip
    return Status(201, made)


@router.post("/events/{number}/closing", response={201: MilestoneOut, **FAULTS})
@needs("close")
def close(request: HttpRequest, number: str, body: ClosingIn) -> Status[Milestone]:
    """Close the case; 422 names what is missing and not explained."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "close")
    return Status(201, step.close(case, body.reasons, text=body.text, by=by, at=at))


@router.post("/events/{number}/reopening", response={201: Reopened, **FAULTS})
@needs("close")
def reopen(request: HttpRequest, number: str, body: ReasonIn) -> Status[Event]:
    """Open a closed case again: it stands as it was last judged."""
    by, at = actor(request), timezone.now()
    return Status(201, step.reopen(event(by, number, "close"), body.reason, by=by, at=at))
