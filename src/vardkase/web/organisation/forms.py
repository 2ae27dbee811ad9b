"""The forms about units, people, roles, teams, duty and documents."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused
from vardkase.organisation import rules, services
from vardkase.organisation.models import Document, Person, Team, Unit
from vardkase.organisation.people import meant
from vardkase.web.forms import MomentField, PersonField, RowForm, UnitField
from vardkase.web.words import local


class UnitForm(RowForm):
    """What is left empty comes from the unit above."""

    row = Unit
    columns = services.UNIT


class MoveForm(forms.Form):
    under = UnitField(label=_("under"))


class PersonForm(RowForm):
    row = Person
    columns = services.PERSON
    unit = UnitField()


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("role"))
    unit = UnitField(help_text=_("The role holds in the unit and everything below it."))
    labels = forms.MultipleChoiceField(
        label=_("labels"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Without a label its cases are not seen."),
    )
    since = MomentField(label=_("from"), required=False, help_text=_("Empty means now."))
    until = MomentField(label=_("until"), required=False, help_text=_("Empty means until further."))
    reason = forms.CharField(label=_("reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = timezone.now()
        self.choices("role", rules.grantable(at))
        self.choices("labels", rules.labels(at))

    def choices(self, name: str, rows: dict[str, dict[str, Any]]) -> None:
        field = self.fields[name]
        first = [] if name == "labels" else [("", "–")]
        named = [(code, local(row)) for code, row in rows.items()]
        field.choices = [*first, *named]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=500)


class ResponsibilityForm(forms.Form):
    code = forms.ChoiceField(label=_("responsibility"))
    person = PersonField()

    def __init__(self, *args: Any, on: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rules.responsibilities(timezone.now(), on=on)
        self.fields["code"].choices = [(code, local(row)) for code, row in rows.items()]  # type: ignore[attr-defined]


class TeamForm(RowForm):
    row = Team
    columns = services.TEAM
    unit = UnitField()


class CallingForm(forms.Form):
    """The members, one on each line, the first to be called first."""

    people = forms.CharField(
        label=_("members"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_("Login name or whole name, one on each line. The first is called first."),
    )

    def clean_people(self) -> list[Person]:
        found, errors = list[Person](), list[str]()
        for typed in filter(
            None, (line.strip() for line in self.cleaned_data["people"].split("\n"))
        ):
            try:
                found.append(meant(typed))
            except Refused as refused:
                errors.append(f"{typed}: {refused.errors['']}")
        if errors:
            raise forms.ValidationError(errors[:20])
        return found


class TurnForm(forms.Form):
    person = PersonField()
    since = MomentField(label=_("from"))
    until = MomentField(label=_("until"))
    note = forms.CharField(label=_("note"), max_length=200, required=False)


class DocumentForm(RowForm):
    row = Document
    columns = services.DOCUMENT
