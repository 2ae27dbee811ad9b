"""Grave incidents wake somebody: the duty officer, and the next in line until one has seen it.

Whoever is told need not ask for leave first, but nobody is told of a case that he may not follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment.models import Assessment
from vardkase.decisionlog.services import decision
from vardkase.delivery.models import Notice
from vardkase.delivery.services import Occasion, seen, tell
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.incidents.models import Part
from vardkase.lib.each import each
from vardkase.organisation.duty import called_in_crisis
from vardkase.organisation.models import Duty, Grant, Person
from vardkase.organisation.queries import actor_of, in_force, turns_at
from vardkase.policy.parameter import parameter

from .acting import NotNow, mandates

AHEAD = timedelta(days=7)  # of the roster: who comes next may be asked to step in
HANDED_OVER = ("handover", "handed_back")  # the lead of a case, by `workflow.lead`
KINDS = ("alarm", "passed_on", *HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Plan:
    """The organisation's own rule for who is told, and how soon the next is."""

    priorities: list[int]
    minutes: list[int]
    then: list[str]
    back: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, at: datetime) -> "Plan":
        return cls(**parameter("alarm").at(at).value)

    def wait(self, priority: int) -> timedelta:
        place = min(priority, len(self.minutes)) - 1
        return timedelta(minutes=self.minutes[place])


def raise_alarm(case: Event, made: Assessment, *, before: Assessment | None) -> list[Notice]:
    """Tell the first in line of a case that has become grave; inside the assessment's decision.

    A case that was as grave before has been told of already.
    """
    plan, at = Plan.at(made.at), made.at
    if not case_is_grave(made, plan) or as_grave(made, before, plan):
        return []
    first = next(ladder(case, plan, at), None)
    if first is None:
        return []
    return tell(occasion(case, "alarm", plan, mark=str(made.pk)), [first], at=at)


def case_is_grave(made: Assessment, plan: Plan) -> bool:
    return made.outcome != "not_incident" and made.priority in plan.priorities


def as_grave(made: Assessment, before: Assessment | None, plan: Plan) -> bool:
    """Whether the case stood as high before this assessment."""
    if before is None or not case_is_grave(before, plan):
        return False
    return (before.priority or 9) <= (made.priority or 9)


def occasion(case: Event, kind: str, plan: Plan, *, mark: str) -> Occasion:
    return Occasion(
        once=f"alarm:{case.number}:{mark}",
        kind=kind,
        path=f"/arenden/{case.number}",
        case=case.number,
        priority=case.priority,
        loud=True,
        discreet=case.is_discreet,
        answer_within=plan.wait(case.priority),
    )


def ladder(case: Event, plan: Plan, at: datetime, *, kind: str = "alarm") -> Iterator[Person]:
    """Whom to tell, in order, each once: on duty, next on the roster, then those of the roles.

    A lead that is handed over goes to the crisis organisation's own roster first (S2-093). The
    lead that comes back goes to the incident's managers and the roles of `back`.
    """
    scope, told = case.scope(), set[int]()
    crisis = called_in_crisis(at, AHEAD) if kind == "handover" else ()
    line = managing(case, plan, at) if kind == "handed_back" else chain(crisis, in_line(plan, at))
    for person in line:
        if person.pk not in told and person.is_active:
            told.add(person.pk)
            if allowed(actor_of(person, at), "read", scope):
                yield person


def in_line(plan: Plan, at: datetime) -> Iterator[Person]:
    for turn in turns_at(at).select_related("person").order_by("-since"):
        yield turn.person
    ahead = Duty.objects.filter(since__gt=at, since__lte=at + AHEAD, team=None, cancelled_at=None)
    for turn in ahead.select_related("person").order_by("since"):
        yield turn.person
    yield from holders(plan.then, at)


def managing(case: Event, plan: Plan, at: datetime) -> Iterator[Person]:
    parts = Part.objects.filter(incident__event=case, part="incident_manager", ended_at=None)
    for part in parts.select_related("person").order_by("-pk"):
        yield part.person
    yield from holders(plan.back, at)


def holders(roles: list[str], at: datetime) -> Iterator[Person]:
    for role in roles:
        held = Grant.objects.filter(in_force(at), role=role).select_related("person")
        for grant in held.order_by("unit__path", "pk"):
            yield grant.person


def acknowledge(notice: Notice, *, at: datetime) -> bool:
    """The one who was told has seen it; whether it was the first time. Stands in the case's log."""
    if notice.person is None:  # a team's: whoever holds the link has seen it for all of them
        return seen(notice, by=f"g{notice.team_id}", at=at)
    by = actor_of(notice.person, at)
    case = Event.objects.select_related("unit").filter(number=notice.case).first()
    if case is None or not mandates(case, "alarm.acknowledged", by=by):
        return seen(notice, by=by.key, at=at)
    with decision("alarm.acknowledged", scope=case.scope(), by=by, at=at) as log:
        first = seen(notice, by=by.key, at=at)
        log.note(notice=notice.pk, first=first)
    return first


def pass_on(at: datetime) -> int:
    """Tell the next in line of every alarm that nobody has seen in time; how many were told."""
    after_a_clock_turned_back(at)
    late = Notice.objects.filter(answer_by__lte=at, seen_at=None, passed_on_at=None)
    rows = late.filter(kind__in=KINDS).values_list("pk", flat=True)[:200]
    return each(list(rows), lambda pk: pass_one_on(pk, at))


def after_a_clock_turned_back(at: datetime) -> None:
    """No answer is waited for longer than the plan ever says: count anew from now."""
    plan = Plan.at(at)
    longest = timedelta(minutes=max(plan.minutes))
    open_ones = Notice.objects.filter(seen_at=None, passed_on_at=None, kind__in=KINDS)
    open_ones.filter(answer_by__gt=at + longest).update(answer_by=at + longest)


@transaction.atomic
def pass_one_on(pk: int, at: datetime) -> int:
    """One alarm, unless another worker has it in hand."""
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    notice = rows.filter(pk=pk, seen_at=None, passed_on_at=None).first()
    if notice is None:
        return 0
    case = Event.objects.select_related("unit").filter(number=notice.case).first()
    Notice.objects.filter(pk=pk).update(passed_on_at=at)
    if case is None or answered(notice) or case.state in ("closed", "not_incident", "merged"):
        return 0
    plan, root = Plan.at(at), notice.once.split(":")[2]
    before = set(of_alarm(notice).values_list("person", flat=True))
    kind = notice.kind if notice.kind in HANDED_OVER else "passed_on"
    line = ladder(case, plan, at, kind=kind)
    following = next((p for p in line if p.pk not in before), None)
    with decision("alarm.passed_on", scope=case.scope(), by=Actor.system(at), at=at) as log:
        made = tell(occasion(case, kind, plan, mark=root), [following] if following else [], at=at)
        log.note(unseen_by=f"p{notice.person_id}", told=[n.person.key for n in made if n.person])
    return len(made)


def of_alarm(notice: Notice) -> QuerySet[Notice]:
    """Every notice of the same alarm, to whomever."""
    prefix = ":".join(notice.once.split(":")[:3]) + ":"
    return Notice.objects.filter(once__startswith=prefix)


def answered(notice: Notice) -> bool:
    """Whether somebody has seen this alarm, whoever of those who were told."""
    return of_alarm(notice).exclude(seen_at=None).exists()


def hand_over(event: Event, to: Person, *, reason: str, by: Actor, at: datetime) -> list[Notice]:
    """Let somebody else follow the case instead (S2-096); he is told at once.

    Raises `NotNow` if he could not open it.
    """
    if not any(allowed(a, "read", event.scope()) for a in circle.actors(Q(pk=to.pk), at)):
        raise NotNow("cannot_work_there")
    with decision("alarm.handed_over", scope=event.scope(), by=by, at=at) as log:
        plan = Plan.at(at)
        mark = f"{by.key}-{int(at.timestamp())}"
        made = tell(occasion(event, "alarm", plan, mark=mark), [to], at=at)
        mine = Notice.objects.filter(case=event.number, person=by.person, kind__in=KINDS)
        for notice in mine.filter(seen_at=None):
            seen(notice, by=by.key, at=at)
        log.note(to=to.key, reason=reason)
    return made
