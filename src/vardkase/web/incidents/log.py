"""Writing in the log and deciding, and reading the whole log with its hashes."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.decisionlog.queries import LAST, Verdict, audible, speakers, tail, verify, whole
from vardkase.events.models import Event
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.words import local
from vardkase.workflow import handle
from vardkase.workflow.acting import mandates

from . import logbook
from .acting import attempt, case_for, number_in, page
from .forms import DecisionForm, NoteForm

AT_ONCE = 100  # entries on a page of the log
CHECKED = 500  # entries that a page of the case checks by itself


@needs("comment")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A line in the log."""
    by, at = actor(request), timezone.now()
    case, form = case_for(request, number, "comment"), NoteForm(request.POST)
    draw = partial(page, request, case, form, heading=_("Write in the log"), button=_("Save"))
    if not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        handle.note, case, said["text"], by=by, at=said["at"] or at, once=said["once"]
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="#log")


@needs("decide")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """The mandate is shown first; then the decision is made. Text from the log comes along."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "decide")
    roles = as_choices(mandates(case, "case.decided", by=by), at)
    sent = request.method == "POST" and "role" in request.POST
    first = {"text": request.POST.get("text", "")}
    form = DecisionForm(request.POST if sent else None, roles=roles, initial=first)
    draw = partial(
        page, request, case, form, heading=_("Make a decision"), button=_("Decide"),
        ground=parameter("delegation").at(at), powers=powers(roles, at),
    )  # fmt: skip
    if not (sent and form.is_valid()):
        return draw()
    said = form.cleaned_data
    verb = partial(
        handle.decide, case, said["text"], role=said["role"], appointment=said["appointment"],
        by=by, at=said["at"] or at, once=said["once"],
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="#log")


def as_choices(roles: list[str], at: datetime) -> list[tuple[str, str]]:
    known = parameter("roles").at(at).value
    return [(role, local(known[role])) for role in roles if role in known]


def powers(roles: list[tuple[str, str]], at: datetime) -> list[tuple[str, str]]:
    """Each role with what it may do, in the words of the organisation."""
    known = parameter("roles").at(at).value
    return [(words, local(known[role], "mandate")) for role, words in roles]


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """The log, newest first, with grounds and hashes; `kontrollera` checks the whole chain."""
    reader, at = actor(request), timezone.now()
    case = case_for(request, number, "read")
    before = number_in(request.GET.get("fore", "")) or LAST
    rows = tail(case.number, most=AT_ONCE + 1, before=before)
    shown = told(reader, case, rows[:AT_ONCE], at)
    if "kontrollera" in request.GET:
        shown["verdict"] = verify(case.number)
    shown |= {"older": rows[AT_ONCE - 1].place if len(rows) > AT_ONCE else None}
    return render(request, "incidents/log.html", shown | {"case": case, "section": "cases"})


def told(reader: Actor, case: Event, rows: list[Any], at: datetime) -> dict[str, Any]:
    full = allowed(reader, "read_log", case.scope())
    seen = audible(rows, full=full, at=at)
    known = names(speakers(seen))
    return {"lines": logbook.lines(seen, known, case, at), "full": full}


def checked(rows: list[Any]) -> Verdict | None:
    """The check of a chain whose last rows these are, newest first; None if it is longer."""
    return whole(reversed(rows)) if len(rows) <= CHECKED else None
