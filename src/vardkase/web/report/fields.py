"""Fields of step 1: a question of the policy as a form field, a moment, and files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.lib.files import Received
from vardkase.policy.parameter import SWEDEN, parameter
from vardkase.web import uploads
from vardkase.web.uploads import MEGABYTE, NOT_STORED, Upload
from vardkase.web.words import local

TEXT, LINE = 20_000, 300  # characters
HELD = 20  # files that wait for a form to be sent again
OLDEST = 1900  # year
SLACK = timedelta(minutes=5)  # that a sender's clock may be ahead of ours
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H.%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


def text(**more: Any) -> forms.CharField:
    """Free text, kept as it was written."""
    rows = more.pop("rows", 3)
    return forms.CharField(
        max_length=TEXT, strip=False, widget=forms.Textarea({"rows": rows}), **more
    )


def line(**more: Any) -> forms.CharField:
    return forms.CharField(**{"max_length": LINE, "strip": False, **more})


def field_of(question: dict[str, Any]) -> forms.Field:
    """The form field that asks `question`, a row of policy report.questions."""
    more: dict[str, Any] = {
        "label": local(question),
        "help_text": local(question, "hint"),
        "required": question.get("required", False),
    }
    choices = [(row["code"], local(row)) for row in question["answers"]]
    match question["kind"]:
        case "text":
            return text(rows=5 if question["id"] == "what" else 3, **more)
        case "one":
            widget = forms.RadioSelect
            preset = question.get("preset")
            return forms.ChoiceField(choices=choices, widget=widget, initial=preset, **more)
        case "many":
            return forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **more
            )
        case "files":
            return Files(**more)
    return line(**more)


class Moment(forms.Field):
    """A time that has been, in Swedish time; of an hour that comes twice, the first."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMATS[0])

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        found = next(filter(None, (read(str(value).strip(), form) for form in FORMATS)), None)
        if found is None or found.year < OLDEST:
            raise ValidationError(_("Write a date and a time, for example 2026-11-22 14.30."))
        moment = found.replace(tzinfo=SWEDEN)
        if moment > timezone.now() + SLACK:
            raise ValidationError(_("That time has not come yet. Write when it was."))
        return moment


def read(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007  the zone comes next
    except ValueError:
        return None


class ManyFiles(forms.FileInput):
    """A control for several files; they reach the field as `Upload`s."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = files.getlist(name) if hasattr(files, "getlist") else []
        return [one for one in found if isinstance(one, Upload)]


class Files(forms.Field):
    """Files that have come in whole; a fault of the sender's is told with name and size.

    One of ours, such as a full disk, is no fault of the form: the view answers for it.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=ManyFiles(attrs={"multiple": True}), **more)

    def clean(self, value: Sequence[Upload]) -> list[Received]:
        faults = [fault_of(one) for one in value if one.fault not in {"", NOT_STORED}]
        if faults:
            raise ValidationError(faults)
        return [one.received for one in value if one.received]


def fault_of(one: Upload) -> str:
    limits = parameter("report.files").at(timezone.now()).value
    name = one.given[:100]
    match one.fault:
        case "too_large":
            size, most = filesizeformat(one.bytes), filesizeformat(limits["each"] * MEGABYTE)
            words = _("The file “%(name)s” is %(size)s. It may be at most %(most)s.")
            return words % {"name": name, "size": size, "most": most}
        case "too_much":
            most = filesizeformat(limits["together"] * MEGABYTE)
            words = _("The file “%(name)s” did not fit: together they may be at most %(most)s.")
            return words % {"name": name, "most": most}
        case "too_many":
            words = _("The file “%(name)s” was not taken: send at most %(most)s at a time.")
            return words % {"name": name, "most": limits["number"]}
    return name


def held(tickets: Sequence[str]) -> tuple[list[tuple[str, Received]], list[str]]:
    """The files that earlier forms brought, with their tickets, and a fault for each that went."""
    found: list[tuple[str, Received]] = []
    faults = []
    for ticket in tickets[:HELD]:
        try:
            found.append((ticket, uploads.held(ticket)))
        except uploads.Lost:
            name = uploads.name_in(ticket)
            faults.append(_("Choose the file “%(name)s” again.") % {"name": name})
    return found, faults
