"""How rows of another system become events of ours: a mapping in TOML, and what it makes. Pure.

key = ["Case no"]                 # columns that together know a row: imported once
null = ["", "-"]                  # what stands for nothing
reference = "Case no"
what = ["Description", "Type"]    # the first that is not empty
title = ["Type", "Place"]         # joined; without it the first sentence of `what`
reported_at = { column = "Date", format = "%Y-%m-%d" }
priority = { column = "Severity", map = { High = 2, Low = 4 }, default = 3 }
category = { column = "Type", map = { Theft = "physical_damage" } }
[keep]                            # kept as they are, for statistics; text, integer or boolean
affected = { column = "Individuals", type = "integer" }
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vardkase.lib.text import Unstorable, storable
from vardkase.policy.parameter import SWEDEN

MOMENTS = ("reported_at", "discovered_at", "happened_at", "ended_at")
CHOICES = ("state", "kind", "source", "category", "priority", "care_harm")
LONGEST = 100_000  # characters in one cell
TRUE, FALSE = {"true", "1", "yes", "ja", "sant"}, {"false", "0", "no", "nej", "falskt"}


class BadMapping(ValueError):
    """The mapping does not say what is needed, or names a column that the file has not."""


class BadRow(ValueError):
    """A cell cannot be read as what the mapping says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCase:
    """One row, understood. Times are aware; a day without an hour is noon in Sweden."""

    line: int
    key: str
    what: str
    title: str = ""
    reference: str = ""
    system: str = ""
    moments: dict[str, datetime] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """The parsed TOML; `raw` holds its tables."""

    raw: dict[str, Any]

    @classmethod
    def parse(cls, text: str) -> "Mapping":
        """Raises `BadMapping` with a sentence that helps."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadMapping(f"the mapping is not TOML: {error}") from error
        for name in ("key", "what", "reported_at"):
            if name not in raw:
                raise BadMapping(f"the mapping lacks `{name}`")
        return cls(raw)

    def columns(self) -> set[str]:
        """Every column that the mapping names."""
        raw, found = self.raw, {*self.raw["key"], *listed(self.raw["what"])}
        found |= {*listed(raw.get("title", [])), *listed(raw.get("reference", []))}
        found |= {*listed(raw.get("system", []))}
        tables = [raw[n] for n in (*MOMENTS, *CHOICES) if isinstance(raw.get(n), dict)]
        found |= {table["column"] for table in [*tables, *raw.get("keep", {}).values()]}
        return found

    def old_case(self, row: dict[str, str], *, line: int) -> OldCase:
        """`row` as an old case; raises `BadRow` with column and reason."""
        cells = {name: self.cell(value) for name, value in row.items()}
        what = next((cells[c] for c in listed(self.raw["what"]) if cells[c]), "")
        if not what:
            raise BadRow(f"{', '.join(listed(self.raw['what']))}: nothing says what happened")
        if all(not cells[c] for c in self.raw["key"]):
            raise BadRow(f"{', '.join(self.raw['key'])}: nothing to know the row by")
        return OldCase(
            line=line,
            key="\x1f".join(cells[c] for c in self.raw["key"]),
            what=what,
            title=" – ".join(cells[c] for c in listed(self.raw.get("title", [])) if cells[c]),
            reference=" ".join(cells[c] for c in listed(self.raw.get("reference", [])))[:100],
            system=" ".join(cells[c] for c in listed(self.raw.get("system", [])))[:300],
            moments=dict(self.moments(cells)),
            choices=dict(self.choices(cells)),
            kept={
                name: kept(row[how["column"]] or "", empty=not cells[how["column"]], how=how)
                for name, how in self.raw.get("keep", {}).items()
            },
        )

    def cell(self, value: str | None) -> str:
        text = (value or "").strip()
        try:
            storable(text)
        except Unstorable as error:
            raise BadRow(f"holds {error}") from None
        return "" if text in self.raw.get("null", []) else text

    def moments(self, cells: dict[str, str]) -> Iterator[tuple[str, datetime]]:
        for name in MOMENTS:
            if (how := self.raw.get(name)) and (text := cells[how["column"]]):
                yield name, moment(text, how)

    def choices(self, cells: dict[str, str]) -> Iterator[tuple[str, Any]]:
        for name in CHOICES:
            how = self.raw.get(name)
            if isinstance(how, dict):
                text = cells[how["column"]]
                found = how.get("map", {}).get(text, how.get("default"))
                if found is None and text:
                    raise BadRow(f"{how['column']}: {text!r} stands in no row of its map")
                how = found
            if how is not None:
                yield name, how


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def moment(text: str, how: dict[str, str]) -> datetime:
    try:
        found = datetime.strptime(text, how.get("format", "%Y-%m-%d"))  # noqa: DTZ007
    except ValueError:
        raise BadRow(
            f"{how['column']}: {text!r} is no time like {how.get('format', '%Y-%m-%d')}"
        ) from None
    if "%H" not in how.get("format", ""):
        found = found.replace(hour=12)
    return found if found.tzinfo else found.replace(tzinfo=SWEDEN)


def kept(value: str, *, empty: bool, how: dict[str, str]) -> Any:
    """The cell as its type; text stays to the letter, its spaces too."""
    text, kind = value.strip(), how.get("type", "text")
    if empty:
        return None
    if kind == "integer":
        digits = text.replace(" ", "").replace("\u00a0", "")
        if not digits.lstrip("-").isdecimal() or len(digits) > 18:
            raise BadRow(f"{how['column']}: {text!r} is no whole number")
        return int(digits)
    if kind == "boolean":
        if text.lower() not in TRUE | FALSE:
            raise BadRow(f"{how['column']}: {text!r} is neither yes nor no")
        return text.lower() in TRUE
    return value


def rows(text: str, mapping: Mapping) -> Iterator[OldCase | tuple[int, str]]:
    """Each row as an old case, or as (line, what is wrong). Raises `BadMapping`."""
    form = mapping.raw.get("file", {})
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=form.get("delimiter", ","))
    if missing := mapping.columns() - set(reader.fieldnames or []):
        raise BadMapping(f"the file has no column {', '.join(sorted(missing))}")
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, str(error)
            continue
        if any(len(cell) > LONGEST for cell in row.values() if isinstance(cell, str)):
            yield reader.line_num, f"a cell holds more than {LONGEST} characters"
            continue
        try:
            yield mapping.old_case(row, line=reader.line_num)
        except BadRow as error:
            yield reader.line_num, str(error)
