"""The forms about sources to check."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardkase.policy.parameter import parameter
from vardkase.vulnerabilities.models import Source
from vardkase.vulnerabilities.queries import WATCH
from vardkase.vulnerabilities.services import FIELDS
from vardkase.web.forms import RowForm, UnitField
from vardkase.web.words import local


def kinds() -> list[tuple[str, str]]:
    """The external sources of the instruction, and none of them."""
    rows = {row["code"]: row for row in parameter("sources").at(timezone.now()).value}
    named = [(row["code"], local(row)) for row in rows["external"]["kinds"]]
    return [("", str(_("Another"))), *named]


def roles() -> list[tuple[str, str]]:
    """Roles that may check sources."""
    at = timezone.now()
    held: dict[str, Any] = parameter("access.matrix").at(at).value["roles"]
    words = parameter("roles").at(at).value
    able = [code for code, row in held.items() if row.get(WATCH, "-") != "-" and code in words]
    return [(code, local(words[code])) for code in able if words[code].get("grantable")]


class SourceForm(RowForm):
    row = Source
    columns = FIELDS
    kind = forms.ChoiceField(label=_("kind of source"), choices=kinds, required=False)
    days = forms.IntegerField(label=_("days between checks"), min_value=1, max_value=366, initial=7)
    unit = UnitField()
    role = forms.ChoiceField(label=_("role that checks"), choices=roles)


class CheckForm(forms.Form):
    """What was found: reported as a vulnerability unless one says that it does not concern us."""

    found = forms.CharField(
        label=_("What did you find?"), max_length=20_000, widget=forms.Textarea({"rows": 5}),
        help_text=_("What it is about and whether it concerns us, with the number (CVE) if any."),
    )  # fmt: skip
    reports = forms.BooleanField(
        label=_("Report it as a vulnerability"), required=False, initial=True
    )
