"""What people fill in during steps 3 and 4. Each form carries the mark of its sending."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vardkase.assets.models import Asset
from vardkase.conclusions.models import Conclusion
from vardkase.incidents.models import Action
from vardkase.lib.ids import new_secret
from vardkase.policy.parameter import parameter
from vardkase.web.forms import MomentField, PersonField
from vardkase.web.words import local
from vardkase.workflow.conclude import Review
from vardkase.workflow.handle import Chain, Judged, Task

LONGEST = 20_000  # characters of a free text
LINE = 200
IMPROVEMENTS = 3  # rows for improvement actions on the page of conclusions


def text(label: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **more)


def line(label: Any, *, longest: int = LINE, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **more)


def person(label: Any, **more: Any) -> PersonField:
    """A person, those near the case offered as `near`."""
    return PersonField(label=label, widget=forms.TextInput(attrs={"list": "near"}), **more)


class ActForm(forms.Form):
    """A form that is taken once however often it is sent."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    expected = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": new_secret()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def said(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}

    def seen_now(self, pk: int) -> None:
        """The writer has been shown what another wrote: his next sending may stand."""
        self.data = {**self.data.dict(), "expected": str(pk)}  # type: ignore[attr-defined]


class NoteForm(ActForm):
    """One line in the log, now or about an earlier moment."""

    text = text(_("Write in the log"), rows=2)
    at = MomentField(
        label=_("When it happened, if not now"), required=False,
        help_text=_("For what you enter afterwards, such as a call last night."),
    )  # fmt: skip


class DecisionForm(NoteForm):
    """A decision, and the mandate that it stands on."""

    role = forms.ChoiceField(label=_("I decide as"), widget=forms.RadioSelect)
    appointment = line(
        _("Special mandate"), required=False,
        help_text=_("If the decision also stands on an appointment of its own: which one."),
    )  # fmt: skip

    def __init__(self, *args: Any, roles: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Decision")
        choices = list(roles)
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        self.fields["role"].initial = choices[0][0] if choices else ""


class SituationForm(ActForm):
    text = text(_("What we know now"), rows=6)


class RelationForm(ActForm):
    """The chain from threat to consequence; what is not known is left empty."""

    threat = line(_("Threat"), required=False, help_text=_("Who or what lies behind it."))
    unwanted_event = line(
        _("Unwanted event"), required=False, help_text=_("What the threat caused.")
    )
    vulnerability = line(
        _("Vulnerability"), required=False, help_text=_("The weakness that was exploited.")
    )
    consequence = line(
        _("Consequence"), required=False, help_text=_("What it meant for the operations.")
    )

    def chain(self) -> Chain:
        return Chain(**self.said(*Chain.__slots__))


class ActionForm(ActForm):
    """Something to do, for one person."""

    title = line(
        _("What is to be done?"), longest=300,
        widget=forms.TextInput(attrs={"list": "actions", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("kind"), choices=Action.Kind, widget=forms.RadioSelect)
    owner = person(_("responsible"))
    due_at = MomentField(label=_("due at"), required=False)

    def task(self) -> Task:
        return Task(**self.said("title", "kind", "owner", "due_at"))


class WatchForm(ActForm):
    """Heightened monitoring: of what, by whom, until when."""

    assets = forms.TypedMultipleChoiceField(
        label=_("Affected assets"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    other = line(
        _("Another asset"), required=False,
        widget=forms.TextInput(attrs={"list": "actions", "autocomplete": "off"}),
        help_text=_("By its name."),
    )  # fmt: skip
    owner = person(_("responsible"))
    due_at = MomentField(
        label=_("Until"), help_text=_("It ends by itself then. Its owner is told the day before.")
    )

    def __init__(self, *args: Any, hit: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(hit)
        self.fields["assets"].choices = choices  # type: ignore[attr-defined]
        self.fields["assets"].initial = [pk for pk, _name in choices]
        if not choices:
            del self.fields["assets"]

    def clean_other(self) -> Asset | None:
        name = self.cleaned_data["other"].strip()
        found = Asset.objects.filter(closed_at=None, name__iexact=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("No asset is called that. Write its whole name."))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("assets") and not data.get("other") and "other" not in self.errors:
            raise forms.ValidationError(_("Say what is to be monitored."))
        return data

    def task(self) -> Task:
        data = self.cleaned_data
        chosen = list(Asset.objects.filter(pk__in=data.get("assets") or []).order_by("name"))
        watched = tuple(chosen + [one for one in [data["other"]] if one])
        names = ", ".join(asset.name for asset in watched)
        title = gettext("Heightened monitoring: %s") % names
        return Task(title[:300], Action.Kind.IMMEDIATE, data["owner"], data["due_at"], watched)


class ProgressForm(ActForm):
    state = forms.ChoiceField(label=_("state"), choices=Action.State, widget=forms.RadioSelect)
    note = text(_("How it went"), required=False, rows=2)


class HandOverForm(ActForm):
    owner = person(_("responsible"))
    due_at = MomentField(label=_("due at"), required=False)


class PartForm(ActForm):
    person = person(_("person"))
    part = forms.ChoiceField(label=_("part in the case"))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = parameter("incidents.parts").at(at).value
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            (row["code"], local(row)) for row in rows
        ]


class MilestoneForm(ActForm):
    """Whether a milestone is reached: what is fulfilled, since when, on what ground."""

    criteria = forms.MultipleChoiceField(
        label=_("What holds?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reached_at = MomentField(label=_("true since"))
    reason = text(_("on what ground"), rows=3)

    def __init__(self, *args: Any, kind: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = parameter("incidents.criteria").at(at).value[kind]
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]
            (row["code"], local(row)) for row in rows
        ]

    def judged(self) -> Judged:
        said = self.said("reason", "reached_at")
        return Judged(**said, criteria=tuple(self.cleaned_data["criteria"]))


class ReasonForm(ActForm):
    text = text(_("Why?"), rows=3)


class ConclusionForm(ActForm):
    """What the review of one incident found."""

    cause_kind = forms.ChoiceField(label=_("kind of cause"), choices=Conclusion.Cause)
    cause = text(_("cause"), help_text=_("Why could it happen?"))
    course = text(_("course of events"), help_text=_("What happened, from beginning to end?"))
    direct_harm = text(
        _("direct harm"), required=False, rows=3,
        help_text=_("What was lost, stopped or came to the wrong hands? Or that nothing was."),
    )  # fmt: skip
    indirect_harm = text(
        _("indirect harm"), required=False, rows=3,
        help_text=_("What followed later: costs, lost trust, other work that stood still."),
    )  # fmt: skip
    disclosed = forms.ChoiceField(
        label=_("Did data reach the unauthorised?"), required=False, widget=forms.RadioSelect
    )
    altered = forms.ChoiceField(
        label=_("Was data altered?"), required=False, widget=forms.RadioSelect
    )
    checked_how = text(_("How do you know?"), required=False, rows=2)
    lessons = text(_("lessons"), help_text=_("What did we learn, and what do we do otherwise?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("disclosed", "altered"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", _("Not answered yet")),
                *Conclusion.Answer.choices,
            ]

    def clean(self) -> None:
        said = self.cleaned_data
        if (said.get("disclosed") or said.get("altered")) and not said.get("checked_how"):
            self.add_error("checked_how", _("Say how you know."))

    def review(self) -> Review:
        return Review(**self.said(*Review.__slots__))


class ImprovementForm(forms.Form):
    """A row of the conclusions for an improvement action; empty rows count for nothing."""

    title = line(_("Improvement action"), longest=300, required=False)
    kind = forms.ChoiceField(
        label=_("kind"), required=False,
        choices=[(k.value, k.label) for k in (Action.Kind.PREVENTIVE, Action.Kind.CORRECTIVE)],
    )  # fmt: skip
    owner = person(_("responsible"), required=False)
    due_at = MomentField(label=_("due at"), required=False)

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("title") and "owner" in said and not said["owner"]:
            self.add_error("owner", _("Say who does it."))

    def task(self) -> Task | None:
        said = self.cleaned_data
        if not said["title"]:
            return None
        return Task(said["title"], said["kind"] or "preventive", said["owner"], said["due_at"])


class ClosingForm(ActForm):
    """The end of a case: a reason for each condition that does not hold."""

    unmarked = True  # a reason is asked for by the verb, which knows what is missing by then

    def __init__(self, *args: Any, missing: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = [code for code, _words in missing]
        for code, words in missing:
            self.fields[f"why_{code}"] = text(
                words, required=False, rows=2, help_text=_("Why may it be left so?")
            )
        self.fields["text"] = text(_("Closing words"), required=False, rows=2)

    def reasons(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"why_{code}"] for code in self.missing}

    def demand(self, codes: Iterable[str]) -> None:
        """Say at each field that it needs its reason."""
        for code in codes:
            if f"why_{code}" in self.fields:
                self.add_error(f"why_{code}", _("Do it first, or say why it is left so."))
            else:
                self.add_error(None, _("Something changed meanwhile. Read the page again."))
