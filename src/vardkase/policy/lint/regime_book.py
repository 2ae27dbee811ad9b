"""What the checks of regimes read: a version with what it amends, and the facts there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from vardkase.policy.facts import Catalogue, catalogue_of
from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Book, Page, shipped
from vardkase.policy.parameter import DATA, UnknownParameter, file_of, parse


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a regime's file, with all it takes over from the version before."""

    id: str
    number: int
    since: date
    value: dict[str, Any]
    own: frozenset[str]  # the keys that this version itself says

    @property
    def place(self) -> Place:
        return ("version", self.number, "value")

    def says(self, place: Place) -> bool:
        """What was taken over is told of where it was written."""
        return not place or place[0] in self.own

    def grounds(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Every row that says where it stands in law."""
        yield from _grounds(self.value, ())


def _grounds(value: Any, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    if isinstance(value, dict):
        if "level" in value and "status" in value:
            yield place, value
        for key, part in value.items():
            yield from _grounds(part, (*place, key))
    elif isinstance(value, list):
        for row, part in enumerate(value):
            yield from _grounds(part, (*place, row))


def drafts(page: Page) -> Iterator[Draft]:
    """The versions of a page, each as it stands; a repeal is none."""
    before = _ours_before(page)
    for number, row in enumerate(page.raw["version"]):
        if "value" not in row:
            before = {}
            continue
        said = row["value"]
        before = {**before, **said} if said.get("amends") else dict(said)
        yield Draft(page.id, number, row["since"], before, frozenset(said))


def _ours_before(page: Page) -> dict[str, Any]:
    """What an organisation's file amends: ours, as it stands the day before."""
    path = file_of(page.id, DATA)
    if page.path.is_relative_to(DATA) or not path.is_file():
        return {}
    value: dict[str, Any] = {}
    for version in parse(path.read_text(encoding="utf-8")).versions:
        if version.since < page.raw["version"][0]["since"]:
            said = version.value or {}
            value = {**value, **said} if said.get("amends") else said
    return value


def known_facts(draft_facts: list[dict[str, Any]], book: Book) -> Catalogue:
    """Ours, the organisation's, and those of the regime's own."""
    rows = [*shipped("facts"), *book.value("facts"), *draft_facts]
    return catalogue_of(rows)


def regime_exists(id: str, book: Book) -> bool:
    try:
        return f"regimes.{id}" in book.pages or file_of(f"regimes.{id}", DATA).is_file()
    except UnknownParameter:  # no regime could have such an id
        return False
