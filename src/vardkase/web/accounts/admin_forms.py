"""The forms of whoever looks after accounts and tokens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person, Token
from vardkase.web.forms import UnitField

from .words import role_names


class InviteForm(forms.ModelForm[Person]):
    unit = UnitField()

    class Meta:
        model = Person
        fields = ("name", "username", "unit", "title", "email", "phone")
        help_texts = {
            "username": _("Lower case a to z, digits, dot, hyphen and @. Often the e-mail address.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "username", "title", "email", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def refused(self, why: Refused) -> None:
        """Hang the verb's sentences on the fields that they are about."""
        for field, sentence in why.errors.items():
            self.add_error(field or None, str(sentence))

    def _post_clean(self) -> None:
        """The verb knows what a person may be called; asking here too would say it twice."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=500)


class ResetForm(forms.Form):
    second_factors = forms.BooleanField(
        label=_("Also forget authenticator app, passkeys and recovery codes"),
        help_text=_("Only if they are lost or in somebody else's hands."),
        required=False,
    )


class TokenForm(forms.ModelForm[Token]):
    role = forms.ChoiceField(label=_("role"))
    unit = UnitField()
    days = forms.IntegerField(label=_("days until it expires"), min_value=1)

    class Meta:
        model = Token
        fields = ("name", "role", "unit")

    def __init__(self, *args: Any, roles: list[str], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = role_names()
        self.fields["role"].choices = [(code, names.get(code, code)) for code in roles]  # type: ignore[attr-defined]
        self.fields["name"].help_text = _("The system that will use it, for example Zabbix.")
        self.fields["days"] = forms.IntegerField(
            label=_("days until it expires"), min_value=1, max_value=most
        )

    def _post_clean(self) -> None:
        """As above: nothing is built here, the verb does it."""
