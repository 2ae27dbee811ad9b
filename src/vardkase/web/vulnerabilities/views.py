"""The pages of sources to check: which are late, what was found, one click when nothing is new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import visible
from vardkase.events.models import Event
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.vulnerabilities import queries, services
from vardkase.vulnerabilities.models import Check, Source
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.organisation.pages import answer, pressed, sent
from vardkase.web.report.shown import who
from vardkase.web.words import local
from vardkase.workflow import checking

from .forms import CheckForm, SourceForm, kinds

SECTION = {"section": "detections"}
SHOWN = 50  # checks of one source


@needs(queries.WATCH)
def index(request: HttpRequest) -> HttpResponse:
    """Every source, the one that is most overdue first."""
    at, closed = timezone.now(), bool(request.GET.get("stangda"))
    rows = queries.standings(queries.sources(actor(request), closed=closed), at)
    known = names([row.last.by for row in rows if row.last])
    shown = {
        "rows": [(row, by(row.last, known), role(row.source)) for row in rows],
        "overdue": sum(row.overdue for row in rows),
        "closed": closed,
    }
    return render(request, "vulnerabilities/sources.html", shown | SECTION)


def by(last: Check | None, known: dict[str, str]) -> str:
    return who(last.by, known) if last else ""


def role(source: Source) -> str:
    words = parameter("roles").at(timezone.now()).value
    return local(words[source.role]) if source.role in words else source.role


@needs(queries.WATCH)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One source with the log of its checks."""
    reader, at = actor(request), timezone.now()
    source = queries.source(reader, pk)
    checks = list(source.checks.all()[:SHOWN])
    known = names([one.by for one in checks])
    readable = Event.objects.filter(visible(reader, "read"), number__in=[c.case for c in checks])
    shown = {
        "row": queries.standing(source, checks[0] if checks else None, at),
        "role": role(source),
        "kind": dict(kinds()).get(source.kind, ""),
        "checks": [(one, who(one.by, known)) for one in checks],
        "readable": {"", *readable.values_list("number", flat=True)},
    }
    return render(request, "vulnerabilities/source.html", shown | SECTION)


@needs(queries.WATCH)
def create(request: HttpRequest) -> HttpResponse:
    form = SourceForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_source(form.values, by=by, at=at),
        title=_("New source to check"),
        button=_("Add source"),
        back=reverse("sources"),
        place=SECTION,
    )


@needs(queries.WATCH)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = queries.source(actor(request), pk)
    form = SourceForm.of(source, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_source(
            source, form.values, by=by, at=at, seen=form.seen_before
        ),
        title=_("Change {name}").format(name=source),
        button=_("Save"),
        back=reverse("source", args=[pk]),
        place=SECTION,
    )


@needs(queries.WATCH)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Check it no more, or again."""
    source = queries.source(actor(request), pk)
    closed = source.closed_at is None
    return pressed(
        request,
        lambda by, at: services.close_source(source, closed=closed, by=by, at=at),
        reverse("source", args=[pk]),
    )


@needs(queries.WATCH)
@require_POST
def nothing(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked, and nothing was new: one click."""
    source = queries.source(actor(request), pk)
    return pressed(request, lambda by, at: checking.check(source, by=by, at=at), reverse("sources"))


@needs(queries.WATCH)
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked, and found something: it becomes a reported vulnerability."""
    source = queries.source(actor(request), pk)
    form = CheckForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: checking.check(source, **form.cleaned_data, by=by, at=at),
        title=_("Found in {name}").format(name=source),
        button=_("Save"),
        back=reverse("source", args=[pk]),
        place=SECTION,
    )
