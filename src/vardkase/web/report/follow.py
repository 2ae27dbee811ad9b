"""Following a report: by its code, in the body of every request, or as the one who is logged in."""

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from vardkase.access.actor import Actor
from vardkase.events import queries
from vardkase.events.hits import essential
from vardkase.events.models import Event
from vardkase.lib.paging import BadCursor, Page
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import public, signed_in
from vardkase.web.strangers import without_cookies
from vardkase.web.twins import here
from vardkase.web.words import local
from vardkase.workflow.rates import TooOften

from .case import Done, act, page, written
from .codes import case_of, locked, unknown

LIMIT = 25  # reports on a page


@without_cookies
@public
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """The form for the code; with a code, the case."""
    if request.method != "POST":
        return render(request, "report/code.html")
    try:
        event = case_of(request)
        return show(request, event) if event else unknown(request)
    except TooOften as often:
        return locked(request, often)


def show(request: HttpRequest, event: Event) -> HttpResponse:
    at = timezone.now()
    by = Actor.reporter(at, holds=event.number)
    done, status = tried(request, event, by)
    event.refresh_from_db(fields=["state"])
    context = page(event, done, at) | {"code": request.POST["code"], "stored": status != 503}
    return render(request, "report/case.html", context, status=status)


def tried(request: HttpRequest, event: Event, by: Actor) -> tuple[Done, int]:
    """What the pressed button did, and the status of the answer."""
    try:
        done = act(request, event, by, by.at)
    except (OSError, DatabaseError):
        message, more = written(request, event, by.at)
        return Done(message=message, more=more), 503
    return done, done.status


@signed_in
@require_http_methods(["GET", "HEAD"])
def own(request: HttpRequest) -> HttpResponse:
    """The reports of whoever is logged in, newest first."""
    rows = queries.own(actor(request))
    try:
        found = Page.of(rows, queries.NEWEST, after=request.GET.get("after"), limit=LIMIT)
    except BadCursor:
        return redirect("own-reports")
    words = parameter("status_words").at(timezone.now()).value
    rows_shown = [(event, local(words[event.state])) for event in found.items]
    context = {"rows": rows_shown, "next": found.next, "section": "own"}
    return render(request, "report/own.html", context)


@without_cookies
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own_case(request: HttpRequest, report: str) -> HttpResponse:
    """One report of one's own."""
    by = actor(request)
    event = queries.own(by).select_related("unit").get(number=report)
    done, status = tried(request, event, by) if request.method == "POST" else (Done(), 200)
    if done.thanks:
        messages.success(request, done.thanks, extra_tags="ok")
        return redirect(here("own-report", report=report))
    context = page(event, done, by.at) | {"section": "own", "stored": status != 503}
    context["essential"] = essential(event)
    return render(request, "report/case.html", context, status=status)
