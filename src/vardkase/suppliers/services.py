"""What changes about suppliers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.lib.changes import Refused
from vardkase.organisation.editing import add, edit
from vardkase.organisation.models import Person

from .models import Supplier, SupplierPerson

FIELDS = (
    "name", "contact", "phone", "email", "deputy", "deputy_phone", "around_the_clock",
    "on_call_phone", "routine", "verified_on",
)  # fmt: skip
KIND = "supplier.changed"
ROOM = Scope.room("suppliers")


def add_supplier(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Supplier:
    """Raises `Refused`."""
    return add(Supplier(), values, fields=FIELDS, kind=KIND, scope=ROOM, by=by, at=at)


def change_supplier(
    supplier: Supplier, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Supplier:
    """Raises `Refused`, `Overtaken`."""
    return edit(
        supplier, values, fields=FIELDS, kind=KIND, scope=ROOM, by=by, at=at, seen=seen
    )  # fmt: skip


def close_supplier(supplier: Supplier, *, closed: bool, by: Actor, at: datetime) -> None:
    """Take the supplier out of choices, or back; its cases stay."""
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        Supplier.objects.filter(pk=supplier.pk).update(closed_at=at if closed else None)
        log.note(supplier=supplier.pk, closed=closed)


def speak_for(supplier: Supplier, person: Person, *, by: Actor, at: datetime) -> SupplierPerson:
    """Let the account of `person` stand for `supplier`; raises `Refused`."""
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        if SupplierPerson.objects.filter(person=person, ended_at=None).exists():
            raise Refused({"person": _("That account speaks for a supplier already.")})
        row = SupplierPerson.objects.create(supplier=supplier, person=person)
        log.note(supplier=supplier.pk, account=person.pk)
    return row


def speak_no_more(row: SupplierPerson, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        SupplierPerson.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(supplier=row.supplier_id, account_ended=row.person_id)
