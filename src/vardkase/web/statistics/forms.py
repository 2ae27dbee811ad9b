"""What somebody wants counted: the fields above the numbers, all in the address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import SWEDEN
from vardkase.statistics import rules
from vardkase.statistics.queries import IMPORTED, Choice, imported_fields, units

from .words import DIMENSIONS

PERIODS = {
    "i-ar": _("This year"),
    "12": _("12 months"),
    "alla": _("All time"),
    "valfri": _("From and to"),
}
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)


class Day(forms.DateField):
    """A day within the calendar that the database and the clock can count in."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class ChoiceForm(forms.Form):
    """Every field may be left out; then this year's cases are counted by category."""

    unmarked = True  # none is required: saying so at each would only be noise
    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    per = forms.ChoiceField(label=_("Count by"), required=False)
    fran = Day(label=_("First day"), required=False)
    till = Day(label=_("Last day"), required=False)
    enhet = forms.ChoiceField(label=_("Unit"), required=False)
    summa = forms.ChoiceField(label=_("Sum of"), required=False)
    incidenter = forms.BooleanField(label=_("Incidents only"), required=False)

    def __init__(self, data: QueryDict, *, reader: Actor) -> None:
        given = data.dict()
        if given.get("fran") or given.get("till"):
            given["period"] = "valfri"  # whoever filled in a day means it
        super().__init__(given)
        self.today = reader.at.astimezone(SWEDEN).date()
        self.units = {str(unit.pk): unit for unit in units(reader)}
        imported = imported_fields(reader)
        numbers = [(name, name) for name, is_number in imported.items() if is_number]
        brought = [(IMPORTED + name, name) for name in imported]
        self.set("enhet", [("", _("All")), *((pk, shown(u)) for pk, u in self.units.items())])
        self.set("summa", [("", _("Nothing")), *numbers])
        self.set("per", [*DIMENSIONS.items(), *([(_("Imported"), brought)] if brought else [])])

    def set(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("fran"), given.get("till")
        if since and until and since > until:
            self.add_error("till", _("The last day lies before the first."))
        return given

    def wanted(self) -> "Wanted":
        """What a valid form says."""
        given = self.cleaned_data
        period = self.chosen(given["period"])
        fixed = given["period"] in {"", "i-ar", "12"}
        unit = self.units.get(given["enhet"])
        return Wanted(
            by=given["per"] or "category",
            total=given["summa"],
            period=period,
            before=rules.a_year_before(period) if fixed else rules.just_before(period),
            incidents_only=given["incidenter"],
            under=unit.path if unit else "",
        )

    def chosen(self, code: str) -> rules.Period:
        match code:
            case "alla":
                return rules.Period()
            case "12":
                return rules.twelve_months(self.today)
            case "valfri":
                last = self.cleaned_data["till"]
                return rules.Period(self.cleaned_data["fran"], last and last + timedelta(days=1))
        return rules.this_year(self.today)

    @property
    def is_detailed(self) -> bool:
        """Whether more than the period was chosen: then the other fields stand open."""
        return bool(set(self.changed_data) - {"period"}) or bool(self.errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be counted, and `before`: what it is held against."""

    by: str
    total: str
    period: rules.Period
    before: rules.Period | None
    incidents_only: bool
    under: str

    @property
    def choice(self) -> Choice:
        return self.choice_of(self.period)

    def choice_of(self, period: rules.Period) -> Choice:
        return Choice(**period.moments(), incidents_only=self.incidents_only, under=self.under)

    def ends(self, first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
        """The first and the last day to draw: the period's, or where it has none the cases'."""
        begin = self.period.since or (first and first.astimezone(SWEDEN).date())
        end = last and last.astimezone(SWEDEN).date()
        if self.period.until:
            end = self.period.until - timedelta(days=1)
        return (begin, end) if begin and end and begin <= end else None


def shown(unit: Unit) -> str:
    """The unit's name, moved in by its depth in the tree."""
    return "\u2003" * (unit.path.count("/") - 2) + unit.name
