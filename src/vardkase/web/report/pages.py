"""Pages about reporting that only show: what to do now, the form on paper, personal data."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vardkase.organisation.queries import documents
from vardkase.policy.parameter import parameter
from vardkase.web.door import public
from vardkase.web.words import local

from .forms import ReportForm


@public
@require_safe
def advice(request: HttpRequest, kind: str = "") -> HttpResponse:
    """What to do now, for every kind of event or for one: to read on a phone, or to pin up."""
    rows = parameter("report.guidance").at(timezone.now()).value
    if kind and kind not in rows:
        raise Http404
    shown = {code: row for code, row in rows.items() if kind in {"", code}}
    cards = [
        {"code": code, "heading": local(row), "steps": [local(step) for step in row["steps"]]}
        for code, row in shown.items()
    ]
    known = documents("report", inside=request.user.is_authenticated)
    shown_with = {"cards": cards, "kind": kind, "documents": known}
    return render(request, "report/advice.html", shown_with)


@public
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """All questions on paper, for when nothing works."""
    return render(request, "report/blank.html", {"form": ReportForm(at=timezone.now())})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    rows = parameter("report.privacy").at(timezone.now()).value
    return render(request, "report/privacy.html", {"privacy": rows})
