"""Checks of how a priority comes about: scales, matrix, raises, floors, target times."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Book, Remark, of_value, shipped

SCALES = ("scales.impact", "scales.urgency")
PRIORITIES = range(1, 6)
KLASSA = range(5)


def _square(matrix: list[list[int]]) -> bool:
    return len(matrix) == 4 and all(len(row) == 4 for row in matrix)


def codes(id: str, book: Book) -> list[str]:
    """The codes of a scale's levels, worst first."""
    return [level["code"] for level in book.value(id)]


def criteria(book: Book) -> set[str]:
    """Every criterion of both scales."""
    return {c["code"] for id in SCALES for level in book.value(id) for c in level["criteria"]}


def _out_of(place: Place, value: Any, bounds: range) -> Iterator[Remark]:
    if value not in bounds:
        low, high = bounds[0], bounds[-1]
        yield Remark(
            place, f"{value} ligger utanför {low}-{high}.", f"{value} is not within {low}-{high}."
        )


@of_value("priority.matrix")
def matrix_is_four_by_four(value: Any, book: Book) -> Iterator[Remark]:
    if not _square(value):
        yield Remark(
            (),
            "Matrisen ska ha fyra rader (påverkan) med fyra tal var (brådska).",
            "The matrix must have four rows (impact) of four numbers each (urgency).",
        )


@of_value("priority.matrix")
def matrix_holds_priorities(value: Any, book: Book) -> Iterator[Remark]:
    for y, row in enumerate(value):
        for x, cell in enumerate(row):
            yield from _out_of((y, x), cell, PRIORITIES)


@of_value("priority.matrix")
def matrix_is_symmetric(value: Any, book: Book) -> Iterator[Remark]:
    """The source swaps the words of its two axes (p. 17); only symmetry makes that harmless."""
    for y in range(4) if _square(value) else ():
        for x in range(y):
            if value[y][x] != value[x][y]:
                yield Remark(
                    (y, x),
                    f"Rad {y + 1}, kolumn {x + 1} är {value[y][x]} men den speglade rutan "
                    f"{value[x][y]}: gör dem lika.",
                    f"Row {y + 1}, column {x + 1} is {value[y][x]} but the mirrored cell "
                    f"{value[x][y]}: make them equal.",
                )


@of_value("priority.matrix")
def matrix_is_monotone(value: Any, book: Book) -> Iterator[Remark]:
    """Less impact or less urgency never gives a higher priority."""
    cells = [(y, x) for y in range(4) for x in range(4)] if _square(value) else []
    for y, x in cells:
        worse = [value[y - 1][x]] * (y > 0) + [value[y][x - 1]] * (x > 0)
        if any(value[y][x] < cell for cell in worse):
            yield Remark(
                (y, x),
                f"Rad {y + 1}, kolumn {x + 1} ger prioritet {value[y][x]}, högre än en värre ruta: "
                f"skriv {max(worse)} eller mer.",
                f"Row {y + 1}, column {x + 1} gives priority {value[y][x]}, above a worse cell: "
                f"write {max(worse)} or more.",
            )


@of_value("priority.care_harm_raise")
def care_raise_is_within_the_scale(value: Any, book: Book) -> Iterator[Remark]:
    yield from _out_of((), value, range(5))


@of_value("priority.care_harm_raise", severity="warning")
def care_raise_does_something(value: Any, book: Book) -> Iterator[Remark]:
    if value == 0:
        yield Remark(
            (),
            "0 steg stänger av regeln att risk för vårdskada ger förtur: skriv 1 eller mer.",
            "0 steps switch off the rule that a risk of harm comes first: write 1 or more.",
        )


@of_value("priority.confirm")
def confirmed_priorities_exist(value: Any, book: Book) -> Iterator[Remark]:
    for row, priority in enumerate(value):
        yield from _out_of((row,), priority, PRIORITIES)


@of_value("priority.levels")
def levels_are_one_to_five(value: Any, book: Book) -> Iterator[Remark]:
    found = [level["priority"] for level in value]
    if found != list(PRIORITIES):
        yield Remark(
            (),
            f"Skriv de fem prioriteterna 1-5 i ordning, nu står {found}.",
            f"Write the five priorities 1-5 in order, now there is {found}.",
        )


@of_value("priority.levels")
def target_times_grow(value: Any, book: Book) -> Iterator[Remark]:
    """A higher priority never has a longer time, and every time is longer than nothing."""
    for key in ("first_action_minutes", "remedy_hours"):
        for row, level in enumerate(value):
            least = value[row - 1][key] if row else 1
            if level[key] < least:
                yield Remark(
                    (row, key),
                    f"{key} är {level[key]}: skriv minst {least}, tiden för prioriteten över.",
                    f"{key} is {level[key]}: write {least} or more, as the priority above has.",
                )


@of_value("priority.classification_floor")
def floor_has_five_levels(value: Any, book: Book) -> Iterator[Remark]:
    for aspect, floor in value.items():
        if len(floor) != len(KLASSA):
            yield Remark(
                (aspect,),
                "Skriv fem prioriteter, för klassningsnivå 0 till 4.",
                "Write five priorities, for classification level 0 to 4.",
            )
        for row, priority in enumerate(floor):
            yield from _out_of((aspect, row), priority, PRIORITIES)


@of_value("priority.classification_floor")
def floor_rises_with_the_level(value: Any, book: Book) -> Iterator[Remark]:
    """A higher requirement never allows a lower priority."""
    for aspect, floor in value.items():
        for row, (lower, higher) in enumerate(pairwise(floor), 1):
            if higher > lower:
                yield Remark(
                    (aspect, row),
                    f"Nivå {row} tillåter prioritet {higher}, lägre än nivå {row - 1}: "
                    f"skriv {lower} eller mindre.",
                    f"Level {row} allows priority {higher}, below that of level {row - 1}: "
                    f"write {lower} or less.",
                )


@of_value("priority.cumulative")
def cumulative_needs_two_incidents(value: Any, book: Book) -> Iterator[Remark]:
    if value["window_hours"] < 1:
        yield Remark(
            ("window_hours",), "Skriv minst en timme.", "Write a window of one hour or more."
        )
    for row, rule in enumerate(value["proposes"]):
        if rule["incidents"] < 2:
            yield Remark(
                ("proposes", row, "incidents"),
                "Källan kräver två eller flera: skriv minst 2.",
                "The source says two or more: write at least 2.",
            )


@of_value("priority.cumulative")
def cumulative_is_worst_first(value: Any, book: Book) -> Iterator[Remark]:
    """The first row whose number is reached decides, so the most incidents stand first."""
    ranks = codes("scales.impact", book)
    known = [r for r in value["proposes"] if r["impact"] in ranks]
    for row, (before, after) in enumerate(pairwise(known), 1):
        fewer = after["incidents"] < before["incidents"]
        if not fewer or ranks.index(after["impact"]) < ranks.index(before["impact"]):
            yield Remark(
                ("proposes", row),
                "Skriv raden med flest incidenter och störst påverkan först.",
                "Write the row of most incidents and greatest impact first.",
            )


@of_value("priority.cumulative")
def cumulative_names_the_scale(value: Any, book: Book) -> Iterator[Remark]:
    known = {"impact": set(codes("scales.impact", book)), "criterion": criteria(book)}
    for row, rule in enumerate(value["proposes"]):
        for key in (key for key, allowed in known.items() if rule[key] not in allowed):
            yield Remark(
                ("proposes", row, key),
                f"{rule[key]} finns inte i skalan för påverkan.",
                f"{rule[key]} is not in the scale of impact.",
            )


@of_value("scales.impact")
def impact_levels_are_fixed(value: Any, book: Book) -> Iterator[Remark]:
    yield from _levels(value, shipped("scales.impact"))


@of_value("scales.urgency")
def urgency_levels_are_fixed(value: Any, book: Book) -> Iterator[Remark]:
    yield from _levels(value, shipped("scales.urgency"))


def _levels(value: Any, ours: Any) -> Iterator[Remark]:
    """Rows and columns of the matrix are counted by these codes; the words may change."""
    wanted = [(level["code"], level["ordinal"]) for level in ours]
    if [(level["code"], level["ordinal"]) for level in value] != wanted:
        told = ", ".join(f"{code} ({ordinal})" for code, ordinal in wanted)
        yield Remark(
            (),
            f"Skalan har fyra fasta nivåer, värst först: {told}. Byt gärna orden, inte koderna.",
            f"The scale has four fixed levels, worst first: {told}. Change words, not codes.",
        )


@of_value(*SCALES)
def level_has_criteria(value: Any, book: Book) -> Iterator[Remark]:
    for row, level in enumerate(value):
        if not level["criteria"]:
            yield Remark(
                (row, "criteria"),
                f"Nivån {level['code']} saknar kriterier: skriv minst ett.",
                f"The level {level['code']} has no criteria: write at least one.",
            )


@of_value(*SCALES)
def criterion_code_names_its_level(value: Any, book: Book) -> Iterator[Remark]:
    """An answer is stored by its code, which must say where it belongs, once."""
    seen = Counter(c["code"] for level in value for c in level["criteria"])
    for row, level in enumerate(value):
        for number, criterion in enumerate(level["criteria"]):
            code = criterion["code"]
            if seen[code] > 1 or code.split(".")[1:2] != [level["code"]]:
                yield Remark(
                    (row, "criteria", number, "code"),
                    f"{code} ska stå en gång och heta skala.{level['code']}.ämne.",
                    f"{code} must stand once, and read scale.{level['code']}.subject.",
                )


@of_value(*SCALES)
def criterion_has_a_known_subject(value: Any, book: Book) -> Iterator[Remark]:
    known = book.value("scales.subjects")
    for row, level in enumerate(value):
        for number, criterion in enumerate(level["criteria"]):
            if criterion["about"] not in known:
                yield Remark(
                    (row, "criteria", number, "about"),
                    f"{criterion['about']} finns inte i scales/subjects.toml: välj "
                    f"{', '.join(known)}.",
                    f"{criterion['about']} is not in scales/subjects.toml: choose "
                    f"{', '.join(known)}.",
                )


@of_value("klassa")
def klassa_levels_are_zero_to_four(value: Any, book: Book) -> Iterator[Remark]:
    for aspect, scale in value.items():
        if [level["level"] for level in scale["levels"]] != list(KLASSA):
            yield Remark(
                (aspect, "levels"),
                "Skriv de fem nivåerna 0-4 i ordning.",
                "Write the five levels 0-4 in order.",
            )


CHECKS = (
    matrix_is_four_by_four,
    matrix_holds_priorities,
    matrix_is_symmetric,
    matrix_is_monotone,
    care_raise_is_within_the_scale,
    care_raise_does_something,
    confirmed_priorities_exist,
    levels_are_one_to_five,
    target_times_grow,
    floor_has_five_levels,
    floor_rises_with_the_level,
    cumulative_needs_two_incidents,
    cumulative_is_worst_first,
    cumulative_names_the_scale,
    impact_levels_are_fixed,
    urgency_levels_are_fixed,
    level_has_criteria,
    criterion_code_names_its_level,
    criterion_has_a_known_subject,
    klassa_levels_are_zero_to_four,
)
