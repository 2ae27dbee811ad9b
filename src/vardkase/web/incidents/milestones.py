"""Under control, restored: judged with criteria, and taken back when it was not so."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.conclusions.sheet import sheet
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.workflow import handle
from vardkase.workflow.acting import mandates

from .acting import attempt, case_for, page
from .forms import MilestoneForm, ReasonForm
from .log import as_choices

HEADINGS = {
    "under_control": gettext_lazy("Is the incident under control?"),
    "restored": gettext_lazy("Is the function restored?"),
}
BUTTONS = {
    "under_control": gettext_lazy("Judge it under control"),
    "restored": gettext_lazy("Judge it restored"),
}
DECLARE: dict[str, Callable[..., object]] = {
    "under_control": handle.declare_under_control,
    "restored": handle.declare_restored,
}
REVOKE: dict[str, Callable[..., object]] = {
    "under_control": handle.revoke_control,
    "restored": handle.revoke_restored,
}


@needs("decide")
def declare(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Judge that it is reached."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "decide")
    first = {"reached_at": timezone.localtime(at).replace(second=0, microsecond=0)}
    form = MilestoneForm(request.POST or None, kind=kind, at=at, initial=first)
    roles = as_choices(mandates(case, f"incident.{kind}", by=by), at)
    draw = partial(
        page, request, case, form, heading=str(HEADINGS[kind]), button=str(BUTTONS[kind]),
        mandate=roles[0][1] if roles else "",
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    once = form.cleaned_data["once"]
    verb = partial(DECLARE[kind], case, form.judged(), by=by, at=at, once=once)
    return attempt(case, form, verb, draw, to="#milestones")


@needs("decide")
def revoke(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Say that it is reached no longer."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "decide")
    form = ReasonForm(request.POST or None)
    standing = sheet(case).standing(kind)
    headings: dict[str, Any] = {
        "under_control": _("The incident is not under control any more"),
        "restored": _("The function is not restored any more"),
    }
    draw = partial(
        page, request, case, form, heading=headings[kind], button=_("Take back the judgement"),
        standing=standing,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    verb = partial(REVOKE[kind], case, form.cleaned_data["text"], by=by, at=at)
    return attempt(case, form, verb, draw, to="#milestones")
