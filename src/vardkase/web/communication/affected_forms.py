"""A table of people, how many they are, how one of them was reached, and that all are erased."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.communication.affected import Listed, listed
from vardkase.communication.models import Affected
from vardkase.communication.rules import USUAL
from vardkase.lib.sheet_reader import Unreadable, decoded
from vardkase.web.incidents.dutywords import WAYS
from vardkase.web.incidents.forms import ActForm, line
from vardkase.workflow import affected as verbs

from .forms import audiences

LARGEST = 500_000  # characters of a table


class WhoForm(ActForm):
    audience = forms.ChoiceField(label=gettext_lazy("To whom"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = timezone.now()
        rows = [row for row in audiences(at) if row[0] in verbs.personal(at)]
        self.fields["audience"].choices = rows  # type: ignore[attr-defined]


class ListForm(WhoForm):
    """A table, pasted or as a file; it is looked at before it is kept."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), required=False,
        widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"}),
    )  # fmt: skip
    rows = forms.CharField(
        label=gettext_lazy("Or paste the table"), required=False, max_length=LARGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("The first row holds the headings: namn, adress, skyddad (ja or"
                               " nej), säker väg. At most 2,000 rows at a time."),
    )  # fmt: skip
    found: Listed | None = None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        file = said.get("file")
        if file is not None and (file.size or 0) > LARGEST:
            self.add_error("file", _("The file is too large. Divide the table."))
            return said
        content = file.read() if file else said.get("rows", "").encode()
        try:
            self.found = listed(content)
        except Unreadable as error:
            self.add_error("file" if file else "rows", str(error.sentence))
        if file and self.found is not None:
            self.keep_text(content)
        return said

    def keep_text(self, content: bytes) -> None:
        """The file's text stands in the box from now on: nothing lies on the disk meanwhile."""
        text, _encoding = decoded(content)
        self.data = {**self.data.dict(), "rows": text}  # type: ignore[attr-defined]


class CountForm(WhoForm):
    number = forms.IntegerField(label=gettext_lazy("How many"), min_value=0, max_value=100_000_000)


class ReachForm(ActForm):
    channel = forms.ChoiceField(label=gettext_lazy("By which way"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it went"), widget=forms.RadioSelect,
        choices=[row for row in Affected.Outcome.choices if row[0] != "waiting"],
    )  # fmt: skip
    proof = line(
        gettext_lazy("What proves it"), longest=300, required=False,
        help_text=gettext_lazy("A number of a consignment, who telephoned. No personal data."),
    )  # fmt: skip

    def __init__(self, *args: Any, ways: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(code, WAYS[code]) for code in ways]  # type: ignore[attr-defined]


class AllForm(WhoForm):
    """Everybody who waits was sent it in one way; protected identities are left out."""

    channel = forms.ChoiceField(
        label=gettext_lazy("By which way"), widget=forms.RadioSelect,
        choices=[(code, WAYS[code]) for code in USUAL],
    )  # fmt: skip
    proof = line(gettext_lazy("What proves it"), longest=300, required=False)


class EraseForm(ActForm):
    reason = line(gettext_lazy("By which decision"), longest=500)


class ProtectForm(ActForm):
    safe_way = line(
        gettext_lazy("Safe way"),
        help_text=gettext_lazy("How the person may be reached, such as through the Tax Agency's"
                               " forwarding. Ask the person or the agency; never guess."),
    )  # fmt: skip
