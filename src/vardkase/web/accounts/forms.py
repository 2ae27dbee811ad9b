"""The forms of logging in, in our words; hostile passkey answers are a fault of the form."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.organisation.models import Person

LONGEST_PASSWORD = 500  # characters; hashing has a bound too
LONGEST_CREDENTIAL = 20_000
BROKEN = (
    AttributeError,
    IndexError,
    InvalidSignature,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def bounded(form: forms.Form) -> None:
    """Labels do the work of placeholders, and every text has an end."""
    form.unmarked = True  # type: ignore[attr-defined]  # nothing is optional at a login
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        if isinstance(field, forms.CharField) and field.max_length is None:
            field.max_length = LONGEST_PASSWORD
            field.validators.append(forms.CharField(max_length=LONGEST_PASSWORD).validators[0])


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("login name")
        self.fields["password"].label = _("password")
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        bounded(self)


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("password")
        bounded(self)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("password you have now")
        self.fields["password1"].label = _("new password")
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["password2"].label = _("new password again")
        bounded(self)


PASSWORD_HINT = _(
    "At least 12 characters. A sentence that only you would think of is easy to remember."
)


class CodeForm(codes.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_code(self)


class ReauthenticateCodeForm(codes.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_code(self)


class ActivateAppForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_code(self)


def name_code(form: forms.Form) -> None:
    form.fields["code"].label = _("code")
    form.fields["code"].widget.attrs["inputmode"] = "numeric"
    bounded(form)


class CredentialField(forms.JSONField):
    """What a browser's passkey answered: small, and JSON."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class AnswersWithPasskey(keys.AuthenticateWebAuthnForm):
    """An answer that is no answer is told as a wrong code, whatever is wrong with it."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(AnswersWithPasskey, keys.AuthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(AnswersWithPasskey, keys.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(AnswersWithPasskey, keys.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(keys.AddWebAuthnForm):
    """Always one that logs in by itself, after a fingerprint, a face or a PIN."""

    name = forms.CharField(
        label=_("name"),
        required=False,
        max_length=100,
        help_text=_("For example the phone or computer it lies in."),
    )
    credential = CredentialField()
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmarked = True

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class RenamePasskeyForm(keys.EditWebAuthnForm):
    name = forms.CharField(label=_("name"), max_length=100)


class NewPasswordForm(account.PasswordVerificationMixin, forms.Form):
    """Where an invitation leads: the password, twice."""

    username = forms.CharField(  # so that a password manager knows whose it is
        label=_("login name"),
        disabled=True,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "username", "readonly": True}),
    )
    password1 = account.SetPasswordField(label=_("new password"))
    password2 = account.PasswordField(label=_("new password again"), autocomplete="new-password")

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, initial={"username": person.username})
        self.fields["password1"].user = person  # type: ignore[attr-defined]
        self.fields["password1"].help_text = PASSWORD_HINT
        bounded(self)
