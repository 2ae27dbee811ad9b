"""Reporting: what every law says of the case now, its clocks, what is asked and answered."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.communication.queries import Answered, answered
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.organisation.queries import names
from vardkase.policy.clocks import Clock
from vardkase.policy.parameter import parameter
from vardkase.policy.regime_files import regimes
from vardkase.web.accounts.words import language
from vardkase.web.actor import actor
from vardkase.web.clock import time_left, used, word
from vardkase.web.door import needs
from vardkase.web.incidents.acting import case_for
from vardkase.web.incidents.dutywords import words
from vardkase.workflow import oblige
from vardkase.workflow.depend import services_hit
from vardkase.workflow.duties import Standing, ask, entities, own_entity, standings, struck
from vardkase.workflow.planning import certain
from vardkase.workflow.quoting import sister_reports, sister_words

from .forms import FactsForm
from .given import again, given
from .level import levels
from .whose import one_of, query, whose

DECIDES = "report_authority"
NAMED = 5  # deciders, by name
DOING = ("edit", "assess", "inform", DECIDES)

type Texts = dict[str, list[Answered]]


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
    others, us, reader = struck(case), own_entity(), actor(request)
    among = [us, *(row.entity for row in others)]
    found = standings(case, at, among)
    shown = [one for one in found if presses(one)]
    maybe = [one for one in found if one.state != "nothing_due" and one not in shown]
    quiet, texts = [one for one in found if one.state == "nothing_due"], written(case, found)
    answers = given(case)
    people = names({row.by for one in found for row in (one.ruling, one.view) if row})
    return render(
        request,
        "obligations/case.html",
        {
            "case": case,
            "rows": [card(one, case, at, people, texts) for one in shown],
            "maybe": [card(one, case, at, people, texts) for one in maybe],
            "quiet": [card(one, case, at, people, texts) for one in quiet],
            "form": form or FactsForm(asked=ask(found), again=again(request, case), among=among),
            "given": answers,
            "levels": levels(found, answers),
            "us": us,
            "several": len(among) > 1,
            "struck": others,
            "services": [(one, hit) for one in among if (hit := services_hit(case, one, at)).tells],
            "sisters": [(r, sister_words(r, at, language())) for r in sister_reports(case)],
            "outgrown": sorted({words(w) for one in found for w in one.misfits}),
            "can": {a: allowed(reader, a, case.scope()) for a in DOING},
            "deciders": [] if allowed(reader, DECIDES, case.scope()) else deciders(case, at),
            "section": "cases",
        },
        status=status,
    )


def deciders(case: Event, at: datetime) -> list[str]:
    """Whom to ask for a decision: those who may make it in this case, by name."""
    matrix = parameter("access.matrix").at(at).value["roles"]
    able = [role for role, may in matrix.items() if may.get(DECIDES, "-") != "-"]
    held = circle.actors(Q(grants__role__in=able), at)
    return [one.name for one in held if allowed(one, DECIDES, case.scope())][:NAMED]


def presses(one: Standing) -> bool:
    """Whether somebody must look at it now: decided, reportable, or a dated clock that runs."""
    dated = any(clock.due for clock in one.open_clocks)
    return one.ruling is not None or one.judgement.verdict == "reportable" or dated


def card(
    one: Standing, case: Event, at: datetime, people: dict[str, str], texts: Texts
) -> dict[str, Any]:
    """One regime as the page shows it, in the reader's language."""
    said, edition = one.judgement, one.judgement.edition
    criteria = {each.id: words(each) for each in edition.criteria} if edition else {}
    return {
        "one": one,
        "ruled_by": people.get(one.ruling.by, one.ruling.by) if one.ruling else "",
        "id": said.regime,
        "query": query(one.entity),
        "title": words(edition) if edition else said.regime,
        "hits": [criteria.get(id, id) for id in said.hits],
        "unknown": [criteria.get(id, id) for id in said.unknown],
        "clocks": [face(clock, one, case, at, texts) for clock in said.clocks if one.runs],
        "unverified": said.unverified,
        "sources": [g.ref for g in said.sources],
        "supervisors": said.supervisors,
        "duties": [words(each) for each in said.always],
        "notes": [words(each) for each in said.notes],
        "excluded": words(said.excluded_by) if said.excluded_by else "",
        "stops": said.stops_recording,
        "by_officer": edition is not None and edition.sign_off.get("send") == "dpo",
    }


def face(clock: Clock, one: Standing, case: Event, at: datetime, texts: Texts) -> dict[str, Any]:
    """A clock as it is drawn: absolute time, time left, share of the time used, and a word."""
    sent = next((row for row in one.submissions if row.step == clock.step.id), None)
    start = case.reported_at if one.obligation else at
    return {
        "clock": clock,
        "name": words(clock.step),
        "to": "" if not clock.recipients else clock.recipient,
        "provisional": not certain(one, clock),
        "sent": sent,
        "left": time_left(clock.due, at) if clock.due else "",
        "used": used(start, clock.due, at) if clock.due else 0,
        "texts": texts.get(clock.step.audience or "", []),
        "word": "done" if sent else word(start, clock.due, at) if clock.due else "",
    }


def written(case: Event, found: list[Standing]) -> Texts:
    """What was written to those whom a step wants told, by audience, the newest first."""
    named = {clock.step.audience for one in found for clock in one.judgement.clocks} - {None}
    texts: Texts = {}
    for one in reversed(answered(case)) if named else ():
        if one.bulletin and one.audience in named:
            texts.setdefault(one.audience, []).append(one)
    return texts


@needs("edit")
@require_POST
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """What was answered feeds every regime at once; back to the page that asked."""
    case, at = case_for(request, number, "edit"), timezone.now()
    anew = dict.fromkeys(request.POST.getlist("again"))
    form = FactsForm(request.POST, asked=request.POST, again=anew, among=entities(case))
    if not form.is_valid():
        return draw(request, case, at, form, status=422)
    if said := form.facts():
        entity = one_of(case, request.POST.get("whose", ""))
        oblige.answer(case, said, entity=entity, by=actor(request), at=at)
    regime, _, step = request.POST.get("report", "").partition("/")
    if regime in regimes() and step.isidentifier():
        back = reverse("duty-report", args=[number, regime, step])
        return redirect(f"{back}{query(whose(request, case))}")
    return redirect("case-duties", number)
