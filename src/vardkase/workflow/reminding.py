"""Nobody misses a deadline: reminders at set shares of the time, and lateness written down.

Any number of workers may tick; each clock is taken by one. A clock that jumps, or a worker that
slept, gives one reminder of the latest share, never several at once and never the same twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import allowed
from vardkase.decisionlog.services import decision
from vardkase.delivery.services import Occasion, tell
from vardkase.lib.each import each
from vardkase.obligations.models import Deadline
from vardkase.organisation.models import Grant, Person
from vardkase.organisation.queries import actor_of, in_force, on_duty
from vardkase.policy.parameter import NotInForce, parameter
from vardkase.policy.regime_files import regime

from . import alarm

LOUD_FROM = 0.9  # of the time: from here on quiet hours are broken


def plan_at(at: datetime) -> dict[str, Any]:
    found: dict[str, Any] = parameter("reminders").at(at).value
    return found


def moments(mode: str, starts: datetime, due: datetime | None, *, at: datetime) -> list[datetime]:
    """When each reminder of a clock comes, in order. None of what waits or is on request."""
    plan = plan_at(at)
    if mode == Deadline.Mode.BY and due is not None:
        span = max(due - starts, timedelta())
        return [starts + span * step["share"] for step in plan["steps"]]
    if mode == Deadline.Mode.ASAP:
        return [starts + timedelta(hours=hours) for hours in plan["at_once_hours"]]
    return []


def following(
    mode: str, starts: datetime, due: datetime | None, told: int, *, at: datetime
) -> datetime | None:
    """When the next reminder comes after `told` of them; None when all have been sent."""
    ahead = moments(mode, starts, due, at=at)[told:]
    return ahead[0] if ahead else None


def remind(at: datetime, *, most: int = 200) -> int:
    """Send what is due; how many clocks were told of."""
    due = Deadline.objects.filter(ended_at=None, remind_at__lte=at).order_by("remind_at", "pk")
    return each(list(due.values_list("pk", flat=True)[:most]), lambda pk: remind_one(pk, at))


def remind_one(pk: int, at: datetime) -> int:
    """One clock, unless another worker has it in hand."""
    with transaction.atomic():
        rows = Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        rows = rows.select_related("obligation__event__unit", "obligation__entity")
        row = rows.filter(pk=pk, ended_at=None, remind_at__lte=at).first()
        if row is None:
            return 0
        ahead = moments(row.mode, row.starts_at or row.at, row.due_at, at=at)
        passed = sum(moment <= at for moment in ahead)
        late = row.due_at is not None and at >= row.due_at
        scope = row.obligation.event.scope()
        made = tell(occasion(row, passed, late=late), people(row, passed, scope, at), at=at)
        row.told = passed
        row.remind_at = ahead[passed] if passed < len(ahead) else None
        row.save(update_fields=["told", "remind_at"])
        if late:
            note_late(row, scope, [n.person.key for n in made if n.person], at)
    return 1


def note_late(row: Deadline, scope: Scope, told: list[str], at: datetime) -> None:
    assert row.due_at is not None  # noqa: S101  a clock without a time is never late
    with decision("obligation.late", scope=scope, by=Actor.system(at), at=at) as log:
        log.note(regime=row.obligation.regime, step=row.step, due_at=row.due_at.isoformat())
        log.note(entity=row.obligation.entity.name, told=told)


def occasion(row: Deadline, passed: int, *, late: bool) -> Occasion:
    """Clocks of one case that end together are told of once, since the message would be the same;
    so are those of one law that are to be met at once and began together."""
    case = row.obligation.event
    asap = row.mode == Deadline.Mode.ASAP
    together = f"{row.obligation.regime}@{int(row.at.timestamp())}"
    share = 0 if asap else plan_at(row.at)["steps"][max(passed - 1, 0)]["share"]
    return Occasion(
        once=f"clock:{case.number}:{row.due_at or together}:{passed}",
        kind="late" if late else "at_once" if asap else "reminder",
        path=f"/arenden/{case.number}/rapportering",
        case=case.number,
        deadline=row.due_at,
        loud=late or share >= LOUD_FROM,
        discreet=case.is_discreet,
    )


def people(row: Deadline, passed: int, scope: Scope, at: datetime) -> list[Person]:
    """Those of the roles who may follow the case; nobody there, the duty officer's line."""
    found = {
        person.pk: person
        for person in holders(roles(row, passed, at), at)
        if allowed(actor_of(person, at), "read", scope)
    }
    if not found:
        line = alarm.ladder(row.obligation.event, alarm.Plan.at(at), at)
        found = {person.pk: person for person in [next(line, None)] if person}
    return list(found.values())


def roles(row: Deadline, passed: int, at: datetime) -> set[str]:
    """The plan's roles of this reminder, and those who sign the regime's reports."""
    steps = plan_at(at)["steps"]
    wanted = set(steps[min(passed, len(steps)) - 1]["roles"]) if passed else set[str]()
    try:
        wanted |= set(regime(row.obligation.regime, row.at).sign_off.values())
    except (NotInForce, LookupError):
        return wanted
    return wanted


def holders(wanted: set[str], at: datetime) -> Iterator[Person]:
    if "duty" in wanted and (officer := on_duty(at)):
        yield officer
    rows = Grant.objects.filter(in_force(at), role__in=wanted, person__is_active=True)
    for grant in rows.select_related("person").order_by("pk"):
        yield grant.person
