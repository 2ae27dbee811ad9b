"""Those who are told personally: a table is looked at and kept, each is reached, all is erased."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.access.rules import allowed
from vardkase.communication.affected import totals
from vardkase.communication.models import Affected
from vardkase.communication.rules import CHANNELS, USUAL
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.web.accounts.step_up import step_up
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.incidents.forms import ActForm
from vardkase.web.requests.told import waits
from vardkase.workflow import affected as verbs
from vardkase.workflow.four_eyes import do

from .affected_forms import AllForm, CountForm, EraseForm, ListForm, ProtectForm, ReachForm
from .forms import audiences

SHOWN = 200  # people on the page: the ones still to be reached first
BACK = "/drabbade"


@needs("affected")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """The numbers, and the list to whoever needs it; that he read it stands in the log first."""
    case, reader, at = case_for(request, number, "affected"), actor(request), timezone.now()
    rows = case.affected.filter(erased_at=None).order_by("outcome", "pk")
    sees = allowed(reader, "affected_protected", case.scope())
    shown = list(rows[:SHOWN])
    if shown:
        record_read("affected.read", scope=case.scope(), by=reader, at=at, number=len(shown))
    to = dict(audiences(at))
    seen = {
        "case": case,
        "totals": [(to.get(one.audience, one.audience), one) for one in totals(case)],
        "rows": [(to.get(row.audience, ""), row, sees or not row.protected) for row in shown],
        "more": rows.count() > SHOWN,
        "sees": sees,
        "section": "cases",
    }
    return render(request, "communication/affected.html", seen)


@needs("affected")
def enlist(request: HttpRequest, number: str) -> HttpResponse:
    """Look at the table first; the second press keeps it."""
    case, at = case_for(request, number, "affected"), timezone.now()
    form = ListForm(request.POST or None, request.FILES or None)
    valid = request.method == "POST" and form.is_valid()
    found = form.found if valid else None
    ready = found is not None and bool(found.rows) and not found.faults
    draw = partial(
        page, request, case, form, heading=_("List the people affected"),
        button=_("Keep the list") if ready else _("Look at the table"),
        template="communication/enlist.html", found=found, ready=ready,
    )  # fmt: skip
    if not ready or found is None or "keep" not in request.POST or request.FILES:
        return draw(status=422 if found and found.faults else None)
    said = form.said("audience", "once")
    verb = partial(verbs.enlist, case, people=found.rows, by=actor(request), at=at, **said)
    return attempt(case, form, verb, draw, to=BACK)


@needs("affected")
def count(request: HttpRequest, number: str) -> HttpResponse:
    case, form = case_for(request, number, "affected"), CountForm(request.POST or None)
    draw = partial(
        page, request, case, form, heading=_("Only the number"), button=_("Save"), back=BACK
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("audience", "number", "once")
    verb = partial(verbs.count, case, by=actor(request), at=timezone.now(), **said)
    return attempt(case, form, verb, draw, to=BACK)


def person(
    request: HttpRequest, case: Event, form: ActForm, *, row: Affected, hidden: bool, **more: Any
) -> HttpResponse:
    """A form about one of them; that his name was read stands in the log first."""
    if not hidden:
        facts = {"number": 1, "protected": int(row.protected)}
        at = timezone.now()
        record_read("affected.read", scope=case.scope(), by=actor(request), at=at, **facts)
    return page(request, case, form, row=row, hidden=hidden, **more)


@needs("affected")
def reach(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How one person was contacted; a protected identity by the marked way alone."""
    case = case_for(request, number, "affected")
    row = case.affected.select_related("event__unit").get(pk=pk, erased_at=None)
    ways = ("safe",) if row.protected else CHANNELS if row.safe_way else USUAL
    form = ReachForm(request.POST or None, ways=ways)
    hidden = row.protected and not allowed(actor(request), "affected_protected", case.scope())
    draw = partial(
        person, request, case, form, heading=_("Contact"), button=_("Save"), back=BACK,
        template="communication/reach.html", row=row, hidden=hidden,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("channel", "outcome", "proof", "once")
    verb = partial(verbs.reach, row, by=actor(request), at=timezone.now(), **said)
    return attempt(case, form, verb, draw, to=BACK)


@needs("affected")
def protect(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Mark a protected identity with its safe way, which then stands hidden here too."""
    case, form = case_for(request, number, "affected"), ProtectForm(request.POST or None)
    row = case.affected.select_related("event__unit").get(pk=pk, erased_at=None)
    hidden = row.protected and not allowed(actor(request), "affected_protected", case.scope())
    draw = partial(
        person, request, case, form, heading=_("Protected identity"), button=_("Save"), back=BACK,
        template="communication/reach.html", row=row, hidden=hidden, marking=True,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("safe_way", "once")
    verb = partial(verbs.protect, row, by=actor(request), at=timezone.now(), **said)
    return attempt(case, form, verb, draw, to=BACK)


@needs("affected")
def reach_all(request: HttpRequest, number: str) -> HttpResponse:
    case, form = case_for(request, number, "affected"), AllForm(request.POST or None)
    heading = _("Everybody who waits was sent it, but for protected identities")
    draw = partial(page, request, case, form, heading=heading, button=_("Save"), back=BACK)
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.said("audience", "channel", "proof", "once")
    verb = partial(verbs.reach_all, case, by=actor(request), at=timezone.now(), **said)
    return attempt(case, form, verb, draw, to=BACK)


@needs("affected_protected")
@step_up
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """Names and addresses go when a second person says so too; the numbers stay."""
    case, form = case_for(request, number, "affected_protected"), EraseForm(request.POST or None)
    draw = partial(
        page, request, case, form, heading=_("Erase the list"), button=_("Erase"), back=BACK
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    terms = {"number": number, "reason": form.cleaned_data["reason"]}
    verb = partial(do, "affected.erased", terms, by=actor(request), at=timezone.now())
    return attempt(case, form, verb, draw, to=BACK, waits=partial(waits, request))
