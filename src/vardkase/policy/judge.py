"""What a regime says of the facts of a case: verdict, reasons, what is unknown, and every clock.

Pure but for the policy files it reads. The engine's rules are those of law (docs/law.md): unknown
is not no, the earliest clock is the safe one, the version follows when the incident became known
and the recipient when the report is sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vardkase.policy.asking import Asking
from vardkase.policy.clocks import Clock, clocks
from vardkase.policy.facts import completed
from vardkase.policy.parameter import SWEDEN, NotInForce, Parameter, UnknownParameter
from vardkase.policy.predicate import Facts, Predicate, Truth, all_of, holds, names, negated
from vardkase.policy.regime import Criterion, Duty, Exclusion, Ground, Note, Recipient, Regime
from vardkase.policy.regime_files import catalogue, on, own_facts, parameter_of, short

DUE = ("reportable", "undetermined")  # the verdicts under which clocks run


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer of one regime. Clocks run also when it is undetermined: they are provisional."""

    regime: str
    version: str | None
    verdict: str
    hits: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    sources: tuple[Ground, ...] = ()
    always: tuple[Duty, ...] = ()  # what must be done whatever the verdict
    excluded_by: Exclusion | None = None
    notes: tuple[Note, ...] = ()
    related: tuple[str, ...] = ()  # other regimes that may speak of the same facts
    others: Mapping[str, tuple[Recipient, ...]] | None = (
        None  # whom no step is sent to: supervisors
    )
    edition: Regime | None = None  # the text that was used

    @property
    def stops_recording(self) -> bool:
        """What the case holds may not be written here at all."""
        stub = self.edition is not None and self.edition.content == "stub"
        return (stub and self.verdict == "reportable") or bool(
            self.excluded_by and self.excluded_by.stop
        )

    @property
    def supervisors(self) -> list[str]:
        """Whom no step is sent to, by sector and county; while one is unknown, all it may be."""
        return [each.name for rows in (self.others or {}).values() for each in rows]

    @property
    def unverified(self) -> list[str]:
        """The refs of all rows in use that nobody has compared with their source."""
        grounds = [*self.sources, *(ground for clock in self.clocks for ground in clock.grounds)]
        grounds += [*(duty.ground for duty in self.always), *(note.ground for note in self.notes)]
        return sorted({ground.ref for ground in grounds if ground.status != "verified"})


def judge(id: str, facts: Facts, *, at: datetime) -> Judgement:
    """What the regime `id` says; `at` picks recipients, `known_at` (else `at`) the version."""
    return judge_by(parameter_of(id), facts, at=at)


def judge_by(found: Parameter, facts: Facts, *, at: datetime) -> Judgement:
    """The same by a regime that need not lie among the others."""
    return _judge(found, facts, at=at, inside=frozenset())


def _judge(found: Parameter, given: Facts, *, at: datetime, inside: frozenset[str]) -> Judgement:
    known = {**catalogue(), **own_facts(found)}
    facts = completed(given, known)
    first = len(facts)
    try:
        edition = on(found, _day(facts.get("known_at") or at))
    except NotInForce:
        return Judgement(short(found.id), None, "not_applicable")
    inside |= {edition.id}
    asked = Asking(known, given)
    for name in sorted(set(_regimes_asked(edition)) - facts.keys()):
        other = _other(name, facts, at=at, inside=inside)
        if other is None or other.verdict == "undetermined":
            asked.behind[name] = other.ask if other else ()
        else:
            facts[name] = other.verdict
    drawn = completed(facts, known) if len(facts) > first else facts
    return _weigh(edition, drawn, at=at, asked=asked)


def _day(moment: datetime) -> date:
    return moment.astimezone(SWEDEN).date()


def _other(name: str, facts: Facts, *, at: datetime, inside: frozenset[str]) -> Judgement | None:
    """What another regime says, which this one asks about; none of a circle, or where none is."""
    id = name.removeprefix("regime.")
    try:
        return None if id in inside else _judge(parameter_of(id), facts, at=at, inside=inside)
    except UnknownParameter:
        return None


def _regimes_asked(edition: Regime) -> Iterator[str]:
    for predicate in _predicates(edition):
        yield from (name for name in names(predicate) if name.startswith("regime."))


def _predicates(edition: Regime) -> Iterator[Predicate | None]:
    yield edition.applies_if
    for exclusion in edition.excluded_if:
        yield exclusion.if_
    for criterion in edition.criteria:
        yield criterion.needs
        yield criterion.if_
    for step in edition.steps:
        yield step.if_
        yield step.unless
        yield from (branch.if_ for branch in step.due)


def _weigh(edition: Regime, facts: Facts, *, at: datetime, asked: Asking) -> Judgement:
    """The verdict by the facts; an unknown exclusion or applicability stops no clock."""
    if holds(edition.applies_if, facts) is False:
        return _closed(edition, "not_applicable", facts)
    for exclusion in edition.excluded_if:
        if holds(exclusion.if_, facts) is True:
            return _closed(edition, "excluded", facts, exclusion)
    living = [c for c in edition.criteria if c.span.holds(_day(facts.get("known_at") or at))]
    truths = [(criterion, _truth(edition, criterion, facts)) for criterion in living]
    hits = tuple(c for c, truth in truths if truth is True)
    unknown = tuple(c for c, truth in truths if truth is None)
    verdict = "reportable" if hits else "undetermined" if unknown else "not_reportable"
    running = clocks(edition, facts, _day(at)) if verdict in DUE else ()
    return Judgement(
        regime=edition.id,
        version=edition.version,
        verdict=verdict,
        hits=tuple(c.id for c in hits),
        unknown=tuple(c.id for c in unknown),
        ask=asked.all(edition, verdict, facts, living=living, unknown=unknown),
        clocks=running,
        sources=_sources(edition, (*hits, *unknown)),
        always=_always(edition, facts),
        notes=tuple(note for note in edition.notes if holds(note.if_, facts) is not False),
        related=tuple(r.regime for r in edition.related if holds(r.if_, facts) is not False),
        others=_others(edition, facts, _day(at)),
        edition=edition,
    )


def _closed(
    edition: Regime, verdict: str, facts: Facts, exclusion: Exclusion | None = None
) -> Judgement:
    """A regime that does not speak of these facts."""
    sources = (exclusion.ground,) if exclusion else edition.legal
    return Judgement(
        edition.id,
        edition.version,
        verdict,
        sources=sources,
        excluded_by=exclusion,
        edition=edition,
    )


def _truth(edition: Regime, criterion: Criterion, facts: Facts) -> Truth:
    truth = all_of([holds(criterion.needs, facts), holds(criterion.if_, facts)])
    taken = edition.not_counted
    if taken and criterion.id in taken.covers:
        return all_of([truth, negated(holds(taken.if_, facts))])
    return truth


def _sources(edition: Regime, criteria: Iterable[Criterion]) -> tuple[Ground, ...]:
    """Every ground once, the regime's own first."""
    return tuple(dict.fromkeys((*edition.legal, *(criterion.ground for criterion in criteria))))


def _always(edition: Regime, facts: Facts) -> tuple[Duty, ...]:
    return tuple(duty for duty in edition.always if holds(duty.if_, facts) is not False)


def _others(edition: Regime, facts: Facts, day: date) -> dict[str, tuple[Recipient, ...]]:
    used = {step.to for step in edition.steps}
    return {
        name: tuple(r for r in rows if r.span.holds(day) and holds(r.if_, facts) is not False)
        for name, rows in edition.recipients.items()
        if name not in used
    }


def plain(judgement: Judgement) -> dict[str, Any]:
    """The answer as data, in the form that stays fixed."""
    return {
        "regime": judgement.regime,
        "version": judgement.version,
        "verdict": judgement.verdict,
        "hits": list(judgement.hits),
        "unknown": list(judgement.unknown),
        "ask": list(judgement.ask),
        "steps": [_step(clock) for clock in judgement.clocks],
        "sources": [
            {"ref": each.ref, "level": each.level, "status": each.status}
            for each in judgement.sources
        ],
    }


def _step(clock: Clock) -> dict[str, Any]:
    """`due` is the moment, or the word for why there is none; that word is also a key."""
    said: dict[str, Any] = {"id": clock.step.id}
    if clock.due is not None:
        said["due"] = clock.due.isoformat()
    else:
        said |= {"due": clock.mode, clock.mode: clock.waits_for or True}
    return {**said, "recipient": clock.recipient}
