"""Step 3 over HTTP: where a case stands, what is known, who takes part, which assets are hit."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.assets.models import Asset
from vardkase.conclusions.rules import missing
from vardkase.conclusions.sheet import Sheet, sheet
from vardkase.events.models import AssetLink, Event
from vardkase.events.queries import event
from vardkase.incidents.models import Milestone, Part, Relation, Situation
from vardkase.incidents.rules import Condition, current, steps
from vardkase.organisation.models import Person
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.workflow import handle
from vardkase.workflow.acting import mandates

from .actions import ActionOut
from .door import actor, needs, once
from .fields import Expected, Id, Key, Line, Number, Past, PolicyCode, Told
from .problems import FAULTS

router = Router(tags=["step 3: handle"])

type Short = Annotated[Line, Field(max_length=200)]


class ConditionOut(Schema):
    """A condition in both languages; while it does not hold, in the words of what to do."""

    code: str
    holds: bool
    sv: str
    en: str


class HandlingStep(Schema):
    code: str
    standing: Literal["past", "now", "ahead", "outside"]
    since: datetime | None
    until: datetime | None
    entry: list[ConditionOut]
    exit: list[ConditionOut]


class SituationOut(Schema):
    id: int = Field(validation_alias="pk")
    text: str
    at: datetime
    by: str


class RelationOut(Schema):
    id: int = Field(validation_alias="pk")
    threat: str
    unwanted_event: str
    vulnerability: str
    consequence: str
    at: datetime
    by: str


class MilestoneOut(Schema):
    """Reached, or taken back; the last one of a kind counts."""

    kind: Literal["under_control", "restored", "closed"]
    reached: bool
    reached_at: datetime
    criteria: list[str]
    reason: str
    left_open: dict[str, str]
    at: datetime
    by: str


class PartOut(Schema):
    id: int = Field(validation_alias="pk")
    part: str
    person: int
    at: datetime

    @staticmethod
    def resolve_person(row: Any) -> int:
        found: int = row.person_id if isinstance(row, Part) else row.person
        return found


class HitOut(Schema):
    id: int = Field(validation_alias="pk")
    name: str
    kind: str
    essential: bool
    fallback: str
    crisis_plan: str
    safeguards: str


class HandlingOut(Schema):
    """One case as it stands: `step` is 1 to 4, 5 when all are done."""

    number: str
    state: str
    step: int
    steps: list[HandlingStep]
    missing: list[ConditionOut] = Field(description="What closing the case asks a reason for.")
    situation: SituationOut | None
    relation: RelationOut | None
    milestones: list[MilestoneOut]
    actions: list[ActionOut]
    parts: list[PartOut]
    assets: list[HitOut]
    mandates: list[str] = Field(description="The roles in which the token may decide here.")
    names: dict[str, str] = Field(description="What those are called who stand as `by`.")


class SituationIn(Schema):
    text: Told
    expected: Expected | None = Field(
        None, description="Id of the situation you saw last, 0 for none: 409 if there is a newer."
    )


class RelationIn(Schema):
    """The chain from threat to consequence; what is not known is left out."""

    threat: Short = ""
    unwanted_event: Short = ""
    vulnerability: Short = ""
    consequence: Short = ""
    expected: Expected | None = Field(None, description="As for the situation.")


class HitIn(Schema):
    asset: Id


class LinkOut(Schema):
    asset: int = Field(alias="asset_id")
    at: datetime


class PartIn(Schema):
    person: Id
    part: PolicyCode = Field(description="A code of the policy `incidents.parts`.")


class MilestoneIn(Schema):
    """That it is reached: since when, by which criteria, on what ground."""

    reason: Told
    reached_at: Past | None = Field(None, description="Now, if left out.")
    criteria: Annotated[list[PolicyCode], Field(max_length=50)] = []

    def judged(self, at: datetime) -> handle.Judged:
        return handle.Judged(self.reason, self.reached_at or at, tuple(self.criteria))


class ReasonIn(Schema):
    reason: Told


class Ended(Schema):
    number: str


@router.get("/events/{number}/handling", response={200: HandlingOut, **FAULTS})
@needs("read")
def detail(request: HttpRequest, number: str) -> dict[str, Any]:
    """Where the case stands in the four steps, and all that hangs on it."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number)
    known = sheet(case)
    facts = known.facts(case)
    words = parameter("incidents.conditions").at(at).value
    return {
        "number": case.number,
        "state": case.state,
        "step": current(facts),
        "steps": [
            {
                "code": step.code,
                "standing": step.standing,
                "since": step.since,
                "until": step.until,
                "entry": [told(one, words) for one in step.entry],
                "exit": [told(one, words) for one in step.exit],
            }
            for step in steps(facts)
        ],
        "missing": [told(Condition(code, False), words) for code in missing(facts)],
        "situation": known.situation,
        "relation": known.relation,
        "milestones": known.milestones,
        "actions": known.actions,
        "parts": known.parts,
        "assets": known.assets,
        "mandates": mandates(case, "case.decided", by=reader),
        "names": names(writers(known)),
    }


def told(one: Condition, words: dict[str, Any]) -> dict[str, Any]:
    row, key = words[one.code], "" if one.holds else "todo_"
    return {
        "code": one.code,
        "holds": one.holds,
        "sv": row[f"{key}sv"],
        "en": row[f"{key}en"],
    }


def writers(known: Sheet) -> list[str]:
    rows: list[Any] = [known.situation, known.relation, *known.milestones, *known.actions]
    return [row.by for row in rows if row]


@router.post("/events/{number}/situation", response={201: SituationOut, **FAULTS})
@needs("edit")
def update(
    request: HttpRequest, number: str, body: SituationIn, key: Key = None
) -> Status[Situation]:
    """Write what is known now; the ones before stay."""
    by, at = actor(request), timezone.now()
    made = handle.update_situation(
        event(by, number, "edit"), body.text, by=by, at=at, expected=body.expected,
        once=once(by, key),
    )  # fmt: skip
    return Status(201, made)


@router.post("/events/{number}/relation", response={201: RelationOut, **FAULTS})
@needs("edit")
def draw(request: HttpRequest, number: str, body: RelationIn, key: Key = None) -> Status[Relation]:
    """Say what caused the event and what it led to; the ones before stay."""
    by, at = actor(request), timezone.now()
    chain = handle.Chain(**body.model_dump(exclude={"expected"}))
    made = handle.draw_relation(
        event(by, number, "edit"), chain, by=by, at=at, expected=body.expected, once=once(by, key)
    )
    return Status(201, made)


@router.post("/events/{number}/assets", response={201: LinkOut, **FAULTS})
@needs("edit")
def link(request: HttpRequest, number: str, body: HitIn) -> Status[AssetLink]:
    """The event hits the asset, or may hit it; said twice it stands once."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "edit")
    return Status(201, handle.link_asset(case, Asset.objects.get(pk=body.asset), by=by, at=at))


@router.post("/events/{number}/assets/{asset}/undo", response={200: Ended, **FAULTS})
@needs("edit")
def unlink(request: HttpRequest, number: str, asset: Number) -> Event:
    """The asset was not hit after all; the link stays in the history."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "edit")
    handle.unlink_asset(case, Asset.objects.get(pk=asset), by=by, at=at)
    return case


@router.post("/events/{number}/parts", response={201: PartOut, **FAULTS})
@needs("assign")
def give_part(request: HttpRequest, number: str, body: PartIn) -> Status[Part]:
    """Give somebody a part in the case; from now on that person may see it."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "assign")
    person = Person.objects.get(pk=body.person, is_active=True)
    return Status(201, handle.set_part(case, person, body.part, by=by, at=at))


@router.post("/events/{number}/parts/{pk}/end", response={200: Ended, **FAULTS})
@needs("assign")
def end_part(request: HttpRequest, number: str, pk: Number) -> Event:
    """Somebody leaves a part; the right to see the case is taken away apart from that."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "assign")
    held = Part.objects.select_related("incident__event__unit").get(pk=pk, incident__event=case)
    handle.end_part(held, by=by, at=at)
    return case


@router.post("/events/{number}/control", response={201: MilestoneOut, **FAULTS})
@needs("decide")
def control(
    request: HttpRequest, number: str, body: MilestoneIn, key: Key = None
) -> Status[Milestone]:
    """Judge that the incident is under control."""
    by, at = actor(request), timezone.now()
    case, mark = event(by, number, "decide"), once(by, key)
    made = handle.declare_under_control(case, body.judged(at), by=by, at=at, once=mark)
    return Status(201, made)


@router.post("/events/{number}/control/revoke", response={201: MilestoneOut, **FAULTS})
@needs("decide")
def control_lost(request: HttpRequest, number: str, body: ReasonIn) -> Status[Milestone]:
    """The incident is not under control any more."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "decide")
    return Status(201, handle.revoke_control(case, body.reason, by=by, at=at))


@router.post("/events/{number}/restoration", response={201: MilestoneOut, **FAULTS})
@needs("decide")
def restored(
    request: HttpRequest, number: str, body: MilestoneIn, key: Key = None
) -> Status[Milestone]:
    """Judge that the function is restored, which is not that the case is closed."""
    by, at = actor(request), timezone.now()
    case, mark = event(by, number, "decide"), once(by, key)
    made = handle.declare_restored(case, body.judged(at), by=by, at=at, once=mark)
    return Status(201, made)


@router.post("/events/{number}/restoration/revoke", response={201: MilestoneOut, **FAULTS})
@needs("decide")
def restoration_lost(request: HttpRequest, number: str, body: ReasonIn) -> Status[Milestone]:
    """The function is not restored any more."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "decide")
    return Status(201, handle.revoke_restored(case, body.reason, by=by, at=at))
