"""Who leads the case: handed to the crisis organisation, taken with one tap, handed back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.communication.queries import Lead, handovers, lead
from vardkase.conclusions.sheet import sheet
from vardkase.events.models import Event
from vardkase.incidents import words
from vardkase.organisation.queries import names
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.incidents.forms import ActForm, person, text
from vardkase.workflow import lead as verbs
from vardkase.workflow.acting import NotNow, mandates

from .frozen import frozen_rows


class LeadForm(ActForm):
    """How the case stands, and to whom it goes; nobody named is the first in line."""

    state = text(
        gettext_lazy("How the case stands"), rows=8,
        help_text=gettext_lazy("What has happened, what is done, what is decided, what waits for a"
                               " decision. The summary and the log go along."),
    )  # fmt: skip
    to = person(
        gettext_lazy("To whom, if not the first in line"), required=False,
        help_text=gettext_lazy("Login name or whole name. Leave it empty at night: whoever is on"
                               " duty is asked, then the next."),
    )  # fmt: skip


def who_leads(now: Lead, case: Event, reader: Actor, known: dict[str, str]) -> dict[str, Any]:
    """For the page of the case; `known` has the name of who took the lead."""
    if now.taken is None and now.waiting is None:
        return {}
    return {
        "lead": now,
        "leader": known.get(now.taken.taken_by, "") if now.taken else "",
        "takes_lead": takes(now, case, reader),
    }


def takes(now: Lead, case: Event, reader: Actor) -> bool:
    """Whether the button stands there: not for whoever gave the lead away, if another was asked."""
    held = now.waiting
    if held is None or (held.by == reader.key and held.person_id != reader.person):
        return False
    return allowed(reader, "comment", case.scope()) and bool(
        mandates(case, "lead.taken", by=reader)
    )


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """Who leads now, what waits to be taken, and the way the lead has gone."""
    case, reader = case_for(request, number, "read"), actor(request)
    rows = list(handovers(case))
    known, now = names(key for row in rows for key in (row.by, row.taken_by) if key), lead(case)
    seen = {
        "case": case,
        "now": now,
        "rows": [
            (row, known.get(row.by, row.by), known.get(row.taken_by, ""), frozen_rows(row))
            for row in rows
        ],
        "assigns": allowed(reader, "assign", case.scope()),
        "section": "cases",
    }
    return render(request, "communication/lead.html", seen | who_leads(now, case, reader, known))


@needs("assign")
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """To the crisis organisation, or back if that leads; the situation is proposed as the state."""
    case, at = case_for(request, number, "assign"), timezone.now()
    back = lead(case).is_with_crisis
    situation = sheet(case).situation
    first = {"state": situation.text if situation else ""}
    form = LeadForm(request.POST or None, initial=first)
    heading = _("Hand the lead back") if back else _("Hand over to the crisis organisation")
    draw = partial(
        page, request, case, form, heading=heading, button=_("Hand over"), back="/ledning"
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("state", "to", "once")
    verb = partial(
        verbs.hand_over, case, to_crisis=not back, by=actor(request), at=at, **said
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="/ledning")


@needs("comment")
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """One tap: I lead from now on."""
    case, by = case_for(request, number, "comment"), actor(request)
    try:
        verbs.take(case, by=by, at=timezone.now())
    except NotNow as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
    return redirect("case-lead", number)
