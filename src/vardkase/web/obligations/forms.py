"""Answers about facts, a decision to report or not, and what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vardkase.lib.ids import new_secret
from vardkase.obligations.models import Entity, Ruling, SisterReport
from vardkase.policy.facts import HIGHEST, LONGEST, Fact
from vardkase.policy.regime_files import catalogue
from vardkase.suppliers.models import Supplier
from vardkase.web.forms import Checks, MomentField, PickField, Radios, RowForm
from vardkase.web.incidents import dutywords
from vardkase.web.incidents.forms import ActForm, person
from vardkase.workflow.level import LEVEL
from vardkase.workflow.wording import SISTER, Words

YES_NO = [("", _("Don't know yet")), ("true", _("Yes")), ("false", _("No"))]
MOST = 12  # questions on a page: the worst clock's first
LONG = 8  # answers to choose between: such a question is folded
FEW = 3  # of them shown, the others folded, when none decides a running clock


class FactsForm(ActForm):
    """The questions that matter now; one left without an answer stays unknown. A level is decided
    with a reason, on a page of its own."""

    unmarked = True  # every question may be left

    def __init__(
        self, *args: Any, asked: Iterable[str], again: Mapping[str, Any] | None = None,
        among: Sequence[Entity] = (), most: int = MOST, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`again`: what is answered anew, with the answer so far; left empty, it is unknown."""
        super().__init__(*args, **{"initial": again} | kwargs)
        known, self.again, self.first = catalogue(), list(again or ()), set[str]()
        wanted = dict.fromkeys((*self.again, *asked))
        self.names = list(islice((n for n in wanted if n in known and n != LEVEL), most))
        for name in self.names:
            self.fields[name] = field_of(known[name])
        if self.names and len(among) > 1:
            self.fields["whose"] = forms.TypedChoiceField(
                label=_("The answers hold for"), required=False, coerce=int, empty_value=None,
                choices=[("", _("All of them")), *((one.pk, one.name) for one in among if one.pk)],
            )  # fmt: skip

    @property
    def pressing(self) -> list[forms.BoundField]:
        """The questions of `first`, but for long lists, and those answered anew; without any, the
        few that lead."""
        chosen = [n for n in self.names if n in self.again or n in self.first - self.long]
        return [self[name] for name in chosen or self.names[:FEW]]

    @property
    def long(self) -> set[str]:
        known = catalogue()
        return {name for name in self.names if len(known[name].values or ()) > LONG}

    @property
    def rest(self) -> list[forms.BoundField]:
        shown = {field.name for field in self.pressing}
        return [self[name] for name in self.names if name not in shown]

    @property
    def is_rest_wrong(self) -> bool:
        return any(field.errors for field in self.rest)

    def facts(self) -> dict[str, Any]:
        """What was answered, by the facts' names."""
        said = {name: self.cleaned_data.get(name) for name in self.names}
        clean = {name: None if value in ("", []) else plain(value) for name, value in said.items()}
        return {n: value for n, value in clean.items() if value is not None or n in self.again}


def field_of(one: Fact) -> forms.Field:
    swedish = get_language() == "sv"
    label = one.sv if swedish else one.en
    if one.type == "flag":
        return forms.TypedChoiceField(
            label=label, choices=YES_NO, required=False, coerce=lambda v: v == "true",
            widget=Radios, empty_value=None,
        )  # fmt: skip
    if one.type in ("code", "codes") and one.values:
        words = [(code, each.sv if swedish else each.en) for code, each in one.values.items()]
        if one.type == "codes":
            return forms.MultipleChoiceField(
                label=label, choices=words, required=False, widget=Checks
            )
        blank = [("", _("Don't know yet"))]
        return PickField(label=label, choices=[*blank, *words], required=False)
    if one.type == "number":
        low, high = one.range or (0, HIGHEST)
        return forms.FloatField(
            label=label,
            required=False,
            min_value=low,
            max_value=high,
            help_text=unit(one.unit),
            step_size=1 if one.range else None,
        )
    if one.type == "time":
        return MomentField(label=label, required=False)
    box = forms.TextInput() if one.short else forms.Textarea({"rows": 3})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=box)


def unit(code: str) -> str:
    """What the number counts, in the reader's language."""
    words = {
        "hours": _("hours"), "minutes": _("minutes"), "persons": _("persons"),
        "users": _("users"), "per cent": _("per cent"), "incidents": _("incidents"),
        "level": _("level"), "km2": "km²",
    }  # fmt: skip
    return str(words.get(code, code))


def plain(value: Any) -> Any:
    """As the catalogue reads it: times as ISO 8601, whole numbers whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


class RulingForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("Decision"), choices=Ruling.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("A no is kept as carefully as a yes, and can be shown to the authority."),
    )  # fmt: skip
    signer = forms.CharField(label=_("Who signs"), max_length=200, required=False)
    number = forms.CharField(label=_("Our number of the decision"), max_length=100, required=False)
    of_authority = forms.BooleanField(
        label=_("It is the authority's own view, not our decision"), required=False
    )


class SentForm(ActForm):
    sent_at = MomentField(label=_("Sent at"))
    recipient = forms.CharField(label=_("To whom"), max_length=300)
    channel = forms.CharField(label=_("By which way"), max_length=200, required=False)
    reference = forms.CharField(label=_("The authority's number"), max_length=200, required=False)
    prepared_by = person(
        _("Who prepared it"), required=False,
        help_text=_("Login name or whole name. Somebody else than whoever sends it."),
    )  # fmt: skip
    alone_because = forms.CharField(
        label=_("Why one person did both"), max_length=500, required=False
    )
    late_reason = forms.CharField(label=_("Why it was late"), max_length=1000, required=False)
    past_because = forms.CharField(
        label=_("Why not through the data protection officer"), max_length=500, required=False,
        help_text=_("Only if you send it without him, or without whom he has named."),
    )  # fmt: skip

    signer = forms.ChoiceField(label=_("Approved and signed by"), required=False)
    unsigned_because = forms.CharField(
        label=_("Why nobody signed"), max_length=500, required=False,
        help_text=_("Only if none of those who sign could be reached. It stands in the log."),
    )  # fmt: skip

    def __init__(self, *args: Any, past: bool, signers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nobody yet")), *((one, one) for one in signers)]
        self.fields["signer"].choices = choices  # type: ignore[attr-defined]
        for name in () if signers else ("signer", "unsigned_because"):
            del self.fields[name]
        if not past:
            del self.fields["past_because"]


class ReplyForm(ActForm):
    text = forms.CharField(
        label=_("The authority's answer"), max_length=8000, widget=forms.Textarea({"rows": 5})
    )
    reference = forms.CharField(label=_("The authority's number"), max_length=200, required=False)


class StrikeForm(ActForm):
    """Which entity the case strikes, and why we think so."""

    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Legal entity"))
    reason = forms.CharField(
        label=_("Why it is struck"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, besides: Iterable[Entity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Entity.objects.filter(own=False, ended_at=None)
        taken = [one.pk for one in besides if one.pk]
        self.fields["entity"].queryset = rows.exclude(pk__in=taken)  # type: ignore[attr-defined]


class UnstrikeForm(ActForm):
    reason = forms.CharField(
        label=_("Why it is not struck"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class WordingForm(ActForm):
    """A field of a report: its words, whether it follows later, and under which secrecy."""

    unmarked = True
    text = forms.CharField(
        label=_("What the report says"), max_length=20_000, required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Words of your own no longer follow the case. You are told when it changes."),
    )  # fmt: skip
    later = forms.BooleanField(label=_("Follows later"), required=False)
    secrecy = forms.CharField(
        label=_("Secrecy"), max_length=200, required=False,
        help_text=_("The provision, such as OSL 18:8. Leave it empty if none may apply."),
    )  # fmt: skip

    def words(self, drawn: str) -> Words:
        """None where the words are the case's own."""
        said = self.cleaned_data
        text = said["text"].replace("\r\n", "\n")
        own = text.strip() != drawn.strip()
        return Words(text if own else None, said["later"], said["secrecy"])


class SisterForm(RowForm):
    """Another actor's report of the same event."""

    row = SisterReport
    columns = SISTER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"] = ActForm.base_fields["once"]
        self.initial["once"] = new_secret()
        self.fields["regime"] = forms.ChoiceField(
            label=_("By which law"), required=False,
            choices=[("", "–"), *dutywords.laws(timezone.now())],
        )  # fmt: skip
        self.fields["supplier"].queryset = Supplier.objects.filter(closed_at=None)  # type: ignore[attr-defined]
        self.fields["entity"].queryset = Entity.objects.filter(ended_at=None)  # type: ignore[attr-defined]
