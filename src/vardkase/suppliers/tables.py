"""Suppliers as a table of a spreadsheet."""

from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused
from vardkase.organisation.tables import Table

from . import services
from .models import Supplier

YES = {"ja", "yes", "1", "x", "true", "sant"}
NO = {"", "nej", "no", "0", "false", "falskt"}


def truth(text: str) -> bool:
    """Whether a cell says yes; raises `Refused`."""
    word = text.casefold()
    if word not in YES | NO:
        raise Refused(_("Write yes or no."))
    return word in YES


def yes_or_no(value: bool) -> str:
    return str(_("yes") if value else _("no"))


class Suppliers(Table):
    """Suppliers, known by their name."""

    room, kind, model = "suppliers", services.KIND, Supplier
    fields, needed, required = services.FIELDS, ("name",), ("name",)

    @cached_property
    def known(self) -> dict[object, Any]:
        return {supplier.name: supplier for supplier in Supplier.objects.all()}

    def key(self, values: dict[str, Any]) -> object:
        return values["name"]

    def place(self, row: Any) -> str:
        return services.ROOM.unit

    def value(self, code: str, text: str) -> Any:
        if code == "around_the_clock":
            return truth(text)
        if code == "verified_on":
            return day(text)
        return text

    def text(self, row: Any, code: str) -> str:
        if code == "around_the_clock":
            return yes_or_no(row.around_the_clock)
        return super().text(row, code)


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("Write the day as 2026-11-22.")) from None
