"""The forms about assets and suppliers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardkase.assets import rules, services
from vardkase.assets.models import Asset
from vardkase.assets.queries import Wanted
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.services import FIELDS
from vardkase.web.forms import PersonField, RowForm, UnitField
from vardkase.web.words import local


def level_choices(aspect: str) -> list[tuple[str, str]]:
    rows = rules.levels(aspect, timezone.now())
    named = [(str(level), f"{level} – {local(row)}") for level, row in rows.items()]
    return [("", str(_("Not classified"))), *named]


class LevelField(forms.TypedChoiceField):
    """A level of policy `klassa` for one aspect."""

    def __init__(self, aspect: str, label: Any) -> None:
        super().__init__(
            label=label, required=False, coerce=int, empty_value=None,
            choices=lambda: level_choices(aspect),
        )  # fmt: skip


class AssetForm(RowForm):
    row = Asset
    columns = services.FIELDS
    unit = UnitField()
    owner = PersonField(label=_("owner"), required=False)
    confidentiality = LevelField("confidentiality", _("confidentiality"))
    integrity = LevelField("integrity", _("integrity"))
    availability = LevelField("availability", _("availability"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["essential"].help_text = _(
            "Reports about it ask at once whether national security is concerned."
        )
        self.fields["other_names"].help_text = _("Alerts and reports are matched against these.")
        self.fields["supplier"].queryset = Supplier.objects.filter(closed_at=None)  # type: ignore[attr-defined]


class AssetFilter(forms.Form):
    """What the list is narrowed to; a wrong value in the address is no filter."""

    unmarked = True
    q = forms.CharField(label=_("Name or host"), required=False, max_length=100)
    slag = forms.ChoiceField(
        label=_("kind"), required=False, choices=[("", _("All kinds")), *Asset.Kind.choices]
    )
    enhet = UnitField(label=_("unit and below"), required=False)
    klass = forms.TypedChoiceField(
        label=_("classified at least"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any level")), *((str(n), str(n)) for n in range(1, rules.HIGHEST + 1))],
    )
    viktig = forms.BooleanField(label=_("essential to society"), required=False)
    stangda = forms.BooleanField(label=_("no longer in use"), required=False)

    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            named=data.get("q", ""),
            kind=data.get("slag", ""),
            unit=data.get("enhet"),
            essential=data.get("viktig", False),
            demand=data.get("klass"),
            closed=data.get("stangda", False),
        )


class DependantForm(forms.Form):
    unit = UnitField(required=False)
    name = forms.CharField(label=_("Or somebody else: who"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("How they are reached"), max_length=200, required=False,
        help_text=_("Needed for others than our own units."),
    )  # fmt: skip


class SupplierForm(RowForm):
    row = Supplier
    columns = FIELDS


class AccountForm(forms.Form):
    person = PersonField()
