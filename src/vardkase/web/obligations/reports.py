"""A step's report on a page and as a file."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from vardkase.access.rules import allowed
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.obligations.models import Entity
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import case_for
from vardkase.workflow.acting import NotNow
from vardkase.workflow.paper import KINDS, file_of
from vardkase.workflow.prefill import Line, Report, report

from . import cautions
from .again import again
from .forms import FactsForm
from .views import words
from .whose import query, whose


@needs("read")
@require_safe
def prefilled(request: HttpRequest, number: str, regime: str, step: str) -> HttpResponse:
    """A step's report filled from the case, what is missing first; a missing fact is answered
    here, and every other report that quotes it has it too."""
    case, at = case_for(request, number, "read"), timezone.now()
    entity = whose(request, case)
    made = made_of(case, entity, regime, step, at)
    wanted = list(dict.fromkeys(name for line in made.lines for name in line.missing))
    notes = made.standing.judgement.notes if made.open else ()
    edits = allowed(actor(request), "edit", case.scope())
    shown = {
        "case": case,
        "report": made,
        "regime": regime,
        "query": query(entity),
        "rows": [(made.label(line), line) for line in missing_first(made)],
        "going": made.going,
        "notes": [(words(note), note.ground) for note in notes],
        "cautions": cautions.told(made),
        "unverified": made.unverified,
        "form": FactsForm(asked=wanted, again=again(request, case)) if edits else None,
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
    made = made_of(case, whose(request, case), regime, step, at)
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


def made_of(case: Event, entity: Entity, regime: str, step: str, at: datetime) -> Report:
    language = get_language() or "sv"
    try:
        return report(case, step, at=at, language=language, regime=regime, entity=entity.pk)
    except NotNow as refused:
        raise Http404 from refused
