"""What the list of alarms is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.detections.models import Detection
from vardkase.detections.queries import Standing, Wanted, sources


class AlarmFilter(forms.Form):
    """A wrong value in the address is no filter."""

    unmarked = True
    q = forms.CharField(  # less than three letters is in no index
        label=_("Words, rule, host or account"), required=False, min_length=3, max_length=100
    )
    kalla = forms.ChoiceField(label=_("Source"), required=False)
    allvar = forms.TypedChoiceField(
        label=_("Severity at least"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Any severity")), *reversed(Detection.Severity.choices[1:])],
    )  # fmt: skip
    lage = forms.ChoiceField(
        label=_("Muted or in a case"), required=False, choices=[("", _("All")), *Standing.choices]
    )
    tillgang = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, name) for name in sources()]
        self.fields["kalla"].choices = [("", _("All sources")), *known]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            source=data.get("kalla", ""),
            severity=data.get("allvar") or 0,
            words=data.get("q", ""),
            asset=data.get("tillgang") or 0,
            standing=data.get("lage", ""),
        )
