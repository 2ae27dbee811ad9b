"""Reading the tree of units: where one stands, and what it has from above."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from vardkase.lib.built import Built
from vardkase.lib.paging import Order
from vardkase.lib.sorting import folded

from .models import Unit

BY_NAME = Order(("sort_key", "id"), texts=frozenset({"sort_key"}))


@dataclass(frozen=True, slots=True)
class Inherited:
    """A text, and the unit that it comes from; empty if no unit above says anything."""

    text: str = ""
    unit: Unit | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class UnitCard:
    """How a unit is reached and reports, each line from the nearest unit that has one."""

    phone: Inherited
    email: Inherited
    routine: Inherited
    form_note: Inherited


def inherited(unit: Unit) -> UnitCard:
    """What holds for `unit`: its own words, else those of the nearest unit above; one statement."""
    chain = [unit, *above(unit)[::-1]]

    def nearest(field: str) -> Inherited:
        return next((Inherited(t, u) for u in chain if (t := getattr(u, field))), Inherited())

    return UnitCard(*(nearest(f) for f in ("phone", "email", "routine", "form_note")))


def ids_above(unit: Unit) -> list[int]:
    """The ids on the way from the root down to the unit above `unit`."""
    return [int(part) for part in unit.path.strip("/").split("/")[:-1]]


def above(unit: Unit) -> list[Unit]:
    """The units above `unit`, the root first."""
    ids = ids_above(unit)
    return list(Unit.objects.filter(pk__in=ids).order_by("path")) if ids else []


def with_ways(units: Iterable[Unit]) -> list[tuple[Unit, str]]:
    """Each unit with the names of those above it, "Region Exempel / Sjukhuset"; one statement."""
    rows = list(units)
    ids = {pk for unit in rows for pk in ids_above(unit)}
    names = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [(unit, " / ".join(names.get(pk, "?") for pk in ids_above(unit))) for unit in rows]


def tree(*, closed: bool = False) -> list[tuple[Unit, int]]:
    """All units in the order of the tree, Swedish among brothers, with their depth from 0.

    Open ones, or with `closed` all.
    """
    parts: dict[int | None, list[Unit]] = {}
    for unit in ALL.objects() if closed else OPEN.objects():
        parts.setdefault(unit.parent_id, []).append(unit)
    found: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(parts.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append((unit, depth))
        waiting += [(part, depth + 1) for part in reversed(parts.get(unit.pk, []))]
    return found


def units(*, named: str = "", closed: bool = False) -> QuerySet[Unit]:
    """Open or closed units whose name holds `named`."""
    rows = Unit.objects.exclude(closed_at=None) if closed else Unit.objects.filter(closed_at=None)
    return rows.filter(sort_key__contains=folded(named)) if named else rows


def subtree(unit: Unit, *, field: str = "unit") -> Q:
    """Rows whose `field` is `unit` or one below it; the root holds every row."""
    if unit.parent_id is None:
        return Q()
    return Q(**{f"{field}__path__startswith": unit.path})


ALL = Built(lambda: Unit.objects.order_by("sort_key", "pk"))
OPEN = Built(lambda: Unit.objects.filter(closed_at=None).order_by("sort_key", "pk"))
