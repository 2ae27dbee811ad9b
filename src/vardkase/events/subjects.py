"""Cases by what they are about, a unit, an asset or a supplier, and how many of them (S2-046)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.organisation.models import Unit
from vardkase.organisation.units import subtree
from vardkase.suppliers.models import Supplier

from .models import AssetLink, Event
from .queries import events, hitting


def of_unit(reader: Actor, unit: Unit) -> QuerySet[Event]:
    """The cases of `unit` and of the units below it that `reader` may read."""
    return events(reader).filter(subtree(unit))


def of_asset(reader: Actor, asset: Asset) -> QuerySet[Event]:
    """The cases that hit `asset`, or may."""
    return events(reader).filter(hitting(asset.pk))


def of_supplier(reader: Actor, supplier: Supplier) -> QuerySet[Event]:
    """The cases that `supplier` reported, and those that hit what it supplies."""
    own = Event.objects.filter(supplier=supplier).order_by().values("pk")
    links = AssetLink.objects.filter(asset__supplier=supplier, ended_at=None)
    return events(reader).filter(Q(pk__in=own.union(links.order_by().values("event"))))


@dataclass(frozen=True, slots=True)
class Year:
    """How many cases were reported in a year (in Sweden), in all and by state."""

    year: int
    count: int
    states: dict[str, int]


def tally(rows: QuerySet[Event]) -> list[Year]:
    """The cases of `rows` by year, the latest first; one statement."""
    by = rows.order_by().annotate(year=ExtractYear("reported_at")).values("year", "state")
    years: dict[int, dict[str, int]] = {}
    for row in by.annotate(count=Count("pk")).order_by("-year", "state"):
        years.setdefault(row["year"], {})[row["state"]] = row["count"]
    return [Year(year, sum(states.values()), states) for year, states in years.items()]
