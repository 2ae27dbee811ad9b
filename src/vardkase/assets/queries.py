"""Reading assets: lists, the one, who depends on it, and what stands in a text."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from vardkase.lib.paging import Order
from vardkase.lib.sorting import folded
from vardkase.organisation.models import Unit
from vardkase.organisation.units import subtree

from .models import Asset, Dependant

BY_NAME = Order(("sort_key", "id"), texts=frozenset({"sort_key"}))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of assets is narrowed to."""

    named: str = ""
    kind: str = ""
    unit: Unit | None = None
    essential: bool = False
    demand: int | None = None  # at least this level in some aspect
    closed: bool = False


def assets(wanted: Wanted = Wanted()) -> QuerySet[Asset]:
    """Assets in use, or given up, that fit `wanted`, each with unit, owner and supplier."""
    rows = Asset.objects.select_related("unit", "owner", "supplier")
    rows = rows.exclude(closed_at=None) if wanted.closed else rows.filter(closed_at=None)
    if wanted.named:
        found = Q(sort_key__contains=folded(wanted.named))
        rows = rows.filter(found | Q(other_names__icontains=wanted.named))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.unit:
        rows = rows.filter(subtree(wanted.unit))
    if wanted.essential:
        rows = rows.filter(essential=True)
    if wanted.demand is not None:
        rows = rows.filter(demands(wanted.demand))
    return rows


def demands(level: int) -> Q:
    return (
        Q(confidentiality__gte=level) | Q(integrity__gte=level) | Q(availability__gte=level)
    )  # fmt: skip


def without_night_call() -> QuerySet[Asset]:
    """Assets essential to society whose supplier is not reached around the clock (S2-052)."""
    rows = Asset.objects.filter(essential=True, closed_at=None).exclude(supplier=None)
    return rows.filter(supplier__around_the_clock=False).select_related("supplier", "unit")


def dependants(assets: Iterable[Asset | int]) -> QuerySet[Dependant]:
    """Who must hear at once when these assets are hit (S2-086)."""
    rows = Dependant.objects.filter(asset__in=list(assets), ended_at=None)
    return rows.select_related("unit", "asset").order_by("asset__sort_key", "pk")


def owning_unit(hit: Iterable[Asset]) -> Unit | None:
    """The unit with most insight in what happened: it owns most of what was hit (S2-102)."""
    counts: dict[int, int] = {}
    units: dict[int, Unit] = {}
    for asset in hit:
        units[asset.unit_id] = asset.unit
        counts[asset.unit_id] = counts.get(asset.unit_id, 0) + 1 + asset.essential
    return units[max(counts, key=lambda pk: counts[pk])] if counts else None
