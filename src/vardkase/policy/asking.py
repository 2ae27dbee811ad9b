"""What to ask next: the missing facts that can still change a verdict or a date, once each."""

from collections.abc import Iterable, Iterator

from vardkase.policy.clocks import reached, waits_on
from vardkase.policy.facts import Catalogue
from vardkase.policy.predicate import Facts, holds, names, undecided
from vardkase.policy.regime import Criterion, Regime


class Asking:
    """Which missing facts matter: those that can still change the verdict or a date, once each."""

    def __init__(self, known: Catalogue, given: Facts) -> None:
        self.known = known
        self.given = given
        self.behind: dict[str, tuple[str, ...]] = {}  # what another regime's verdict waits for

    def all(
        self,
        edition: Regime,
        verdict: str,
        facts: Facts,
        *,
        living: Iterable[Criterion],
        unknown: Iterable[Criterion],
    ) -> tuple[str, ...]:
        found = list(self._open_doors(living)) if verdict != "reportable" else []
        if verdict in ("reportable", "undetermined"):
            found = [
                *_for_verdict(edition, unknown if verdict == "undetermined" else (), facts),
                *found,
                *_for_dates(edition, facts),
            ]
        wanted = list(dict.fromkeys(name for each in found for name in self._and_behind(each)))
        return tuple(n for n in wanted if not self._follows_from(n, wanted, facts))

    def _and_behind(self, name: str) -> Iterator[str]:
        if not name.startswith(("submitted:", "form.")):  # what the case itself comes to know
            yield name
        yield from self.behind.get(name, ())

    def _open_doors(self, living: Iterable[Criterion]) -> Iterator[str]:
        """Facts taken to follow from a broader answer, of which a yes would still change much."""
        for criterion in living:
            for name in names(criterion.if_):
                one = self.known.get(name)
                if one and one.still_ask and self.given.get(name) is None:
                    yield name

    def _follows_from(self, name: str, wanted: list[str], facts: Facts) -> bool:
        """Whether the answer to another question asked may make this one needless."""
        one = self.known.get(name)
        if one is None or one.still_ask:
            return False
        grounds = {other for each in one.follows for other in undecided(each.if_, facts)}
        return bool(grounds & set(wanted) - {name})


def _for_verdict(edition: Regime, unknown: Iterable[Criterion], facts: Facts) -> Iterator[str]:
    yield from undecided(edition.applies_if, facts)
    for criterion in unknown:
        yield from undecided(criterion.needs, facts)
        yield from undecided(criterion.if_, facts)
        if edition.not_counted and criterion.id in edition.not_counted.covers:
            yield from undecided(edition.not_counted.if_, facts)
    for exclusion in edition.excluded_if:
        yield from undecided(exclusion.if_, facts)


def _for_dates(edition: Regime, facts: Facts) -> Iterator[str]:
    for step in edition.steps:
        if holds(step.if_, facts) is False or (step.unless and holds(step.unless, facts) is True):
            continue
        yield from undecided(step.if_, facts)
        yield from undecided(step.unless, facts)
        for branch in reached(step, facts):
            yield from undecided(branch.if_, facts)
            yield from waits_on(branch, facts)
