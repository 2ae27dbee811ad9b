"""Units and people as tables of a spreadsheet, and what the tables of all rooms share."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog import services as decisionlog
from vardkase.lib.changes import Refused, Sentence, cleaned
from vardkase.lib.sheet import Cell
from vardkase.lib.sheet_reader import Column, Row

from . import services
from .models import Person, Unit
from .units import tree

DEEPEST = 18  # levels below the top
SLASHES = re.compile(r"(?:(?<= )|^)(/+)(?= |$)")


class Table(ABC):
    """One kind of rows: its columns, what there is, and what the cells mean."""

    room: ClassVar[str]  # whose chain the decisions stand in
    kind: ClassVar[str]  # of decision
    model: ClassVar[type[Model]]
    fields: ClassVar[tuple[str, ...]]  # in the order of the columns
    needed: ClassVar[tuple[str, ...]]  # columns without which no row is known again
    required: ClassVar[tuple[str, ...]]  # what a new row cannot be without

    def __init__(self, by: Actor, at: datetime) -> None:
        self.by, self.at = by, at

    @cached_property
    @abstractmethod
    def known(self) -> dict[object, Any]:
        """What there is, by its key, in the order in which it is written out."""

    @abstractmethod
    def key(self, values: dict[str, Any]) -> object:
        """By what a row is known again."""

    @abstractmethod
    def place(self, row: Any) -> str:
        """Path of the unit that `row` belongs to."""

    def value(self, code: str, text: str) -> Any:
        """What the cell `text` means in the column `code`; raises `Refused`."""
        return text

    def text(self, row: Any, code: str) -> str:
        """The cell of `row` in the column `code`."""
        value = getattr(row, code)
        return "" if value is None else str(value)

    def cleaned(self, values: dict[str, Any]) -> dict[str, Any]:
        return cleaned(self.model, values, self.fields)

    def make(self, values: dict[str, Any]) -> Model:
        """A new row; raises `Refused` if something is lacking."""
        return self.model(**values)

    def store(self, rows: Sequence[Any]) -> None:
        self.model._default_manager.bulk_create(rows)

    def in_order(self, rows: list[Row]) -> Iterator[Row]:
        yield from rows

    def scope(self, place: str) -> Scope:
        return Scope.room(self.room, unit=place)

    def permit(self, place: str) -> None:
        decisionlog.permit(self.kind, scope=self.scope(place), by=self.by)

    @classmethod
    def label(cls, code: str) -> Sentence:
        """The column's name, put into a language when it is shown."""
        found: Sentence = cls.model._meta.get_field(code).verbose_name  # type: ignore[union-attr]
        return found

    @classmethod
    def heading(cls, code: str) -> str:
        text = str(cls.label(code))
        return text[:1].upper() + text[1:]

    @classmethod
    def columns(cls) -> list[Column]:
        """The columns by every name that a file may use: both languages', and the code."""
        return [Column(c, (cls.heading(c), *cls.names(c)), c in cls.needed) for c in cls.fields]

    @classmethod
    def names(cls, code: str) -> Iterator[str]:
        for language in ("sv", "en"):
            with translation.override(language):
                yield str(cls.label(code))

    def written(self) -> Iterator[list[Cell]]:
        """Everything as a table, headings first, that reads back as no change at all."""
        yield [self.heading(code) for code in self.fields]
        for row in self.known.values():
            yield [self.text(row, code) for code in self.fields]


def part(name: str) -> str:
    """A unit's name in a way: a slash of its own is doubled, so that none is taken for a step."""
    return SLASHES.sub(r"\1/", name)


class Ways:
    """Units by the way from the top, "Region Exempel / Sjukhuset", or by a name that is alone."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.named: dict[str, list[Unit]] = {}
        known = {unit.pk: unit for unit, _depth in tree(closed=True)}
        for unit in known.values():
            unit.parent = known.get(unit.parent_id or 0)
            self.add(unit)
        self.ids = {unit.pk: way for way, unit in self.units.items()}

    def add(self, unit: Unit) -> None:
        self.units.setdefault(way(unit), unit)
        self.named.setdefault(unit.name, []).append(unit)

    def candidates(self, typed: str) -> list[Unit]:
        return [self.units[typed]] if typed in self.units else self.named.get(typed, [])

    def find(self, typed: str) -> Unit:
        """The unit that is meant; raises `Refused`."""
        found = self.candidates(typed)
        if not found:
            raise Refused(_("There is no unit of that name."))
        if len(found) > 1:
            raise Refused(_("Several units are called that. Write the whole way from the top."))
        if found[0].closed_at:
            raise Refused(_("That unit is closed. Choose another."))
        return found[0]


def way(unit: Unit) -> str:
    """The names from the top down to `unit`."""
    above = f"{way(unit.parent)} / " if unit.parent else ""
    return above + part(unit.name)


class Units(Table):
    """Units, known by their name under another; a file neither moves nor closes any."""

    room, kind, model = "organisation", "unit.changed", Unit
    fields, needed, required = ("under", *services.UNIT), ("name",), ("name",)

    @cached_property
    def ways(self) -> Ways:
        return Ways()

    @cached_property
    def known(self) -> dict[object, Any]:
        return {name: unit for name, unit in self.ways.units.items() if not unit.closed_at}

    def value(self, code: str, text: str) -> Any:
        return self.ways.find(text) if code == "under" and text else text

    def cleaned(self, values: dict[str, Any]) -> dict[str, Any]:
        """With `parent`: the unit named, else the top, else none for the top itself."""
        under = values.pop("under", None) or None
        ready = cleaned(Unit, values, services.UNIT)
        top = next(iter(self.ways.units.values()))
        if under is None and ready["name"] != top.name:
            under = top
        return ready | {"parent": under}

    def key(self, values: dict[str, Any]) -> object:
        return way(Unit(name=values["name"], parent=values["parent"]))

    def make(self, values: dict[str, Any]) -> Model:
        unit = Unit(**values)
        if way(unit) in self.ways.units:
            raise Refused(_("That unit is closed. Open it first."))
        if way(unit).count(" / ") > DEEPEST:
            raise Refused(_("The tree is too deep there. Choose a unit nearer the top."))
        self.ways.add(unit)
        return unit

    def place(self, row: Any) -> str:
        """A new unit belongs to the nearest one above that there is."""
        while row.pk is None:
            row = row.parent
        path: str = row.path
        return path

    def text(self, row: Any, code: str) -> str:
        if code in {"under", "parent"}:
            return way(row.parent) if row.parent else ""
        return super().text(row, code)

    def store(self, rows: Sequence[Any]) -> None:
        """A level at a time, since a path holds the numbers of those above."""
        waiting = list(rows)
        while waiting:
            ready = [unit for unit in waiting if unit.parent.pk]
            if not ready:
                raise Refused(_("The unit above could not be stored."))
            for place, unit in enumerate(ready):
                unit.parent, unit.path = unit.parent, f"?{self.at.timestamp()}.{place}"
            Unit.objects.bulk_create(ready)
            for unit in ready:
                unit.path = services.path_under(unit, unit.parent)
            Unit.objects.bulk_update(ready, ["path"])
            stored = set(map(id, ready))
            waiting = [unit for unit in waiting if id(unit) not in stored]

    def in_order(self, rows: list[Row]) -> Iterator[Row]:
        """Those whose unit above is known, and then those who waited for them."""
        waiting = rows
        while waiting:
            later = [row for row in waiting if self.waits(row)]
            if len(later) == len(waiting):  # what they wait for never comes
                yield from later
                return
            held = set(map(id, later))
            yield from (row for row in waiting if id(row) not in held)
            waiting = later

    def waits(self, row: Row) -> bool:
        under = row.cells.get("under", "").strip()
        return bool(under) and not self.ways.candidates(under)

    @classmethod
    def label(cls, code: str) -> Sentence:
        return super().label("parent" if code == "under" else code)


class People(Table):
    """People, known by their login name. A new one cannot log in before an invitation."""

    room, kind, model = "organisation", "person.changed", Person
    fields, needed, required = services.PERSON, ("username",), ("name", "unit")

    @cached_property
    def ways(self) -> Ways:
        return Ways()

    @cached_property
    def known(self) -> dict[object, Any]:
        return {person.username: person for person in Person.objects.select_related("unit")}

    def value(self, code: str, text: str) -> Any:
        if code == "username":
            return services.person_values({"username": text})["username"]
        return (self.ways.find(text) if text else None) if code == "unit" else text

    def key(self, values: dict[str, Any]) -> object:
        return values["username"]

    def make(self, values: dict[str, Any]) -> Model:
        person = Person(**values)
        person.set_unusable_password()
        return person

    def place(self, row: Any) -> str:
        path: str = row.unit.path
        return path

    def text(self, row: Any, code: str) -> str:
        return self.ways.ids[row.unit_id] if code == "unit" else super().text(row, code)
