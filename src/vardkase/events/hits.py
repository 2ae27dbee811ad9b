"""Which assets an event hits: added when it is known, ended when it proves wrong."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Value

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.decisionlog.services import decision
from vardkase.lib.sorting import folded

from .models import AssetLink, Event
from .standing import under_lock

SHORTEST = 3  # letters of a name: a shorter one stands in too many words
SHOWN = 100  # assets of one case


def at_stake(case: Event) -> list[Asset]:
    """The assets that `case` hits (`is_hit`), and those essential to society that its reporter
    names: one statement. The essential ones raise the question of national security (S2-057)."""
    links = AssetLink.objects.filter(event=case, asset=OuterRef("pk"), ended_at=None)
    named, found = case.system.strip(), Q(is_hit=True)
    if len(named) >= SHORTEST:
        told = Q(told__contains=F("sort_key")) | Q(other_names__icontains=named)
        found |= told & Q(essential=True, closed_at=None)
    rows = Asset.objects.annotate(is_hit=Exists(links), told=Value(folded(named)))
    return list(rows.filter(found).order_by("sort_key", "pk")[:SHOWN])


def essential(case: Event) -> list[Asset]:
    """What of the case is essential to society, as far as is known."""
    return [asset for asset in at_stake(case) if asset.essential]


def link(event: Event, asset: Asset, *, by: Actor, at: datetime) -> AssetLink:
    """Say that the event hits `asset`; said twice it stands once."""
    kind = "asset.linked"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        made, _ = AssetLink.objects.get_or_create(
            event=case, asset=asset, ended_at=None, defaults={"at": at, "by": by.key}
        )
        log.note(asset=asset.name)
    return made


def unlink(event: Event, asset: Asset, *, by: Actor, at: datetime) -> None:
    """Say that the event does not hit `asset` after all; raises `AssetLink.DoesNotExist`."""
    kind = "asset.unlinked"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        known = AssetLink.objects.get(event=case, asset=asset, ended_at=None)
        known.ended_at = at
        known.save(update_fields=["ended_at"])
        log.note(asset=asset.name)
