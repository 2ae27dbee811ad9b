"""A new way to be reached, and a case handed over to somebody else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.delivery.models import Channel
from vardkase.web.forms import PersonField
from vardkase.web.incidents.forms import ActForm

TYPED = [Channel.Kind.EMAIL, Channel.Kind.SMS]  # a browser gives itself, with a button


class ChannelForm(forms.Form):
    """A person is reached by mail or telephone; a team by any service."""

    kind = forms.ChoiceField(label=_("Way"))
    address = forms.CharField(
        label=_("Address or number"),
        max_length=500,
        help_text=_("An e-mail address, or a telephone number with +46."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}),
        help_text=_("Alarms of priority 1 and 2 come anyway."),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"})
    )

    def __init__(self, *args: Any, of_team: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [k for k in Channel.Kind if k != Channel.Kind.PUSH] if of_team else TYPED
        self.fields["kind"].choices = [(k.value, k.label) for k in kinds]  # type: ignore[attr-defined]
        if of_team:
            self.fields["address"].help_text = _(
                "The service's address as Apprise writes it: workflows://…, slack://…, mmosts://…,"
                " matrixs://…, ntfys://…; or an e-mail address or a telephone number."
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if (said.get("quiet_from") is None) != (said.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both times, or none."))
        return said

    @property
    def quiet(self) -> Any:
        said = self.cleaned_data
        return (said["quiet_from"], said["quiet_until"]) if said["quiet_from"] else None


class HandOverForm(ActForm):
    """Who follows the case instead, and why."""

    person = PersonField(label=_("Hand over to"))
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
