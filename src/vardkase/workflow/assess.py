"""Step 2 of the instruction: judge an event, join it with another, or pass it to one who knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment import queries, rules, services
from vardkase.assessment.ground import Ground
from vardkase.assessment.models import Assessment, Merge, Referral, ReferralAnswer
from vardkase.decisionlog.services import Draft, decision
from vardkase.events import circle
from vardkase.events.models import Event, Message
from vardkase.events.standing import answered, asked, under_lock
from vardkase.incidents.models import Incident
from vardkase.organisation.models import Person, Team, Unit

from .alarm import raise_alarm

LONGEST_WAIT = timedelta(days=366)


class Unsound(ValueError):
    """The judgement is no assessment yet; `faults` names the fields."""

    def __init__(self, faults: list[rules.Fault]) -> None:
        super().__init__(", ".join(f"{fault.field}: {fault.code}" for fault in faults))
        self.faults = faults


class Conflict(RuntimeError):
    """Somebody assessed the event after the assessor had read it."""

    def __init__(self, latest: Assessment) -> None:
        super().__init__(f"assessed by {latest.by} at {latest.at}")
        self.latest = latest


class Refused(ValueError):
    """The case does not stand so that this can be done; `code` picks the sentence that says it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an assessment is referred to: a person, a team, or those of a unit."""

    person: Person | None = None
    team: Team | None = None
    unit: Unit | None = None

    def people(self) -> Q:
        """Conditions on a person."""
        if self.person:
            return Q(pk=self.person.pk)
        if self.team:
            return Q(teams__team=self.team)
        return Q(unit__path__startswith=self.unit.path) if self.unit else Q(pk__in=[])


def preview(
    event: Event, judgement: rules.Judgement, *, at: datetime
) -> tuple[rules.Priority | None, list[rules.Fault]]:
    """What `assess` would make of the judgement, and what it would find wrong. Changes nothing."""
    ground = Ground.at(at)
    faults = rules.faults(judgement, ground)
    if any(fault.field in ("impact", "urgency") and fault.criterion is None for fault in faults):
        return None, faults
    return rules.weigh(judgement, queries.facts(event, ground), ground), faults


def assess(
    event: Event,
    judgement: rules.Judgement,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
) -> Assessment:
    """Judge the event by the organisation's scales; opens an incident if it may be one.

    `expected` is the assessment that the assessor saw last, 0 if there was none, and None if he
    does not say. Raises `Unsound`, `Conflict` and `Refused`.
    """
    kind, ground = "event.assessed", Ground.at(at)
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        refuse_unless_open(case)
        if faults := rules.faults(judgement, ground):
            raise Unsound(faults)
        before = queries.latest(case)
        refuse_unseen(before, expected)
        facts = queries.facts(case, ground)
        priority = rules.weigh(judgement, facts, ground)
        made = Assessment.of(
            case, judgement, priority, facts=facts, ground=ground, by=by.key, at=at
        )
        made.save()
        services.stand(case, judgement, priority)
        if judgement.is_incident:
            Incident.objects.get_or_create(event=case, defaults={"opened_at": at})
        for version in ground.versions():
            log.cite(version)
        fired = [rule["code"] for rule in made.rules]
        told = [n.person.key for n in raise_alarm(case, made, before=before) if n.person]
        log.note(**asdict(judgement), priority=made.priority, rules=fired, told=told)
    return made


def refuse_unless_open(case: Event) -> None:
    if case.state in (Event.State.MERGED, Event.State.CLOSED):
        raise Refused(case.state)


def refuse_unseen(latest: Assessment | None, expected: int | None) -> None:
    if expected is not None and latest is not None and latest.pk != expected:
        raise Conflict(latest)


def merge(event: Event, into: Event, *, reason: str = "", by: Actor, at: datetime) -> Merge:
    """Let a report feed another case; both logs tell. One report may feed several cases."""
    if event.pk == into.pk:
        raise Refused("itself")
    with in_both("event.merged", event, into, by=by, at=at) as (log, there):
        case = under_lock(event, "event.merged", by=by)
        target = under_lock(into, "event.merged", by=by)
        refuse_merge(case, target)
        made = services.join(case, target, reason=reason, by=by, at=at)
        log.note(into=named_in(case, target), reason=reason)
        open_there = named_in(target, case)
        there.note(report=open_there, reason=reason if open_there else "")
    return made


def named_in(case: Event, other: Event) -> str:
    """What the log of `case` calls `other`: nothing, if that bears labels which whoever reads
    `case` need not be cleared for."""
    return other.number if set(other.labels) <= set(case.labels) else ""


def refuse_merge(case: Event, into: Event) -> None:
    if case.state == Event.State.CLOSED or into.state == Event.State.CLOSED:
        raise Refused("closed")
    if into.state == Event.State.MERGED:
        raise Refused("into_merged")
    if case.sealed != into.sealed:
        raise Refused("sealed_apart")
    if case.merges.filter(into=into, undone_at=None).exists():
        raise Refused("merged_before")


def unmerge(merged: Merge, *, by: Actor, at: datetime) -> Event:
    """Undo a merge; when it was the report's last, it stands as it did before."""
    event, into = merged.event, merged.into
    with in_both("event.unmerged", event, into, by=by, at=at) as (log, there):
        again = Merge.objects.select_related("event").get(pk=merged.pk)
        if again.undone_at is not None:
            raise Refused("unmerged_before")
        case = services.part(again, at=at)
        log.note(out_of=named_in(event, into), state=case.state)
        there.note(report=named_in(into, event))
    return case


@contextmanager
def in_both(
    kind: str, event: Event, into: Event, *, by: Actor, at: datetime
) -> Iterator[tuple[Draft, Draft]]:
    """One decision in two cases: both logs tell, or neither.

    Entered in the order of their numbers, so that two merges the other way round do not lock
    each other out.
    """
    first, second = sorted((event, into), key=lambda case: case.number)
    with (
        decision(kind, scope=first.scope(), by=by, at=at) as one,
        decision(kind, scope=second.scope(), by=by, at=at) as other,
    ):
        yield (one, other) if first is event else (other, one)


def refer(
    event: Event, to: Recipient, *, question: str, due_at: datetime, by: Actor, at: datetime
) -> Referral:
    """Transfer the assessment to whoever knows, who may see the case from now on.

    Raises `Refused` if nobody there could answer, or if the time is past or more than a year off.
    """
    kind = "event.referred"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        refuse_unless_open(case)
        refuse_due(due_at, at)
        added = let_in(case, to, at=at)
        made = Referral.objects.create(
            event=case,
            person=to.person,
            team=to.team,
            unit=to.unit,
            question=question,
            due_at=due_at,
            at=at,
            by=by.key,
        )
        asked(case)
        log.note(
            to=str(to.person.key if to.person else to.team or to.unit),
            question=question,
            due_at=due_at.isoformat(),
            members=[f"p{pk}" for pk in added],
        )
    return made


def refuse_due(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise Refused("due_passed")
    if due_at > at + LONGEST_WAIT:
        raise Refused("due_too_far")


def let_in(case: Event, to: Recipient, *, at: datetime) -> list[int]:
    """Make members of those who could answer only as such; their ids."""
    scope, able, added = case.scope(), 0, list[int]()
    for actor in circle.actors(to.people(), at):
        person = actor.person or 0
        as_member = replace(scope, members=scope.members | {person})
        if allowed(actor, "comment", scope):
            able += 1
        elif allowed(actor, "comment", as_member):
            added.append(person)
    if not able and not added:
        raise Refused("nobody_can_answer")
    if added:
        case.members = sorted({*case.members, *added})
        case.save(update_fields=["members"])
    return added


def answer_referral(referral: Referral, text: str, *, by: Actor, at: datetime) -> ReferralAnswer:
    """What the one who knows says, part of the record; the case is back in the queue."""
    event, kind = referral.event, "referral.answered"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        if ReferralAnswer.objects.filter(referral=referral).exists():
            raise Refused("answered_before")
        made = ReferralAnswer.objects.create(referral=referral, text=text, at=at, by=by.key)
        answered(case)
        log.note(referral=referral.pk, answer=text)
    return made


def ask_reporter(event: Event, text: str, *, by: Actor, at: datetime) -> Message:
    """Ask whoever reported; the case waits until he answers or is judged anyway."""
    kind = "question.asked"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        made = Message.objects.create(event=case, from_reporter=False, text=text, at=at, by=by.key)
        asked(case)
        log.note(question=text)
    return made
