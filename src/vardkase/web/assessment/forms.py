"""What an assessor fills in: the queue's filter, the judgement, and the ways to pass it on."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.assessment import rules, words
from vardkase.assessment.ground import AXES, Ground
from vardkase.assessment.models import Assessment
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Team, Unit
from vardkase.organisation.units import tree
from vardkase.web.forms import PickField
from vardkase.web.words import local

from .shown import ASPECTS

LONGEST = 20_000  # characters of a free text


def text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=widget, help_text=help_text
    )


class QueueFilter(forms.Form):
    """The queue's filter as its address carries it."""

    enhet = PickField(label=_("Unit"), required=False)
    kalla = PickField(label=_("Source"), required=False)
    slag = PickField(label=_("Kind"), required=False)
    ordning = PickField(label=_("Order"), required=False)

    def __init__(self, data: Any, *, reader: Actor) -> None:
        super().__init__(data)
        self.units = {str(unit.pk): unit for unit, _depth in reach(reader)}
        choices: dict[str, Any] = {
            "enhet": [("", _("All units")), *((pk, u.name) for pk, u in self.units.items())],
            "kalla": [("", _("All sources")), *Event.Source.choices],
            "slag": [("", _("All kinds")), *Event.Kind.choices],
            "ordning": [("", _("Urgent first")), ("aldst", _("Oldest first"))],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was chosen and is known; an unknown value is as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def reach(reader: Actor) -> Iterator[tuple[Unit, int]]:
    """The units where `reader` holds a role, in the order of the tree."""
    for unit, depth in tree():
        if any(unit.path.startswith(grant.unit) for grant in reader.grants):
            yield unit, depth


class AssessmentForm(forms.Form):
    """A judgement as the page asks for it: one cell for impact and urgency, and the rest."""

    outcome = forms.ChoiceField(label=_("outcome"), required=False, choices=Assessment.Outcome)
    matrix = forms.ChoiceField(label=_("Impact and urgency"), required=False)
    criteria = forms.MultipleChoiceField(label=_("Criteria"), required=False)
    care_harm = forms.BooleanField(label=_("Risk of care harm: goes before other incidents"),
                                   required=False)  # fmt: skip
    kind = forms.ChoiceField(label=_("Category"), required=False)
    reason = text(_("Give a reason for the decision"), required=False)
    override = forms.TypedChoiceField(
        label=_("Priority by hand"), required=False, empty_value=None, coerce=int,
        choices=[("", _("As the rules say")), *((n, f"P{n}") for n in rules.PRIORITIES)],
    )  # fmt: skip
    override_reason = text(_("Why by hand?"), required=False)
    expected = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1,
                                  widget=forms.HiddenInput)  # fmt: skip

    def __init__(self, data: Any = None, *, ground: Ground, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.ground = ground
        choices = {
            "matrix": [(value, value) for value in cells(ground)],
            "criteria": [(code, code) for code in ground.criteria()],
            "kind": kinds(ground),
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        for aspect, label in ASPECTS.items():
            self.fields[f"effect_{aspect}"] = forms.ChoiceField(
                label=label, required=False, choices=Assessment.Effect, widget=forms.RadioSelect
            )

    def effects(self) -> list[forms.BoundField]:
        return [self[f"effect_{aspect}"] for aspect in ASPECTS]

    def judgement(self) -> rules.Judgement:
        """What was filled in; call it on a valid form."""
        data = self.cleaned_data
        impact, urgency = (int(n) for n in data["matrix"]) if data["matrix"] else (None, None)
        category, _slash, example = data["kind"].partition("/")
        effects = {aspect: data[f"effect_{aspect}"] for aspect in ASPECTS}
        return rules.Judgement(
            outcome=data["outcome"],
            impact=impact,
            urgency=urgency,
            care_harm=data["care_harm"],
            category=category,
            example=example,
            effects={aspect: effect for aspect, effect in effects.items() if effect},
            criteria=tuple(data["criteria"]),
            reason=data["reason"],
            override=data["override"],
            override_reason=data["override_reason"],
        )

    def refuse(self, faults: list[rules.Fault]) -> None:
        """Show each fault at the field that it is about; both axes are one field here."""
        said = set[tuple[str, str]]()
        for fault in faults:
            field = {"category": "kind", "example": "kind"}.get(fault.field, fault.field)
            field = "matrix" if field in AXES else field
            sentence = words.fault(fault)
            if (field, sentence) not in said:
                said.add((field, sentence))
                self.add_error(field if field in self.fields else None, sentence)


def cells(ground: Ground) -> list[str]:
    """The values of the matrix, row by row, worst first: "44", "43", ..."""
    return [
        f"{impact['ordinal']}{urgency['ordinal']}"
        for impact in ground.levels("impact")
        for urgency in ground.levels("urgency")
    ]


def kinds(ground: Ground) -> list[Any]:
    """Categories with their examples under them, as one choice: "malware/ransomware"."""
    groups = [
        (
            local(row),
            [
                (row["code"], local(row)),
                *((f"{row['code']}/{one['code']}", local(one)) for one in row["examples"]),
            ],
        )
        for row in ground.categories.value
    ]
    return [("", _("Not known yet")), *groups]


class MergeForm(forms.Form):
    into = forms.CharField(label=_("Number of the other case"), max_length=20)
    reason = forms.CharField(label=_("reason"), max_length=500, required=False)


class ReferForm(forms.Form):
    """To whom, what is asked, and by when."""

    to = forms.ChoiceField(label=_("To"))
    question = text(_("What do you want to know?"))
    due_at = forms.DateTimeField(
        label=_("Answer by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        people = Person.objects.filter(is_active=True, grants__isnull=False).distinct()
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            (_("Teams"), [(f"team-{t.pk}", t.name) for t in Team.objects.filter(closed_at=None)]),
            (_("People"), [(f"person-{p.pk}", p.name) for p in people]),
            (_("Units"), [(f"unit-{u.pk}", u.name) for u, _depth in tree()]),
        ]


class SayForm(forms.Form):
    """One text: a question, an answer, or why."""

    text = text(_("text"))

    def __init__(self, data: Any = None, *, label: Any) -> None:
        super().__init__(data)
        self.fields["text"].label = label
