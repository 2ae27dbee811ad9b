"""What every regime says of a case now, for each entity it strikes. Changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest

from django.db.models import Prefetch

from vardkase.events.models import Event
from vardkase.obligations.models import Entity, Obligation, Ruling, Struck, Submission
from vardkase.organisation.queries import organisation
from vardkase.policy.clocks import Clock
from vardkase.policy.facts import Catalogue, Words, fact
from vardkase.policy.judge import DUE, Judgement, judge
from vardkase.policy.regime_files import catalogue, regimes

from . import known


@dataclass(frozen=True, slots=True)
class Standing:
    """One regime for one entity: what it says now, what was decided, and what was sent."""

    entity: Entity
    judgement: Judgement
    obligation: Obligation | None
    ruling: Ruling | None
    view: Ruling | None  # the authority's own (S3-05)
    submissions: tuple[Submission, ...]
    misfits: tuple[Words, ...] = ()  # answers about the entity that no longer count

    @property
    def runs(self) -> bool:
        """Whether its clocks run: not when a person decided against, nor when nothing is due."""
        decided = self.ruling.outcome if self.ruling else ""
        if decided == Ruling.Outcome.NO_REPORT:
            return False
        return self.judgement.verdict in DUE or decided == Ruling.Outcome.REPORT

    @property
    def state(self) -> str:
        """`decided` or `declined` by a person, `open` while clocks run, else `nothing_due`."""
        if self.ruling:
            return "decided" if self.ruling.outcome == Ruling.Outcome.REPORT else "declined"
        return "open" if self.runs else "nothing_due"

    def done(self, step: str) -> bool:
        return any(each.step == step for each in self.submissions)

    @property
    def open_clocks(self) -> tuple[Clock, ...]:
        if not self.runs:
            return ()
        return tuple(c for c in self.judgement.clocks if not self.done(c.step.id))


def own_entity() -> Entity:
    """The organisation itself; its row is made when something first hangs on it."""
    found = Entity.objects.filter(own=True).first()
    if found is not None:
        return found
    us = organisation()
    return Entity(name=us.name, kind=us.kind, own=True) if us else Entity(own=True)


def entities(case: Event) -> list[Entity]:
    """The organisation itself, and whom else the event strikes."""
    return [own_entity(), *(row.entity for row in struck(case))]


def struck(case: Event) -> list[Struck]:
    """Whom else the event strikes, and why."""
    rows = Struck.objects.filter(event=case, ended_at=None, entity__own=False)
    return list(rows.select_related("entity").order_by("entity__name"))


def standings(case: Event, at: datetime, among: Iterable[Entity] | None = None) -> list[Standing]:
    """Every regime's answer now for each entity, the worst clock first."""
    wanted = entities(case) if among is None else among
    return sorted(chain(*(of_entity(case, one, at) for one in wanted)), key=urgency)


def of_entity(case: Event, entity: Entity, at: datetime) -> list[Standing]:
    """Without the regimes that do not concern the entity and never did."""
    (given, misfits), kept = known.told(case, entity), obligations(case, entity)
    given, found = given | known.decided(kept.values()), []
    for id in regimes():
        row = kept.get(id)
        said = judge(id, given | known.sent(row), at=at)
        if row is not None or said.verdict != "not_applicable":
            found.append(standing(entity, said, row, misfits))
    return found


def obligations(case: Event, entity: Entity) -> dict[str, Obligation]:
    """The rows there are, by regime, with what was decided, sent and answered; four statements."""
    if entity.pk is None:
        return {}
    rows = Obligation.objects.filter(event=case, entity=entity).prefetch_related(
        Prefetch("rulings", Ruling.objects.order_by("pk")),
        Prefetch("submissions", Submission.objects.order_by("sent_at", "pk")),
        "submissions__replies",
    )
    return {row.regime: row for row in rows}


def standing(
    entity: Entity, said: Judgement, kept: Obligation | None, misfits: Iterable[Words] = ()
) -> Standing:
    rulings = list(kept.rulings.all()) if kept else []
    ours = [row for row in rulings if not row.of_authority]
    theirs = [row for row in rulings if row.of_authority]
    return Standing(
        entity,
        said,
        kept,
        ours[-1] if ours else None,
        theirs[-1] if theirs else None,
        tuple(kept.submissions.all()) if kept else (),
        tuple(misfits),
    )


def urgency(one: Standing) -> tuple[int, float, bool, str]:
    """Running clocks first, the earliest before, of the same moment what is to be reported; then
    what is open, then the rest."""
    due = [clock.due.timestamp() for clock in one.open_clocks if clock.due]
    kind = 0 if due else 1 if one.open_clocks else 2 if one.runs else 3
    unsure = one.judgement.verdict != "reportable"
    return kind, min(due, default=0.0), unsure, one.judgement.regime


def ask(found: Iterable[Standing]) -> list[str]:
    """What is unknown and matters, once each: the first question of the worst clock, then of the
    next, and so on around, so that no law waits for another's last question."""
    facts = catalogue()
    lists = [asked_of(one, facts) for one in found]
    around = chain.from_iterable(zip_longest(*lists))
    return list(dict.fromkeys(name for name in around if name))


def pressing(found: Iterable[Standing]) -> set[str]:
    """The questions that decide a running clock: the first of each law that has one."""
    facts = catalogue()
    dated = [one for one in found if any(clock.due for clock in one.open_clocks)]
    return {names[0] for one in dated if (names := asked_of(one, facts))}


def asked_of(one: Standing, facts: Catalogue) -> list[str]:
    """What people are to answer, while a clock runs and nobody has decided."""
    if not one.runs or one.ruling:
        return []
    return [n for n in one.judgement.ask if (f := fact(n, facts)) and "system" not in f.knows]
