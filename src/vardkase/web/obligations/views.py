"""Reporting: what every law says of the case now, its clocks, what is asked and answered."""

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.policy.parameter import parameter
from vardkase.policy.regime_files import regimes
from vardkase.web.accounts.words import language
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import case_for
from vardkase.web.incidents.dutywords import words
from vardkase.workflow import oblige
from vardkase.workflow.depend import services_hit
from vardkase.workflow.duties import ask, entities, own_entity, pressing, standings, struck
from vardkase.workflow.quoting import sister_reports, sister_words

from .cards import drawn
from .forms import FactsForm
from .given import again, given
from .level import levels
from .whose import one_of, query, whose

DECIDES = "report_authority"
NAMED = 5  # deciders, by name
DOING = ("edit", "assess", "inform", DECIDES)


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
    answers, cards = given(case), drawn(case, found, at)
    form = form or FactsForm(asked=ask(found), again=again(request, case), among=among)
    form.first = pressing(found)
    return render(
        request,
        "obligations/case.html",
        {
            "case": case,
            **cards,
            "form": form,
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
