"""Which clocks run: begun, moved and ended as the case becomes known; every old one stays."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Fresh
from vardkase.decisionlog.services import decision
from vardkase.events.models import Event
from vardkase.events.standing import under_lock
from vardkase.lib.each import each
from vardkase.obligations.models import Deadline, Entity, Obligation, Ruling
from vardkase.policy.clocks import Clock
from vardkase.policy.judge import Judgement, judge
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime_files import regimes

from . import known, reminding
from .acting import NotNow
from .duties import Standing, obligations, standings

OPEN = (Event.State.POSSIBLE_INCIDENT, Event.State.CONFIRMED_INCIDENT)
READ = 5_000  # fresh entries looked at in one round
RINGING = (*OPEN, Event.State.CLOSED)  # a duty that nobody decided on outlives the work


def plan(event: Event, at: datetime) -> int:
    """Bring the clocks of a case up to what is known now; how many were moved, begun or ended."""
    moved: dict[str, Any] = {}
    scope, system = event.scope(), Actor.system(at)
    if not needs_plan(event, at):
        return 0
    with decision("obligation.planned", scope=scope, by=system, at=at) as log:
        case = under_lock(event, "obligation.planned", by=system)
        replan(case, at, log_into=lambda **facts: moved.update(facts))
        log.note(**(moved or {"clocks": []}))
    return len(moved.get("clocks", []))


def needs_plan(case: Event, at: datetime) -> bool:
    """Whether the clocks that stand differ from those that should."""
    if case.state not in OPEN and not Obligation.objects.filter(event=case).exists():
        return False
    return bool(changes(wanted(case, at), running(case)))


type Key = tuple[str, str, str]  # entity, regime, step
type Wanted = dict[Key, tuple[Standing, Clock]]


def wanted(case: Event, at: datetime) -> Wanted:
    """The clocks that should run: of incidents, and of what somebody decided to report."""
    return {
        (one.entity.name, one.judgement.regime, clock.step.id): (one, clock)
        for one in standings(case, at)
        for clock in one.open_clocks
        if case.state in RINGING or (one.ruling and one.ruling.outcome == Ruling.Outcome.REPORT)
        or one.submissions
    }  # fmt: skip


def running(case: Event) -> dict[Key, Deadline]:
    rows = Deadline.objects.filter(obligation__event=case, ended_at=None)
    found = rows.select_related("obligation__entity")
    return {(d.obligation.entity.name, d.obligation.regime, d.step): d for d in found}


def changes(should: Wanted, stand: dict[Key, Deadline]) -> list[Key]:
    """The clocks to begin, to move or to end."""
    gone = [key for key in stand if key not in should]
    return gone + [
        key
        for key, (one, clock) in should.items()
        if key not in stand or differs(stand[key], one, clock)
    ]


def differs(row: Deadline, one: Standing, clock: Clock) -> bool:
    return (row.mode, row.due_at, row.certain, row.recipient) != (
        clock.mode, clock.due, certain(one, clock), clock.recipient or "",
    )  # fmt: skip


def certain(one: Standing, clock: Clock) -> bool:
    """Whether no answer that is missing can lift the clock or move it."""
    decided = one.ruling is not None or one.judgement.verdict == "reportable"
    return clock.certain and decided


def replan(case: Event, at: datetime, *, log_into: Any) -> None:
    """End the rows that no longer hold and begin those that do; the old ones stay, and the log
    tells of each move. Inside a decision."""
    should, stand, told = wanted(case, at), running(case), list[str]()
    for key in changes(should, stand):
        old, new = stand.get(key), should.get(key)
        if old is not None:
            old.ended_at = at
            old.save(update_fields=["ended_at"])
        if new is not None:
            begin(case, *new, at=at, before=old)
        told.append(moved_words(key, old, new[1] if new else None))
    if told:
        log_into(clocks=told)


def begin(
    case: Event, one: Standing, clock: Clock, *, at: datetime, before: Deadline | None = None
) -> Deadline:
    """A clock; one whose time has not moved goes on from the reminders that were sent before."""
    starts = min(case.reported_at, case.received_at)
    same = before is not None and (before.mode, before.due_at) == (clock.mode, clock.due)
    told = before.told if before and same else 0
    return Deadline.objects.create(
        obligation=held(case, one.entity, one.judgement, at),
        step=clock.step.id,
        mode=clock.mode,
        due_at=clock.due,
        starts_at=starts,
        told=told,
        remind_at=reminding.following(clock.mode, starts, clock.due, told, at=at)
        if clock.due or certain(one, clock)
        else None,  # what may be to be done at once, if a question is answered so: it is asked
        certain=certain(one, clock),
        recipient=clock.recipient or "",
        at=at,
    )


def moved_words(key: Key, old: Deadline | None, new: Clock | None) -> str:
    """`se-nis2-csl notification: 2026-10-24T22:40+02:00 -> 2026-10-26T21:40+01:00`."""
    before = (old.due_at.astimezone(SWEDEN).isoformat() if old.due_at else old.mode) if old else "-"
    after = (new.due.isoformat() if new.due else new.mode) if new else "-"
    return f"{key[0]} {key[1]} {key[2]}: {before} -> {after}"


def plan_changed(at: datetime, *, most: int = 100) -> int:
    """Plan the cases whose log has grown since they were planned last.

    What is written while a case is planned is fresh still, and it is planned again.
    """
    fresh: dict[str, list[int]] = defaultdict(list)
    for pk, chain in Fresh.objects.order_by("-pk").values_list("pk", "entry__chain")[:READ]:
        fresh[chain].append(pk)
    cases = list(ticking().filter(number__in=list(fresh))) if fresh else []
    none = fresh.keys() - {case.number for case in cases}
    forget(pk for chain in none for pk in fresh[chain])

    def one(case: Event) -> int:
        moved = plan(case, at)
        forget(fresh[case.number])
        return moved

    return each(cases[:most], one)


def ticking() -> QuerySet[Event]:
    """The cases that have clocks, or may get some; the newest first."""
    clocks = Deadline.objects.filter(obligation__event=OuterRef("pk"), ended_at=None)
    rows = Event.objects.filter(Q(state__in=OPEN) | Exists(clocks))
    return rows.select_related("unit").order_by("-pk")


def forget(entries: Iterable[int]) -> None:
    Fresh.objects.filter(pk__in=list(entries)).delete()


def judged(case: Event, entity: Entity, regime: str, at: datetime) -> Judgement:
    """What one regime says of the case now."""
    if regime not in regimes():
        raise NotNow("no_such_regime")
    kept = obligations(case, entity)
    decided, sent = known.decided(kept.values()), known.sent(kept.get(regime))
    return judge(regime, known.facts(case, entity) | decided | sent, at=at)


def held(case: Event, entity: Entity, said: Judgement, at: datetime) -> Obligation:
    """The obligation's row, made the first time that somebody decides or a clock starts."""
    if entity.pk is None:
        entity.save()
    now = {"verdict": said.verdict, "version": said.version or "", "at": at}
    kept, _ = Obligation.objects.get_or_create(
        event=case, entity=entity, regime=said.regime, defaults=now
    )
    if any(getattr(kept, name) != value for name, value in now.items()):
        Obligation.objects.filter(pk=kept.pk).update(**now)
        vars(kept).update(now)
    return kept
