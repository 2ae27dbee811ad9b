"""Information and communication in a case: whom to tell, the texts, and what left."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.communication.models import Bulletin
from vardkase.communication.queries import Kept, bulletin, bulletins, waivers
from vardkase.events.models import Event
from vardkase.organisation.queries import is_one, names
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.words import local
from vardkase.workflow import inform, telling

from . import shown
from .forms import (
    CompleteForm,
    SentForm,
    TextForm,
    VerdictForm,
    WaiveForm,
    WriteForm,
    audiences,
    milestones,
)

DOING = ("inform", "approve_information", "affected")


def doing(reader: Actor, case: Event) -> dict[str, bool]:
    return {action: allowed(reader, action, case.scope()) for action in DOING}


def found(case: Event, pk: int) -> Kept:
    try:
        return bulletin(case, pk, timezone.now())
    except Bulletin.DoesNotExist as missing:
        raise Http404 from missing


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """Who waits for word, then every text with how it stands, then what was not needed."""
    case, at = case_for(request, number, "read"), timezone.now()
    none = list(waivers(case))
    known = names(row.by for row in none)
    to, when = dict(audiences(at)), dict(milestones(at))
    seen = {
        "case": case,
        "prompts": shown.prompts_of(case, at),
        "told": shown.told(bulletins(case, at), at),
        "waived": [(to.get(r.audience), when.get(r.milestone), r, known.get(r.by)) for r in none],
        "can": doing(actor(request), case),
        "section": "cases",
    }
    return render(request, "communication/case.html", seen)


@needs("inform")
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Write a text; `till` and `vid` of the address say for whom and which milestone asked."""
    case, at = case_for(request, number, "inform"), timezone.now()
    first = {"audience": request.GET.get("till", ""), "milestone": request.GET.get("vid", "")}
    form = WriteForm(request.POST or None, at=at, initial=first)
    asked = next((p for p in shown.prompts_of(case, at) if asked_for(p, first)), None)
    draw = partial(
        page, request, case, form, heading=_("Write information"), button=_("Save the text"),
        back="/information", template="communication/write.html", asked=asked,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    once = form.cleaned_data["once"]
    verb = partial(inform.write, case, form.written(), by=actor(request), at=at, once=once)
    return attempt(case, form, verb, draw, to="/information")


def asked_for(one: shown.Asked, first: dict[str, str]) -> bool:
    return (one.prompt.audience, one.prompt.milestone) == (first["audience"], first["milestone"])


@needs("read")
@require_safe
def detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One text: to read, to copy, to print; what was said of it, and how it left."""
    case, at = case_for(request, number, "read"), timezone.now()
    kept = found(case, pk)
    (told,) = shown.told([kept], at)
    seen = {"case": case, "one": told, "can": doing(actor(request), case), "section": "cases"}
    seen["law"] = shown.for_law(kept, at)
    return render(request, "communication/bulletin.html", seen)


def of_text(
    request: HttpRequest, case: Event, form: forms.Form, pk: int, **shown: Any
) -> Callable[[], HttpResponse]:
    """How a form about one text is drawn, with the way back to it."""
    back = f"/information/{pk}"
    return partial(page, request, case, form, button=_("Save"), back=back, **shown)


@needs("inform")
def change(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    case, at = case_for(request, number, "inform"), timezone.now()
    kept = found(case, pk)
    now = kept.version
    first = {"heading": now.heading, "text": now.text, "expected": now.pk}
    form = TextForm(request.POST or None, initial=first)
    draw = of_text(request, case, form, pk, heading=_("Change the text"))
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("heading", "text", "expected", "once")
    verb = partial(inform.rewrite, kept, by=actor(request), at=at, **said)
    return attempt(case, form, verb, draw, to=f"/information/{pk}")


@needs("approve_information")
def judge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Approve, or send back; the text stands above the form."""
    case, by = case_for(request, number, "approve_information"), actor(request)
    kept = found(case, pk)
    own = is_one(kept.version.by, by.key)
    form = VerdictForm(request.POST or None, own=own, initial={"expected": kept.version.pk})
    draw = of_text(
        request, case, form, pk, heading=_("May the text leave?"),
        template="communication/judge.html", kept=kept, own=own,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        inform.judge, kept, approved=said["word"] == "approve", reason=said["reason"],
        expected=said["expected"], by=by, at=timezone.now(), once=said["once"],
    )  # fmt: skip
    return attempt(case, form, verb, draw, to=f"/information/{pk}")


@needs("inform")
def sent(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """When, by which way and to whom it left."""
    case, at = case_for(request, number, "inform"), timezone.now()
    kept = found(case, pk)
    row = parameter("communication.audiences").at(at).value.get(kept.bulletin.audience, {})
    minute = timezone.localtime(at).replace(second=0, microsecond=0)
    first = {"sent_at": minute, "channel": local(row, "way"), "expected": kept.version.pk}
    form = SentForm(request.POST or None, approved=kept.may_leave, initial=first)
    draw = of_text(request, case, form, pk, heading=_("Information sent"))
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("expected", "once")
    verb = partial(inform.record, kept, form.left(), by=actor(request), at=at, **said)
    return attempt(case, form, verb, draw, to=f"/information/{pk}")


@needs("inform")
def complete(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Everybody has been told, or the rest cannot be: the law's clock stops."""
    case, at = case_for(request, number, "inform"), timezone.now()
    kept = found(case, pk)
    law = shown.for_law(kept, at)
    form = CompleteForm(request.POST or None, left=law["untold"])
    draw = of_text(
        request, case, form, pk, heading=_("Everybody has been told"),
        template="communication/complete.html", law=law, text=kept.version,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    verb = partial(
        telling.complete, kept, by=actor(request), at=at, **form.said("reason", "once")
    )  # fmt: skip
    return attempt(case, form, verb, draw, to=f"/information/{pk}")


@needs("inform")
def waive(request: HttpRequest, number: str, milestone: str, audience: str) -> HttpResponse:
    """They need not be told, and why."""
    case, at = case_for(request, number, "inform"), timezone.now()
    form = WaiveForm(request.POST or None)
    to, when = dict(audiences(at)), dict(milestones(at))
    if audience not in to or milestone not in when:
        raise Http404
    heading = _("No information needed: %(audience)s") % {"audience": to[audience].lower()}
    draw = partial(
        page, request, case, form, heading=heading, button=_("Save"), back="/information"
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("reason", "once")
    verb = partial(inform.waive, case, milestone, audience, by=actor(request), at=at, **said)
    return attempt(case, form, verb, draw, to="/information")
