"""Checks of what can never come to be: criteria, clocks and recipients that nothing reaches."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from vardkase.policy.facts import Catalogue, fact
from vardkase.policy.lint.page import Book, Remark
from vardkase.policy.lint.regime_book import Draft, known_facts
from vardkase.policy.lint.regimes import Row, of_regime
from vardkase.policy.predicate import Predicate, holds


@of_regime
def criteria_can_hold(draft: Draft, book: Book) -> Iterator[Remark]:
    """Conditions that must hold together leave some answer to each fact that they ask for."""
    known = known_facts(draft.value.get("facts", []), book)
    for number, row in enumerate(draft.value.get("criteria", [])):
        atoms = [*_together(row.get("needs")), *_together(row["if"])]
        for name in dict.fromkeys(atom["fact"] for atom in atoms):
            about = [atom for atom in atoms if atom["fact"] == name]
            if not _answerable(name, about, known):
                yield Remark(
                    ("criteria", number, "if"),
                    f"{row['id']} kan aldrig uppfyllas: inget svar på {name} räcker.",
                    f"{row['id']} can never hold: no answer to {name} does.",
                )


def _together(predicate: Predicate | None) -> Iterator[Predicate]:
    """The conditions about one fact that must all hold."""
    if predicate and "fact" in predicate:
        yield predicate
    for part in (predicate or {}).get("all", []):
        yield from _together(part)


def _answerable(name: str, atoms: list[Predicate], known: Catalogue) -> bool:
    answers = list(_answers(name, atoms, known))
    return not answers or any(all(holds(atom, {name: a}) for atom in atoms) for a in answers)


def _answers(name: str, atoms: list[Predicate], known: Catalogue) -> Iterator[Any]:
    """An answer of each sort to a yes or no, a choice or a number; of other facts none."""
    one = fact(name, known)
    if one is None or one.type not in ("flag", "code", "number"):
        return
    yield None
    yield from (True, False) if one.type == "flag" else one.values or ()
    if one.type == "number":
        low, high = one.range or (0, float("inf"))
        limits = [limit for atom in atoms for limit in _limits(atom)]
        yield from (n for limit in (low, *limits) for n in (limit, limit + 1) if low <= n <= high)


def _limits(atom: Predicate) -> Iterable[float]:
    wanted = [atom.get(verb) for verb in ("is", "gt", "gte")] + list(atom.get("in", []))
    return [each for each in wanted if isinstance(each, int | float)]


@of_regime
def criteria_live_in_their_version(draft: Draft, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(draft.value.get("criteria", [])):
        if row.get("valid", {}).get("to", date.max) < draft.since:
            yield Remark(
                ("criteria", number, "valid"),
                f"{row['id']} har upphört innan versionen börjar {draft.since}.",
                f"{row['id']} has ended before the version begins on {draft.since}.",
            )


@of_regime
def no_step_waits_for_itself(draft: Draft, book: Book) -> Iterator[Remark]:
    steps = {row["id"]: _waits_for(row) for row in draft.value.get("steps", [])}
    for number, id in enumerate(steps):
        seen, ahead = set[str](), set(steps[id])
        while ahead - seen:
            seen |= ahead
            ahead = {after for step in ahead for after in steps.get(step, ())}
        if id in seen:
            yield Remark(
                ("steps", number, "due"),
                f"{id} väntar på sig själv, så klockan startar aldrig.",
                f"{id} waits for itself, so that its clock never starts.",
            )


def _waits_for(step: Row) -> set[str]:
    """The steps that must be sent before this one's clock starts, whatever branch it takes."""
    found = set[str]()
    for branch in step["due"] if isinstance(step["due"], list) else [step["due"]]:
        for end in branch.get("earliest", [branch]):
            anchors = end.get("from", [])
            names = [anchors] if isinstance(anchors, str) else anchors
            after = {n.partition(":")[2] for n in names if n.startswith("submitted:")}
            if len(after) < len(names) or "fallback" in end or not names:
                return set()
            found |= after
    return found


@of_regime
def no_recipient_hides_another(draft: Draft, book: Book) -> Iterator[Remark]:
    """Of those to whom a step goes the first that holds is used."""
    used = {step.get("to") for step in draft.value.get("steps", [])}
    for name in sorted(used & draft.value.get("recipients", {}).keys()):
        rows = draft.value["recipients"][name]
        for number, row in enumerate(rows):
            for before in rows[:number]:
                if "if" not in before and _overlap(before, row):
                    two_sv, two_en = f"{before['name']} och", f"{before['name']} and"
                    yield Remark(
                        ("recipients", name, number),
                        f"{two_sv} {row['name']} gäller samma dagar: den första vinner.",
                        f"{two_en} {row['name']} hold on the same days: the first wins.",
                    )


def _overlap(one: Row, other: Row) -> bool:
    ends = min(one.get("to", date.max), other.get("to", date.max))
    return bool(max(one["from"], other["from"]) <= ends)


@of_regime
def audiences_of_steps_are_known(draft: Draft, book: Book) -> Iterator[Remark]:
    """Else no text that is sent would ever stop the clock."""
    known = book.value("communication.audiences")
    for number, row in enumerate(draft.value.get("steps", [])):
        if (named := row.get("audience")) and named not in known:
            told = ", ".join(known)
            yield Remark(
                ("steps", number, "audience"),
                f"{named} finns inte: välj {told}.",
                f"There is no {named}: choose {told}.",
            )


@of_regime
def no_regime_asks_for_itself(draft: Draft, book: Book) -> Iterator[Remark]:
    own = f"regime.{draft.id.removeprefix('regimes.')}"
    for number, row in enumerate(draft.value.get("criteria", [])):
        if own in {atom["fact"] for atom in _together(row["if"])}:
            yield Remark(
                ("criteria", number, "if"),
                "Regimen frågar efter sitt eget svar.",
                "The regime asks for its own answer.",
            )


CHECKS = (
    criteria_can_hold,
    criteria_live_in_their_version,
    no_step_waits_for_itself,
    no_recipient_hides_another,
    audiences_of_steps_are_known,
    no_regime_asks_for_itself,
)
