"""Checks of who is told what and when."""

from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.page import Book, Remark, of_value

MILESTONES = ("confirmed", "under_control", "actions_decided", "closed", "concluded")
HOURS = 8760  # of a year


@of_value("communication.milestones")
def the_five_milestones_are_kept(value: Any, book: Book) -> Iterator[Remark]:
    """The program knows when each is reached."""
    if tuple(row["code"] for row in value) != MILESTONES:
        told = ", ".join(MILESTONES)
        yield Remark(
            (), f"Tidpunkterna är fem: skriv {told}.", f"There are five points: write {told}."
        )


@of_value("communication.matrix")
def inform_rows_name_what_there_is(value: Any, book: Book) -> Iterator[Remark]:
    known = {
        "audience": set(book.value("communication.audiences")),
        "milestone": set(MILESTONES),
        "categories": {row["code"] for row in book.value("categories")},
        "priorities": {row["priority"] for row in book.value("priority.levels")},
    }
    for number, row in enumerate(value):
        for key, allowed in known.items():
            said = row.get(key, [])
            for one in said if isinstance(said, list) else [said]:
                if one not in allowed:
                    told = ", ".join(map(str, sorted(allowed)))
                    yield Remark(
                        (number, key),
                        f"{one} finns inte: välj {told}.",
                        f"There is no {one}: choose {told}.",
                    )


@of_value("communication.matrix")
def inform_hours_are_within_a_year(value: Any, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(value):
        if not 1 <= row["hours"] <= HOURS:
            yield Remark((number, "hours"), f"Skriv 1-{HOURS} timmar.", f"Write 1-{HOURS} hours.")


CHECKS = (
    the_five_milestones_are_kept,
    inform_rows_name_what_there_is,
    inform_hours_are_within_a_year,
)
