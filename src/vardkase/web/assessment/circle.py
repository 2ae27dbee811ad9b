"""Who may see a case, and what it hits: the small changes around an assessment."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.assets.models import Asset
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.organisation.models import Person
from vardkase.policy.parameter import parameter
from vardkase.web.accounts.step_up import step_up
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.requests.told import waits
from vardkase.web.words import local
from vardkase.workflow.four_eyes import do

from .forms import SayForm

type Change = Callable[..., Event]

SHOWN = 200  # readers told by name


class LabelForm(forms.Form):
    unmarked = True
    labels = forms.MultipleChoiceField(
        label=gettext_lazy("Labels"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, words: dict[str, Any], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["labels"].choices = [  # type: ignore[attr-defined]
            (code, f"{local(row)}. {local(row, 'description')}") for code, row in words.items()
        ]


class PersonForm(forms.Form):
    person = forms.ModelChoiceField(
        queryset=Person.objects.filter(is_active=True),
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("Choose"),
    )


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """Everyone who can see the case, and what opens and closes it."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number)
    scope, readers = case.scope(), circle.readers(case, at)
    people = Person.objects.in_bulk([*case.members, *case.conflicts])
    words = parameter("access.labels").at(at).value
    shown = {
        "case": case,
        "readers": readers[:SHOWN],
        "count": len(readers),
        "members": [people[pk] for pk in case.members if pk in people],
        "conflicts": [people[pk] for pk in case.conflicts if pk in people],
        "labels": LabelForm(words=words, initial={"labels": case.labels}),
        "person": PersonForm(),
        "seal": SayForm(label=_("Why? Write nothing that is secret.")),
        "can": {
            a: allowed(reader, a, scope) for a in ("label_set", "member_add", "assess", "seal")
        },
        "section": "queue",
    }
    return render(request, "assessment/circle.html", shown)


@needs("label_set")
@require_POST
def label(request: HttpRequest, number: str) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "label_set")
    form = LabelForm(request.POST, words=parameter("access.labels").at(at).value)
    if form.is_valid():
        terms = {"number": number, "labels": sorted(form.cleaned_data["labels"])}
        made = do("event.labelled", terms, by=reader, at=at)
        if where := waits(request, made):
            return redirect(where)
        case = made
    return onward(request, case)


@needs("member_add")
@require_POST
def person(request: HttpRequest, number: str, change: Change) -> HttpResponse:
    """Put somebody on the list of members or of conflicts, or take him off: as `change` does."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "member_add")
    form = PersonForm(request.POST)
    if form.is_valid():
        case = change(case, form.cleaned_data["person"], by=reader, at=at)
    else:
        messages.warning(request, _("Choose a person."), extra_tags="warn")
    return onward(request, case)


@needs("read")
@require_POST
def seal(request: HttpRequest, number: str, change: Change) -> HttpResponse:
    """Hand the case to the head of protective security."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number)
    form = SayForm(request.POST, label="")
    if not form.is_valid():
        messages.warning(request, _("Say why, in a few words."), extra_tags="warn")
        return redirect("circle", number)
    return onward(request, change(case, reason=form.cleaned_data["text"], by=reader, at=at))


@needs("seal")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def unseal(request: HttpRequest, number: str) -> HttpResponse:
    """As head of protective security: ask a second person to open the case again."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "seal")
    if request.method != "POST":
        return redirect("circle", number)
    form = SayForm(request.POST, label="")
    if not form.is_valid():
        messages.warning(request, _("Say why, in a few words."), extra_tags="warn")
        return redirect("circle", number)
    terms = {"number": case.number, "reason": form.cleaned_data["text"]}
    made = do("event.unsealed", terms, by=reader, at=at)
    where = waits(request, made)
    return redirect(where) if where else onward(request, made)


def onward(request: HttpRequest, case: Event) -> HttpResponse:
    """Back to the page, or to the queue if the case is now closed to the reader too."""
    if allowed(actor(request), "read", case.scope()):
        return redirect("circle", case.number)
    messages.success(request, _("%(number)s is now closed to you.") % {"number": case.number})
    return redirect("queue")


@needs("edit")
@require_POST
def asset(request: HttpRequest, number: str, change: Callable[..., object]) -> HttpResponse:
    """Say that the event hits an asset, by its name, or that it does not after all."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "edit")
    name = request.POST.get("asset", "").replace("\x00", "").strip()
    found = Asset.objects.filter(name__iexact=name, closed_at=None).first()
    if found is None:
        told = _("There is no asset called “%(name)s”. Choose one of the list.")
        messages.warning(request, told % {"name": name[:200]}, extra_tags="warn")
    else:
        change(case, found, by=reader, at=at)
    return redirect("assess", number)
