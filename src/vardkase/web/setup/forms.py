"""The questions of the set-up page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.organisation.models import Organisation
from vardkase.organisation.rules import login_name
from vardkase.organisation.setup import Founding
from vardkase.web.accounts.words import language

PHONE = r"^\+?[0-9][0-9 ()/-]{2,38}$"


class PhoneField(forms.RegexField):
    default_error_messages = {"invalid": _("Write a phone number, for example 010-123 45 67.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PHONE, max_length=40, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "type": "tel", "inputmode": "tel"}


class FoundingForm(forms.Form):
    name = forms.CharField(label=_("What is the organisation called?"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        help_text=_("It decides which units and words you begin with. All can be changed."),
        choices=Organisation.Kind.choices,
        widget=forms.RadioSelect,
    )
    administrator = forms.CharField(
        label=_("Who is the first administrator?"),
        help_text=_("Your name, if it is you. You choose a password on the next page."),
        max_length=200,
    )
    username = forms.CharField(
        label=_("Which login name will the administrator have?"),
        help_text=_("Lower case a to z, digits, dot, hyphen and @. Often the e-mail address."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    duty_phone = PhoneField(
        label=_("Which phone number reaches the duty officer?"),
        help_text=_("It stands on every page, for whoever needs help around the clock."),
    )
    security_phone = PhoneField(
        label=_("Which phone number reaches those who protect national security?"),
        help_text=_("Whoever is about to report such a thing is asked to call instead of writing."),
    )

    sample = forms.TypedChoiceField(
        label=_("Do you want sample data to look around in?"),
        help_text=_(
            "A fictitious year of events. It cannot be removed: begin anew with an empty"
            " data folder when you start for real."
        ),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda answer: answer == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )

    def clean_username(self) -> str:
        name = login_name(self.cleaned_data["username"])
        if not name:
            raise forms.ValidationError(
                _("Lower case a to z, digits, dot, hyphen and @. Often the e-mail address.")
            )
        return name

    def answers(self) -> Founding:
        given = {k: v for k, v in self.cleaned_data.items() if k != "sample"}
        return Founding(**given, language=language())
