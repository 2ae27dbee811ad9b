"""What changes about assets. Nothing is deleted: an old case still shows what it hit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision, permit
from vardkase.lib.changes import Refused, cleaned
from vardkase.organisation.editing import add, edit
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.rules import responsibilities

from . import rules
from .models import Asset, Dependant, Responsible

FIELDS = (
    "name", "kind", "unit", "owner", "supplier", *rules.ASPECTS, "essential", "crisis_plan",
    "fallback", "safeguards", "other_names", "note",
)  # fmt: skip
KIND = "asset.changed"


def room(unit: Unit) -> Scope:
    return Scope.room("assets", unit=unit.path)


def add_asset(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Asset:
    """Raises `Refused`."""
    classed(values, at)
    scope = room(values["unit"])
    return add(Asset(), values, fields=FIELDS, kind=KIND, scope=scope, by=by, at=at)


def change_asset(
    asset: Asset, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Asset:
    """Where it is and where it goes must both be the actor's; raises `Refused`, `Overtaken`."""
    classed(values, at)
    permit(KIND, scope=room(values.get("unit") or asset.unit), by=by)
    return edit(
        asset, values, fields=FIELDS, kind=KIND, scope=room(asset.unit), by=by, at=at, seen=seen
    )


def classed(values: Mapping[str, Any], at: datetime) -> None:
    wrong = [
        aspect
        for aspect in rules.ASPECTS
        if values.get(aspect) is not None and values[aspect] not in rules.levels(aspect, at)
    ]
    if wrong:
        raise Refused({aspect: _("Choose a level from 0 to 4.") for aspect in wrong})


def close_asset(asset: Asset, *, closed: bool, by: Actor, at: datetime) -> None:
    """Take the asset out of choices, or back."""
    with decision(KIND, scope=room(asset.unit), by=by, at=at) as log:
        Asset.objects.filter(pk=asset.pk).update(closed_at=at if closed else None)
        log.note(asset=asset.pk, closed=closed)


def add_dependant(
    asset: Asset, *, unit: Unit | None = None, name: str = "", contact: str = "",
    by: Actor, at: datetime,
) -> Dependant:  # fmt: skip
    """Somebody who must hear at once when `asset` is hit: a unit, or others with a contact."""
    ready = cleaned(Dependant, {"name": name, "contact": contact}, ("name", "contact"))
    if unit is None and not ready["name"]:
        raise Refused({"name": _("Choose a unit, or write who it is.")})
    if unit is None and not ready["contact"]:
        raise Refused({"contact": _("Write how they are reached.")})
    with decision(KIND, scope=room(asset.unit), by=by, at=at) as log:
        known = Dependant.objects.filter(asset=asset, unit=unit, name=ready["name"], ended_at=None)
        if known.exists():
            raise Refused(_("That dependant is there already."))
        made = Dependant.objects.create(asset=asset, unit=unit, added_at=at, **ready)
        log.note(asset=asset.pk, dependant=made.pk, unit=unit.pk if unit else None, **ready)
    return made


def end_dependant(row: Dependant, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=room(row.asset.unit), by=by, at=at) as log:
        Dependant.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(asset=row.asset_id, dependant_ended=row.pk)


def give_responsibility(
    person: Person, code: str, *, asset: Asset, by: Actor, at: datetime
) -> Responsible:
    """Name `person` as the one who answers for `code` of `asset`; raises `Refused`."""
    with decision(KIND, scope=room(asset.unit), by=by, at=at) as log:
        if code not in responsibilities(at, on="asset"):
            raise Refused({"code": _("Choose one of the responsibilities.")})
        if Responsible.objects.filter(asset=asset, code=code, person=person, ended_at=None):
            raise Refused({"person": _("This person has that responsibility already.")})
        row = Responsible.objects.create(asset=asset, code=code, person=person, since=at)
        log.note(asset=asset.pk, responsible={"code": code, "person": person.pk})
    return row


def end_responsibility(row: Responsible, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=room(row.asset.unit), by=by, at=at) as log:
        Responsible.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(
            asset=row.asset_id, responsible_no_more={"code": row.code, "person": row.person_id}
        )
