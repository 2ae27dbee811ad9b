"""The forms about legal entities."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardkase.assets.models import Asset
from vardkase.obligations.dependence import ServiceRole
from vardkase.obligations.models import Entity, Registration
from vardkase.obligations.rules import role_facts
from vardkase.obligations.services import FIELDS, REGISTERED
from vardkase.web.forms import Radios, RowForm, day_input
from vardkase.web.incidents import dutywords

from .forms import FactsForm, plain


class EntityForm(RowForm):
    row = Entity
    columns = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signers"].widget.attrs["rows"] = 3
        self.fields["signers"].help_text = _("One a line: a name or an office.")
        self.fields["contact"].help_text = _("Name, phone and e-mail. Stands in the reports.")


class EntityFactsForm(FactsForm):
    """All that laws ask of an entity itself, as it stands now, and from which day it holds."""

    since = forms.DateField(
        label=_("Holds from"), widget=day_input(),
        help_text=_("Cases known before that day keep the answers of that time."),
    )  # fmt: skip

    def __init__(self, *args: Any, now: dict[str, Any], **kwargs: Any) -> None:
        self.now = now
        kwargs["initial"] = {"since": timezone.localdate(), **shown(now)}
        super().__init__(*args, asked=role_facts(), most=len(now) + len(role_facts()), **kwargs)
        self.order_fields([*self.names, "since"])

    def changes(self) -> dict[str, Any]:
        """What differs from now; an answer taken back is null."""
        said = {name: plain(self.cleaned_data.get(name)) for name in self.names}
        new = {name: None if value in ("", []) else value for name, value in said.items()}
        return {name: value for name, value in new.items() if value != self.now.get(name)}


def shown(now: dict[str, Any]) -> dict[str, Any]:
    words = {True: "true", False: "false"}
    return {k: words[v] if isinstance(v, bool) else v for k, v in now.items()}


class RegistrationForm(RowForm):
    row = Registration
    columns = REGISTERED
    regime = forms.ChoiceField(label=_("law"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regime"].choices = dutywords.laws(timezone.now())  # type: ignore[attr-defined]


class ServiceField(forms.ModelChoiceField["Asset"]):
    """An asset in use, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Asset.objects.filter(closed_at=None), **kwargs)


class RoleForm(forms.Form):
    """What an entity is to a service."""

    service = ServiceField(label=_("service"))
    entity = forms.ModelChoiceField(Entity.objects.filter(ended_at=None), label=_("legal entity"))
    role = forms.ChoiceField(label=_("role"), choices=ServiceRole.Role.choices, widget=Radios)
    to_end_users = forms.BooleanField(
        label=_("The entity itself provides such a service to end users"), required=False,
        help_text=_("A relying party reports disruptions of its own service only then."),
    )  # fmt: skip
    trust = forms.BooleanField(label=_("It is a trust service"), required=False, initial=True)
    main = forms.BooleanField(
        label=_("It is the main service or a part of it"), required=False, initial=True
    )


class NeedForm(forms.Form):
    service = ServiceField(label=_("service"))
    on = ServiceField(label=_("hangs on"))
