"""Which assets an event hits: added when it is known, ended when it proves wrong."""

from datetime import datetime

from django.db.models import QuerySet

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.decisionlog.services import decision

from .models import AssetLink, Event
from .standing import under_lock


def hit(case: Event) -> QuerySet[AssetLink]:
    """The assets that `case` is known to hit, each with its classification."""
    links = AssetLink.objects.filter(event=case, ended_at=None)
    return links.select_related("asset", "asset__unit").order_by("asset__name")


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
