"""Reading suppliers."""

from datetime import datetime

from django.db.models import QuerySet

from vardkase.lib.paging import Order
from vardkase.lib.sorting import folded
from vardkase.policy.parameter import SWEDEN, parameter

from .models import Supplier
from .rules import is_due

BY_NAME = Order(("sort_key", "id"), texts=frozenset({"sort_key"}))


def suppliers(*, named: str = "", closed: bool = False) -> QuerySet[Supplier]:
    """Suppliers in use, or given up, whose name holds `named`."""
    rows = Supplier.objects.exclude(closed_at=None) if closed else Supplier.objects.filter(
        closed_at=None
    )  # fmt: skip
    return rows.filter(sort_key__contains=folded(named)) if named else rows


def contact_is_due(supplier: Supplier, at: datetime) -> bool:
    """Whether the contact has not been confirmed for too long."""
    months = parameter("supplier_contact").at(at)
    return is_due(supplier.verified_on, months=months, today=at.astimezone(SWEDEN).date())
