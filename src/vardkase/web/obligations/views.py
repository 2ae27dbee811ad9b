"""Reporting: what every law says of the case now, its clocks, what is asked, decided and sent."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import names
from vardkase.policy.clocks import Clock
from vardkase.policy.regime_files import regimes
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents import dutywords
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.workflow import oblige
from vardkase.workflow.acting import NotNow
from vardkase.workflow.duties import Standing, ask, standings
from vardkase.workflow.paper import KINDS, file_of
from vardkase.workflow.planning import certain
from vardkase.workflow.prefill import Line, Report, report

from .forms import FactsForm, RulingForm, SentForm


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """Every regime that concerns us, the worst clock first, and one short list of questions."""
    case, at = case_for(request, number, "read"), timezone.now()
    return draw(request, case, at)


def draw(
    request: HttpRequest,
    case: Event,
    at: datetime,
    form: FactsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found, reader = standings(case, at), actor(request)
    shown = [one for one in found if presses(one)]
    maybe = [one for one in found if one.state != "nothing_due" and one not in shown]
    people = names({row.by for one in found for row in (one.ruling, one.view) if row})
    return render(
        request,
        "obligations/case.html",
        {
            "case": case,
            "rows": [card(one, case, at, people) for one in shown],
            "maybe": [card(one, case, at, people) for one in maybe],
            "quiet": [card(one, case, at, people) for one in found if one.state == "nothing_due"],
            "form": form or FactsForm(asked=ask(found)),
            "can": {a: allowed(reader, a, case.scope()) for a in ("edit", "report_authority")},
            "section": "cases",
        },
        status=status,
    )


def presses(one: Standing) -> bool:
    """Whether somebody must look at it now: decided, reportable, or a dated clock that runs."""
    dated = any(clock.due for clock in one.open_clocks)
    return one.ruling is not None or one.judgement.verdict == "reportable" or dated


def card(one: Standing, case: Event, at: datetime, people: dict[str, str]) -> dict[str, Any]:
    """One regime as the page shows it, in the reader's language."""
    swedish, edition = get_language() == "sv", one.judgement.edition
    title = (edition.sv if swedish else edition.en) if edition else one.judgement.regime
    words = {c.id: c.sv if swedish else c.en for c in edition.criteria} if edition else {}
    said = one.judgement
    why = said.excluded_by
    return {
        "one": one,
        "ruled_by": people.get(one.ruling.by, one.ruling.by) if one.ruling else "",
        "id": said.regime,
        "title": title,
        "hits": [words.get(id, id) for id in said.hits],
        "unknown": [words.get(id, id) for id in said.unknown],
        "clocks": [face(clock, one, case, at) for clock in said.clocks if one.runs],
        "unverified": sorted({g.ref for g in said.sources if g.status != "verified"}),
        "sources": [g.ref for g in said.sources],
        "duties": [d.sv if swedish else d.en for d in said.always],
        "notes": [n.sv if swedish else n.en for n in said.notes],
        "excluded": (why.sv if swedish else why.en) if why else "",
        "stops": said.stops_recording,
    }


def face(clock: Clock, one: Standing, case: Event, at: datetime) -> dict[str, Any]:
    """A clock as it is drawn: absolute time, share of the time used, and a word."""
    sent = next((row for row in one.submissions if row.step == clock.step.id), None)
    start = case.reported_at if one.obligation else at
    used = 0
    if clock.due:
        span = (clock.due - start).total_seconds()
        used = round(100 * min(max((at - start).total_seconds() / span, 0), 1)) if span > 0 else 100
    late = bool(clock.due and clock.due < at)
    return {
        "clock": clock,
        "name": clock.step.sv if get_language() == "sv" else clock.step.en,
        "to": "" if not clock.recipients else clock.recipient,
        "provisional": not certain(one, clock),
        "sent": sent,
        "used": used,
        "word": "done" if sent else "late" if late else "soon" if used >= 75 else "",
    }


@needs("edit")
@require_POST
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """What was answered feeds every regime at once; back to the page that asked."""
    case, at = case_for(request, number, "edit"), timezone.now()
    form = FactsForm(request.POST, asked=request.POST)
    if not form.is_valid():
        return draw(request, case, at, form, status=422)
    if said := form.facts():
        oblige.answer(case, said, by=actor(request), at=at)
    regime, _, step = request.POST.get("report", "").partition("/")
    if regime in regimes() and step.isidentifier():
        return redirect("duty-report", number, regime, step)
    return redirect("case-duties", number)


@needs("read")
@require_safe
def prefilled(request: HttpRequest, number: str, regime: str, step: str) -> HttpResponse:
    """A step's report filled from the case, what is missing first; a missing fact is answered
    here, and every other report that quotes it has it too."""
    case, at = case_for(request, number, "read"), timezone.now()
    made = made_of(case, regime, step, at)
    wanted = list(dict.fromkeys(name for line in made.lines for name in line.missing))
    edits = allowed(actor(request), "edit", case.scope())
    shown = {
        "case": case,
        "report": made,
        "regime": regime,
        "rows": [(made.label(line), line) for line in missing_first(made)],
        "form": FactsForm(asked=wanted) if edits else None,
        "exports": allowed(actor(request), "export", case.scope()),
        "section": "cases",
    }
    return render(request, "obligations/report.html", shown)


@needs("export")
@require_safe
def taken_out(request: HttpRequest, number: str, regime: str, step: str, kind: str) -> HttpResponse:
    """The report as a file; that it was taken out stands in the log first."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "export")
    made = made_of(case, regime, step, at)
    if kind not in KINDS:
        raise Http404
    record_read(
        "export.made", scope=case.scope(), by=by, at=at, format=kind, name=f"{regime} {step}"
    )
    content, media_type = file_of(made, kind)
    shown = {"Content-Disposition": f'attachment; filename="{number}-{step}.{kind}"'}
    return HttpResponse(content, media_type, headers=shown)


def missing_first(made: Report) -> list[Line]:
    return sorted(made.lines, key=lambda line: not line.wanted)


def made_of(case: Event, regime: str, step: str, at: datetime) -> Report:
    try:
        return report(case, step, at=at, language=get_language() or "sv", regime=regime)
    except NotNow as refused:
        raise Http404 from refused


@needs("report_authority")
def decide(request: HttpRequest, number: str, regime: str) -> HttpResponse:
    """Report, or not, with a reason."""
    case = duty(request, number, regime)
    form = RulingForm(request.POST or None)
    heading = f"{_('Report or not?')} {dutywords.regime_name(regime, case.received_at)}"
    again = partial(page, request, case, form, heading=heading, button=_("Decide"))
    if request.method != "POST" or not form.is_valid():
        return again()
    said = form.cleaned_data
    verb = partial(
        oblige.rule, case, regime, said["outcome"], said["reason"],
        of_authority=said["of_authority"], by=actor(request), at=timezone.now(),
    )  # fmt: skip
    return attempt(case, form, verb, again, to="/rapportering")


@needs("report_authority")
def sent(request: HttpRequest, number: str, regime: str, step: str) -> HttpResponse:
    """What was sent, when, by which way; the clock stops."""
    case, at = duty(request, number, regime), timezone.now()
    first = {"sent_at": at, "recipient": to_whom(case, regime, step, at)}
    form = SentForm(request.POST or None, initial=first)
    heading = f"{_('Report sent')}: {dutywords.step_name(step, regime, case.received_at)}"
    again = partial(page, request, case, form, heading=heading, button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return again()
    said = {k: v for k, v in form.cleaned_data.items() if k in oblige.Sent.__dataclass_fields__}
    who = Person.objects.filter(username=said.pop("prepared_by", "")).first()
    made = made_of(case, regime, step, at).content() if has_form(regime, step, at) else {}
    what = oblige.Sent(step=step, prepared_by=who.key if who else "", content=made, **said)
    verb = partial(oblige.record_sent, case, regime, what, by=actor(request), at=at)
    return attempt(case, form, verb, again, to="/rapportering")


def has_form(id: str, step: str, at: datetime) -> bool:
    found = dutywords.regime_at(id, at)
    return found is not None and any(each.id == step and each.form for each in found.steps)


def to_whom(case: Event, regime: str, step: str, at: datetime) -> str:
    clocks = (
        c for one in standings(case, at) if one.judgement.regime == regime
        for c in one.judgement.clocks if c.step.id == step
    )  # fmt: skip
    return next((c.recipient or "" for c in clocks if c.recipients), "")


def duty(request: HttpRequest, number: str, regime: str) -> Event:
    case = case_for(request, number, "report_authority")
    if regime not in regimes():
        raise Http404
    return case
