"""A step's report on a page and as a file."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.access.rules import allowed
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.obligations.models import Entity, Wording
from vardkase.organisation.queries import names
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.incidents.dutywords import words
from vardkase.web.requests.told import waits
from vardkase.workflow.acting import NotNow
from vardkase.workflow.four_eyes import do
from vardkase.workflow.paper import KINDS, file_of
from vardkase.workflow.prefill import Line, Report, report
from vardkase.workflow.wording import terms_of

from . import cautions
from .forms import FactsForm, WordingForm
from .given import again, newest
from .whose import query, whose

VERSIONS = 50  # of a field's wording, shown
OURS = ("submissions.", "regime.")  # what the case itself knows: asked of nobody


@needs("read")
@require_safe
def prefilled(request: HttpRequest, number: str, regime: str, step: str) -> HttpResponse:
    """A step's report filled from the case, what is missing first; a missing fact is answered
    here, and every other report that quotes it has it too."""
    case, at = case_for(request, number, "read"), timezone.now()
    entity = whose(request, case)
    made = made_of(case, entity, regime, step, at)
    missing = dict.fromkeys(name for line in made.lines for name in line.missing)
    wanted = [name for name in missing if not name.startswith(OURS)]
    notes = made.standing.judgement.notes if made.open else ()
    edits = allowed(actor(request), "edit", case.scope())
    shown = {
        "case": case,
        "report": made,
        "regime": regime,
        "query": query(entity),
        "rows": [(made.label(line), line) for line in missing_first(made)],
        "lifted": [(made.label(line), line) for line in made.lines if line.lifted],
        "going": made.going,
        "notes": [(words(note), note.ground) for note in notes],
        "cautions": cautions.told(made),
        "unverified": made.unverified,
        "form": FactsForm(asked=wanted, again=again(request, case)) if edits else None,
        "answered": answered(made, case) if edits else (),
        "edits": edits,
        "exports": allowed(actor(request), "export", case.scope()),
        "section": "cases",
    }
    return render(request, "obligations/report.html", shown)


def answered(made: Report, case: Event) -> set[str]:
    """The fields that rest on what somebody answered, and may answer anew."""
    given = {row.name for row in newest(case)}
    return {line.field.id for line in made.lines if given & set(line.field.sources)}


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


@needs("edit")
def reword(request: HttpRequest, number: str, regime: str, step: str, field: str) -> HttpResponse:
    """A field in the preparer's own words; how it was worded before stays beside it."""
    case, at = case_for(request, number, "edit"), timezone.now()
    entity = whose(request, case)
    made = made_of(case, entity, regime, step, at)
    line = next((one for one in made.lines if one.field.id == field), None)
    if line is None:
        raise Http404
    back = f"/rapportering/{regime}/{step}/rapport{query(entity)}"
    form = WordingForm(request.POST or None, initial=as_it_is(line))
    redraw = partial(
        page, request, case, form, heading=made.label(line), button=_("Save"), line=line,
        earlier=earlier(case, entity, regime, step, field), template="obligations/word.html",
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return redraw()
    terms = terms_of(case, made, line, form.words(line.drawn))
    verb = partial(do, "report.worded", terms, by=actor(request), at=at, **form.said("once"))
    return attempt(case, form, verb, redraw, to=back, waits=partial(waits, request))


def as_it_is(line: Line) -> dict[str, Any]:
    return {"text": line.text, "later": line.later, "secrecy": line.secrecy}


def earlier(
    case: Event, entity: Entity, regime: str, step: str, field: str
) -> list[tuple[Wording, str]]:
    """How the field has been worded, the newest first, with who did it."""
    same = {"event": case, "entity": entity.pk, "regime": regime, "step": step, "field": field}
    rows = list(Wording.objects.filter(**same).order_by("-pk")[:VERSIONS])
    people = names({row.by for row in rows})
    return [(row, people.get(row.by, row.by)) for row in rows]


def missing_first(made: Report) -> list[Line]:
    return sorted(made.lines, key=lambda line: not line.wanted)


def made_of(case: Event, entity: Entity, regime: str, step: str, at: datetime) -> Report:
    language = get_language() or "sv"
    try:
        return report(case, step, at=at, language=language, regime=regime, entity=entity.pk)
    except NotNow as refused:
        raise Http404 from refused
