"""Assets as a table of a spreadsheet."""

from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person
from vardkase.organisation.tables import Table, Ways
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.tables import truth, yes_or_no

from . import rules, services
from .models import Asset


class Assets(Table):
    """Assets, known by their name."""

    room, kind, model = "assets", services.KIND, Asset
    fields, needed, required = services.FIELDS, ("name",), ("name", "kind", "unit")

    @cached_property
    def known(self) -> dict[object, Any]:
        rows = Asset.objects.select_related("unit", "owner", "supplier")
        return {asset.name: asset for asset in rows}

    @cached_property
    def ways(self) -> Ways:
        return Ways()

    @cached_property
    def people(self) -> dict[str, Person]:
        return {person.username: person for person in Person.objects.filter(is_active=True)}

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        return {row.name: row for row in Supplier.objects.all()}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Every word for a kind of asset, in both languages, and its code."""
        found = {code: code for code in Asset.Kind.values}
        for language in ("sv", "en"):
            with translation.override(language):
                found |= {str(kind.label).casefold(): kind.value for kind in Asset.Kind}
        return found

    def key(self, values: dict[str, Any]) -> object:
        return values["name"]

    def make(self, values: dict[str, Any]) -> Model:
        return Asset(**values)

    def place(self, row: Any) -> str:
        path: str = row.unit.path
        return path

    def value(self, code: str, text: str) -> Any:
        if code == "essential":
            return truth(text)
        if code in rules.ASPECTS:
            found = self.levels[code]
            return self.one_of(found, text.casefold(), _("Choose a level from 0 to 4."))
        if code == "kind":
            return self.one_of(self.kinds, text.casefold(), _("There is no such kind."))
        if code == "unit":
            return self.ways.find(text) if text else None
        if code == "owner":
            return self.one_of(self.people, text.lower(), _("Nobody has that login name."))
        if code == "supplier":
            return self.one_of(self.suppliers, text, _("There is no supplier of that name."))
        return text

    @staticmethod
    def one_of(known: dict[str, Any], text: str, otherwise: Any) -> Any:
        if text and text not in known:
            raise Refused(otherwise)
        return known.get(text)

    @cached_property
    def levels(self) -> dict[str, dict[str, int]]:
        """By aspect, each level by its number and its words; nothing means not classified."""
        found: dict[str, dict[str, int]] = {aspect: {} for aspect in rules.ASPECTS}
        for aspect, words in found.items():
            for level, row in rules.levels(aspect, self.at).items():
                words |= {str(level): level, row["sv"].casefold(): level}
                words |= {row["en"].casefold(): level}
        return found

    def text(self, row: Any, code: str) -> str:
        if code == "essential":
            return yes_or_no(row.essential)
        if code == "kind":
            return str(row.get_kind_display())
        if code == "unit":
            return self.ways.ids[row.unit_id]
        if code == "owner":
            return row.owner.username if row.owner else ""
        return super().text(row, code)
