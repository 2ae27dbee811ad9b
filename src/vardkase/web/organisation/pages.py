"""What the pages about the world share: a form page, its answer, a list page, a page's cases."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.access.actor import Actor
from vardkase.events.models import Event
from vardkase.events.queries import NEWEST
from vardkase.events.subjects import tally
from vardkase.lib.changes import Refused
from vardkase.lib.paging import Page
from vardkase.web.actor import actor
from vardkase.web.forms import hang, status

ROWS = 50
LONGEST_SEARCH = 100


def answer[T](
    request: HttpRequest, form: forms.Form, act: Callable[[Actor, datetime], T], *, title: str,
    button: str, back: str, place: dict[str, str], to: Callable[[T], str] | None = None,
    hint: str = "",
) -> HttpResponse:  # fmt: skip
    """A form on a page of its own: done if `act` does it, else 422 with what to correct."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act(actor(request), timezone.now())
        except Refused as error:
            hang(error, form)
        else:
            return done(request, to(made) if to else back)
    shown = {"form": form, "title": title, "button": button, "back": back, "hint": hint}
    return render(request, "organisation/form.html", shown | place, status=status(form))


def sent(request: HttpRequest) -> Any:
    """What the form was sent with, or None."""
    return request.POST if request.method == "POST" else None


def pressed(request: HttpRequest, act: Callable[[Actor, datetime], Any], back: str) -> HttpResponse:
    """A button without a form: back to its page, which says that it is done or what stands in
    the way."""
    try:
        act(actor(request), timezone.now())
    except Refused as error:
        for sentence in error.errors.values():
            messages.error(request, str(sentence), "danger")
        return redirect(back)
    return done(request, back)


def done(request: HttpRequest, where: str) -> HttpResponse:
    messages.success(request, _("Saved."), "ok")
    return redirect(where)


def asked(request: HttpRequest, name: str = "q") -> str:
    """A word of the address, as it may be searched for."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def number(request: HttpRequest, name: str) -> int | None:
    """A number of the address, or None."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def cases(request: HttpRequest, rows: QuerySet[Event]) -> dict[str, Any]:
    """`rows`, the cases of a page's subject, a page at a time, and how many by year and state."""
    page = Page.of(rows.select_related("unit"), NEWEST, after=asked_page(request), limit=ROWS)
    years = tally(rows)
    states = [state for state in Event.State if any(state in year.states for year in years)]
    table = [(year, [year.states.get(state, 0) for state in states]) for year in years]
    return {"page": page, "states": [state.label for state in states], "years": table}


def asked_page(request: HttpRequest) -> str | None:
    return request.GET.get("efter") or None
