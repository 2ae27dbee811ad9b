"""What the forms of all rooms share: fields for a unit and a person, and rows of the world.

    class TeamForm(RowForm):
        row = Team
        columns = services.TEAM
        unit = UnitField()

draws each column of `columns` as the model says, unless the class says otherwise, and takes no
other. `hang` puts what a verb refused on the fields.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused, fingerprint, plain
from vardkase.organisation.editing import Overtaken
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.people import meant
from vardkase.organisation.units import tree
from vardkase.policy.facts import YEARS

INDENT = "\u00a0\u00a0\u00a0"


class Pick(forms.Select):
    """A list to choose from, drawn without a template for each of its many options: the filter of
    a list costs a sixth of the page otherwise. Options stand in no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        rows = ((option(key, words, chosen=str(key) in chosen),) for key, words in self.choices)
        given = flatatt(self.build_attrs(self.attrs, attrs))
        drawn = format_html_join("", "{}", rows)
        return format_html('<select name="{}"{}>{}</select>', name, given, drawn)


def option(key: object, words: object, *, chosen: bool) -> SafeString:
    if chosen:
        return format_html('<option value="{}" selected>{}</option>', key, words)
    return format_html('<option value="{}">{}</option>', key, words)


class Plain(forms.widgets.ChoiceWidget):
    """Several boxes, each drawn without a template: a page of questions costs a fifth otherwise."""

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        box = context["widget"]
        if box["wrap_label"] or "type" not in box:
            return cast(SafeString, super()._render(template_name, context, renderer))  # type: ignore[misc]
        said = (box["type"], box["name"], box["value"], flatatt(box["attrs"]))
        return format_html('<input type="{}" name="{}" value="{}"{}>', *said)


class Radios(Plain, forms.RadioSelect):
    """One of few."""


class Checks(Plain, forms.CheckboxSelectMultiple):
    """Some of few."""


class PickField(forms.ChoiceField):
    """One of many, by `Pick`."""

    widget = Pick


def unit_choices() -> Iterator[tuple[str, str]]:
    yield "", "–"
    for unit, depth in tree():
        yield str(unit.pk), INDENT * depth + unit.name


class UnitField(forms.ChoiceField):
    """One of the open units, drawn as a tree; gives the row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("unit"))
        super().__init__(choices=unit_choices, **kwargs)

    def clean(self, value: Any) -> Unit | None:
        chosen = super().clean(value)
        return Unit.objects.get(pk=int(chosen)) if chosen else None

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Unit) else value


class PersonField(forms.CharField):
    """A person by login name or whole name: a list of ten thousand would help nobody."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("person"))
        kwargs.setdefault("help_text", _("Login name or whole name."))
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Person | None:
        typed = super().clean(value)
        try:
            return meant(typed) if typed else None
        except Refused as refused:
            raise ValidationError(str(refused.errors[""])) from refused

    def prepare_value(self, value: Any) -> Any:
        return value.username if isinstance(value, Person) else value


class MomentField(forms.DateTimeField):
    """Date and time in Swedish time; of years that Python can read back from the database."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        found: datetime | None = super().to_python(value)
        if found and found.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class RowForm(forms.Form):
    """A form over `columns` of the model `row`, and over nothing else of it."""

    row: ClassVar[type[Model]]
    columns: ClassVar[tuple[str, ...]]
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drawn = {name: self.fields.get(name) or self.draw(name) for name in self.columns}
        self.fields = drawn | {"seen": self.fields["seen"]}

    @classmethod
    def draw(cls, name: str) -> forms.Field:
        column = cast("Field[Any, Any]", cls.row._meta.get_field(name))
        return cast(forms.Field, column.formfield(**day(column)))

    @classmethod
    def of(cls, row: Model, data: Any = None) -> Self:
        """The form for a row that there is, filled with what it holds."""
        initial = {name: getattr(row, name) for name in cls.columns}
        return cls(data, initial={**initial, "seen": fingerprint(row, cls.columns)})

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.columns}

    @property
    def seen_before(self) -> str:
        """The fingerprint of what the form was drawn with."""
        found: str = self.cleaned_data.get("seen", "")
        return found

    def compare(self, current: Model) -> None:
        """Say at each field how it stands now, and let the next sending pass."""
        sent, self.data = self.values, self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = fingerprint(current, self.columns)  # type: ignore[index]
        for name in self.columns:
            now = getattr(current, name)
            if plain(now) != plain(sent[name]):
                shown = getattr(current, f"get_{name}_display", lambda now=now: now)()
                self.add_error(name, _("Now it says: {now}").format(now=shown or "–"))


def day(column: "Field[Any, Any]") -> dict[str, Any]:
    return {"widget": day_input()} if column.get_internal_type() == "DateField" else {}


def hang(refused: Refused, form: forms.Form) -> None:
    """Put what a verb refused on the fields of the form."""
    if isinstance(refused, Overtaken) and isinstance(form, RowForm):
        form.compare(refused.current)
    for name, sentence in refused.errors.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def status(form: forms.Form) -> int:
    """422 for a form that came back."""
    return 422 if form.is_bound and form.errors else 200
