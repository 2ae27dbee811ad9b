"""What a check reads and what it says: a page is one policy file, a book all that hold together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vardkase.policy.lint.lines import Place, nearest
from vardkase.policy.parameter import DATA, file_of, parse


class Remark(NamedTuple):
    """What is wrong at a place of a page, or of a value, and what to do about it."""

    place: Place
    sv: str
    en: str
    is_language: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend: where it stands, which check says so, and a sentence that helps."""

    file: Path
    line: int
    check: str
    severity: str  # "fault": the file must not be used; "warning": look at it
    sv: str
    en: str

    @property
    def sentence(self) -> str:
        return self.sv


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    id: str
    raw: dict[str, Any]
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        return nearest(self.lines, place)

    def values(self) -> Iterator[tuple[Place, Any]]:
        for row, version in enumerate(self.raw["version"]):
            if "value" in version:
                yield ("version", row, "value"), version["value"]


@cache
def shipped(id: str) -> Any:
    """The newest value of that id that we ship."""
    text = file_of(id, DATA).read_text(encoding="utf-8")
    return parse(text, name=id).versions[-1].value


@dataclass(frozen=True, slots=True)
class Book:
    """The pages of the folder, only those whose shape is right; ours stand in for the rest."""

    today: date
    pages: dict[str, Page]

    def value(self, id: str) -> Any:
        """The newest value of that id, the folder's over ours."""
        found = [value for _, value in self.pages[id].values()] if id in self.pages else []
        return found[-1] if found else shipped(id)


Look = Callable[[Page, Book], Iterator[Remark]]
LookAtValue = Callable[[Any, Book], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at the pages of some ids, at all pages if none is named."""

    name: str
    ids: tuple[str, ...]
    look: Look
    severity: str

    def findings(self, page: Page, book: Book) -> Iterator[Finding]:
        if self.ids and page.id not in self.ids:
            return
        for place, sv, en, _ in self.look(page, book):
            yield Finding(page.path, page.line(place), self.name, self.severity, sv, en)


def _named(look: Callable[..., Any]) -> str:
    return look.__name__.replace("_", "-")


def of_page(*, severity: str = "fault") -> Callable[[Look], Check]:
    """Make a check, for every page, of a function; its name is the check's."""
    return lambda look: Check(_named(look), (), look, severity)


def of_value(*ids: str, severity: str = "fault") -> Callable[[LookAtValue], Check]:
    """Make a check of a function that looks at one value of the pages of those ids."""

    def check(look: LookAtValue) -> Check:
        def each_value(page: Page, book: Book) -> Iterator[Remark]:
            for place, value in page.values():
                for remark in look(value, book):
                    yield remark._replace(place=place + remark.place)

        return Check(_named(look), ids, each_value, severity)

    return check
