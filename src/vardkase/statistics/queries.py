"""Counting cases: how many, and how much of an imported number, by one thing at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Expression,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    TextField,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth, TruncYear

from vardkase.access.actor import Actor
from vardkase.access.rules import visible
from vardkase.events.models import Event
from vardkase.policy.parameter import SWEDEN

IMPORTED = "imported:"  # before the name of a field of the system a case came from
MOST_ROWS = 1_000
INCIDENTS = ("possible_incident", "confirmed_incident", "closed")
BY: dict[str, Callable[[], Expression | F]] = {
    "year": lambda: TruncYear("reported_at", tzinfo=SWEDEN),
    "month": lambda: TruncMonth("reported_at", tzinfo=SWEDEN),
    "unit": lambda: F("unit__name"),
    "category": lambda: F("category"),
    "source": lambda: F("source"),
    "kind": lambda: F("kind"),
    "state": lambda: F("state"),
    "priority": lambda: F("priority"),
    "reporter_kind": lambda: F("reporter_kind"),
}


class UnknownField(ValueError):
    """Nothing can be counted by that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which cases are counted."""

    since: datetime | None = None
    until: datetime | None = None
    incidents_only: bool = False
    where: tuple[str, str] | None = None  # a name of `BY` or an imported field, and its value


@dataclass(frozen=True, slots=True)
class Row:
    """One value with the cases that have it, and the sum of the number asked for."""

    value: Any
    count: int
    total: int | None


def counted(reader: Actor, by: str, choice: Choice | None = None, *, total: str = "") -> list[Row]:
    """At most 1,000 values, the most frequent first, times in order. Raises `UnknownField`."""
    rows = cases(reader, choice or Choice()).annotate(value=expression(by)).values("value")
    found: QuerySet[Any, Any] = rows.annotate(count=Count("pk"))
    if total:
        found = found.annotate(total=Sum(number(total)))
    order = ["value"] if by in {"year", "month", "priority"} else ["-count", "value"]
    return [
        Row(row["value"], row["count"], row.get("total"))
        for row in found.order_by(*order)[:MOST_ROWS]
    ]


def whole(reader: Actor, choice: Choice | None = None, *, total: str = "") -> Row:
    """All of them together."""
    wanted: dict[str, Any] = {"count": Count("pk")}
    if total:
        wanted["total"] = Sum(number(total))
    row = cases(reader, choice or Choice()).aggregate(**wanted)
    return Row(None, row["count"], row.get("total"))


def cases(reader: Actor, choice: Choice) -> QuerySet[Event]:
    found = Event.objects.filter(visible(reader, "stats")).order_by()
    if choice.since:
        found = found.filter(reported_at__gte=choice.since)
    if choice.until:
        found = found.filter(reported_at__lt=choice.until)
    if choice.incidents_only:
        found = found.filter(state__in=INCIDENTS)
    if choice.where:
        name, value = choice.where
        found = found.annotate(wanted=Cast(expression(name), TextField())).filter(wanted=value)
    return found


def expression(by: str) -> Expression | F:
    if by.startswith(IMPORTED):
        return KeyTextTransform(by.removeprefix(IMPORTED), "imported")
    if by not in BY:
        raise UnknownField(by)
    return BY[by]()


def number(field: str) -> Expression:
    """An imported field as a whole number; what is none counts as nothing."""
    text = KeyTextTransform(field, "imported")
    digits = Func(
        text, function="substring", template="%(function)s(%(expressions)s from '^-?[0-9]{1,18}$')"
    )
    return Cast(digits, BigIntegerField())


def imported_fields(reader: Actor) -> list[str]:
    """The names of the fields that imported cases brought along."""
    keys = Func(F("imported"), function="jsonb_object_keys", output_field=TextField())
    found = Event.objects.filter(visible(reader, "stats"), ~Q(imported=None)).order_by()
    return sorted(found.annotate(key=keys).values_list("key", flat=True).distinct()[:100])
