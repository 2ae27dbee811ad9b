"""Reading the sources to check: those of the reader's units, and how they stand."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from vardkase.access.actor import Actor
from vardkase.access.rules import NOTHING, reaching

from . import rules
from .models import Check, Source

WATCH = "watch_sources"


@dataclass(frozen=True, slots=True)
class Standing:
    """A source, when it is due, and its last check."""

    source: Source
    due_at: datetime
    overdue: bool
    last: Check | None


def seen(reader: Actor) -> Q:
    """Which sources exist for `reader`: those of the units that he watches sources in."""
    if reader.key == "system":
        return Q()
    found = NOTHING
    for grant, letter in reaching(reader, WATCH):
        if letter == "A":
            return Q()
        found |= Q(unit__path__startswith=grant.unit)
    return found


def sources(reader: Actor, *, closed: bool = False) -> QuerySet[Source]:
    rows = Source.objects.filter(seen(reader), closed_at__isnull=not closed)
    return rows.select_related("unit")


def source(reader: Actor, pk: int) -> Source:
    """One source; raises `Source.DoesNotExist` where the reader may not see it."""
    return Source.objects.filter(seen(reader)).select_related("unit").get(pk=pk)


def standings(rows: QuerySet[Source], at: datetime) -> list[Standing]:
    """Each of `rows` as it stands; two statements. What is due first is first."""
    known = list(rows)
    last = Check.objects.filter(source__in=known).order_by("source_id", "-pk").distinct("source_id")
    checks = {check.source_id: check for check in last}
    found = [standing(one, checks.get(one.pk), at) for one in known]
    return sorted(found, key=lambda row: row.due_at)


def standing(source: Source, last: Check | None, at: datetime) -> Standing:
    due_at = rules.due(since(source), source.days)
    return Standing(source, due_at, at > due_at and source.closed_at is None, last)


def since(source: Source) -> datetime:
    """What the next check is counted from."""
    return source.checked_at or source.begun_at


def overdue(reader: Actor, at: datetime) -> int:
    """How many sources should have been checked by now."""
    return sum(
        at > rules.due(checked or begun, days)
        for checked, begun, days in sources(reader)
        .order_by()
        .values_list("checked_at", "begun_at", "days")
    )
