"""What changes about the sources to check. A check itself is a verb: `workflow.checking`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision, permit
from vardkase.organisation.editing import add, edit
from vardkase.organisation.models import Unit

from .models import Source

FIELDS = ("name", "address", "kind", "days", "unit", "role")
KIND = "source.changed"


def room(unit: Unit) -> Scope:
    return Scope.room("vulnerabilities", unit=unit.path)


def add_source(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Source:
    """Raises `Refused`."""
    row, scope = Source(begun_at=at), room(values["unit"])
    return add(row, values, fields=FIELDS, kind=KIND, scope=scope, by=by, at=at)


def change_source(
    source: Source, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Source:
    """Raises `Refused`, `Overtaken`; to another unit it is moved by who may in both."""
    permit(KIND, scope=room(values["unit"]), by=by)
    scope = room(source.unit)
    return edit(source, values, fields=FIELDS, kind=KIND, scope=scope, by=by, at=at, seen=seen)


def close_source(source: Source, *, closed: bool, by: Actor, at: datetime) -> None:
    """Check it no more, or again; its checks stay."""
    with decision(KIND, scope=room(source.unit), by=by, at=at) as log:
        begun = {} if closed else {"begun_at": at, "checked_at": None, "told": 0}
        Source.objects.filter(pk=source.pk).update(closed_at=at if closed else None, **begun)
        log.note(source=source.pk, closed=closed)
