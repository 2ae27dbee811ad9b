"""Counting cases: how many, and how much of an imported number, by one thing at a time.

Everything here counts what `visible(reader, "stats")` shows and nothing else. So there is no small
cell to hide: a case outside the reader's own scope is in no cell at all, large or small.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    Expression,
    F,
    FilteredRelation,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, TruncDay, TruncMonth, TruncYear
from django.db.models.lookups import Exact

from vardkase.access.actor import Actor
from vardkase.access.rules import is_root, reaching, visible
from vardkase.assessment.models import Assessment
from vardkase.conclusions.models import Conclusion
from vardkase.events.models import Event
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import SWEDEN

IMPORTED = "imported:"  # before the name of a field of the system a case came from
MOST_ROWS = 1_000
LATEST = 1_000  # cases that the time to assessment is taken from
MOST_UNITS = 300  # to choose among
INCIDENTS = ("possible_incident", "confirmed_incident", "closed")
LAST_CAUSE = (
    Conclusion.objects.filter(incident__event=OuterRef("pk")).order_by("-pk").values("cause_kind")
)
type Counted = Expression | F | Subquery[Any]
BY: dict[str, Callable[[], Counted]] = {
    "year": lambda: TruncYear("reported_at", tzinfo=SWEDEN),
    "month": lambda: TruncMonth("reported_at", tzinfo=SWEDEN),
    "unit": lambda: F("unit__name"),
    "category": lambda: F("category"),
    "source": lambda: F("source"),
    "kind": lambda: F("kind"),
    "state": lambda: F("state"),
    "priority": lambda: F("priority"),
    "reporter_kind": lambda: F("reporter_kind"),
    "asset": lambda: F("hit__asset__name"),  # a case that hit two assets counts for both
    "supplier": lambda: F("supplier__name"),
    "cause": lambda: Subquery(LAST_CAUSE[:1]),
}
KEYS = {"unit": F("unit"), "asset": F("hit__asset"), "supplier": F("supplier")}
IN_ORDER = {"year", "month", "priority"}
STEPS = {"day": TruncDay, "month": TruncMonth, "year": TruncYear}


class UnknownField(ValueError):
    """Nothing can be counted by that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which cases are counted."""

    since: datetime | None = None
    until: datetime | None = None
    incidents_only: bool = False
    under: str = ""  # path of a unit: its cases, and those of the units below it


@dataclass(frozen=True, slots=True)
class Row:
    """One value with the cases that have it, and the sum of the number asked for.

    `key` is the id behind a name that two rows may share, such as a unit's.
    """

    value: Any
    count: int
    total: int | None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """All of the chosen cases together; `total` is of those that `incidents_only` leaves."""

    events: int
    incidents: int
    total: int | None
    first: datetime | None
    last: datetime | None


def counted(reader: Actor, by: str, choice: Choice | None = None, *, total: str = "") -> list[Row]:
    """At most 1,000 values, the most frequent first, times in order. Raises `UnknownField`."""
    value = expression(by)
    rows = cases(reader, choice or Choice())
    if by == "asset":
        now = Q(asset_links__ended_at=None)
        rows = rows.annotate(hit=FilteredRelation("asset_links", condition=now))
    found: Any = rows.annotate(value=value, key=KEYS.get(by, Value(None, BigIntegerField())))
    found = found.values("value", "key").annotate(count=Count("pk"))
    if total:
        found = found.annotate(total=Sum(number(total)))
    order = ["value"] if by in IN_ORDER else ["-count", "value", "key"]
    return [
        Row(row["value"], row["count"], row.get("total"), row["key"])
        for row in found.order_by(*order)[:MOST_ROWS]
    ]


def whole(reader: Actor, choice: Choice | None = None, *, total: str = "") -> Row:
    """All of them together."""
    wanted: dict[str, Any] = {"count": Count("pk")}
    if total:
        wanted["total"] = Sum(number(total))
    row = cases(reader, choice or Choice()).aggregate(**wanted)
    return Row(None, row["count"], row.get("total"))


def tally(reader: Actor, choice: Choice, *, total: str = "") -> Tally:
    """Events and, of them, incidents, with the first and the last moment of a report."""
    incident = Q(state__in=INCIDENTS)
    wanted: dict[str, Any] = {
        "events": Count("pk"), "incidents": Count("pk", filter=incident),
        "first": Min("reported_at"), "last": Max("reported_at"),
    }  # fmt: skip
    if total:
        wanted["total"] = Sum(number(total), filter=incident if choice.incidents_only else None)
    row = cases(reader, replace(choice, incidents_only=False)).aggregate(**wanted)
    return Tally(**{"total": None, **row})


def trend(reader: Actor, choice: Choice, step: str) -> list[tuple[datetime, int, int]]:
    """(step, part, count): the part is the priority among incidents, else 1 for an incident."""
    part = F("priority") if choice.incidents_only else is_incident()
    found = cases(reader, choice).annotate(
        step=STEPS[step]("reported_at", tzinfo=SWEDEN), part=part
    )
    rows = found.values("step", "part").annotate(count=Count("pk")).order_by("step", "part")
    return list(rows.values_list("step", "part", "count"))


def is_incident() -> Case:
    return Case(When(state__in=INCIDENTS, then=Value(1)), default=Value(0))


def judged(reader: Actor, choice: Choice) -> dict[tuple[int | None, int | None], int]:
    """How many incidents the last assessment put at each (impact, urgency), 4 highest to 1."""
    later = Assessment.objects.filter(event=OuterRef("event"), pk__gt=OuterRef("pk"))
    rows = (
        Assessment.objects.filter(
            ~Exists(later),
            event__in=cases(reader, replace(choice, incidents_only=True)).values("pk"),
            impact__gt=0,
            urgency__gt=0,
        )
        .order_by()
        .values("impact", "urgency")
        .annotate(count=Count("pk"))
    )
    return {(row["impact"], row["urgency"]): row["count"] for row in rows}


def time_to_assessment(reader: Actor, choice: Choice) -> tuple[timedelta, int] | None:
    """The median from report to first assessment, and of how many: the latest 1,000 at most."""
    first = Assessment.objects.filter(event=OuterRef("pk")).order_by("pk").values("at")[:1]
    rows = (
        cases(reader, choice)
        .exclude(state__in=("unassessed", "waiting", "merged"))
        .order_by("-reported_at", "-pk")
        .annotate(assessed_at=Subquery(first))
        .values_list("reported_at", "assessed_at")[:LATEST]
    )
    times = [assessed - reported for reported, assessed in rows if assessed]
    return (median(times), len(times)) if times else None


def cases(reader: Actor, choice: Choice) -> QuerySet[Event]:
    found = Event.objects.filter(visible(reader, "stats")).order_by()
    if choice.since:
        found = found.filter(reported_at__gte=choice.since)
    if choice.until:
        found = found.filter(reported_at__lt=choice.until)
    if choice.incidents_only:
        found = found.filter(state__in=INCIDENTS)
    if choice.under:
        found = found.filter(unit__path__startswith=choice.under)
    return found


def expression(by: str) -> Counted:
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


def imported_fields(reader: Actor) -> dict[str, bool]:
    """The names of the fields that imported cases brought along, and whether it holds numbers."""
    found = Event.objects.filter(visible(reader, "stats"), Q(imported__isnull=False)).order_by()
    keys = Func(F("imported"), function="jsonb_object_keys", output_field=TextField())
    names = sorted(found.annotate(key=keys).values_list("key", flat=True).distinct()[:100])
    if not names:
        return {}
    numbers = found.aggregate(**{f"n{place}": holds(name) for place, name in enumerate(names)})
    return {name: bool(numbers[f"n{place}"]) for place, name in enumerate(names)}


def holds(name: str) -> BoolOr:
    """Whether any case has a number in the imported field `name`."""
    kind = Func(KeyTransform(name, "imported"), function="jsonb_typeof", output_field=TextField())
    return BoolOr(Exact(kind, Value("number")))


def units(reader: Actor) -> list[Unit]:
    """The units whose cases `reader` may count, in the order of the tree."""
    mine, all_of_them = Q(pk__in=[]), reader.key == "system"
    for grant, letter in reaching(reader, "stats"):
        all_of_them = all_of_them or letter == "A" or is_root(grant.unit)
        mine |= Q(path__startswith=grant.unit)
    return list(Unit.objects.filter(Q() if all_of_them else mine)[:MOST_UNITS])
