"""What every page that changes a case does: read it, try the verb, and keep what was written."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.incidents import words
from vardkase.incidents.services import SentBefore
from vardkase.organisation.models import Person
from vardkase.organisation.queries import names
from vardkase.web.actor import actor
from vardkase.web.forms import PersonField
from vardkase.web.report.shown import who
from vardkase.workflow.acting import NotNow, Overtaken

from .forms import ActForm

NEAR = 40  # people offered by name

type Draw = Callable[..., HttpResponse]


def case_for(request: HttpRequest, number: str, action: str) -> Event:
    """The case, for `action`; what may not be known of is not there."""
    return event(actor(request), number, action)


def number_in(text: str) -> int:
    """The number that an address or a button carries; 0, which nothing has, if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def near(case: Event) -> list[Person]:
    """People to choose among first: members of the case, and those of its unit."""
    rows = Person.objects.filter(Q(pk__in=case.members) | Q(unit=case.unit_id), is_active=True)
    return list(rows.order_by("name")[:NEAR])


def page(
    request: HttpRequest,
    case: Event,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own."""
    shown = {"case": case, "form": form, "heading": heading, "button": button, "section": "cases"}
    if any(isinstance(field, PersonField) for field in form.fields.values()):
        shown["near"] = near(case)
    if status is None:
        status = 422 if form.errors else 200
    template = more.pop("template", "incidents/act.html")
    return render(request, template, shown | more, status=status)


def attempt(
    case: Event, form: ActForm, verb: Callable[[], object], draw: Draw, *, to: str = "",
    waits: Callable[[object], str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do it, and go to the case; a form that came twice goes there too. `draw` shows what refused.

    `waits` says where to go if it waits for a second person. Nothing that was written is lost:
    whoever was overtaken sees both versions.
    """
    try:
        made = verb()
        if waits and (where := waits(made)):
            return redirect(where)
    except SentBefore:
        pass
    except NotNow as refused:
        form.add_error(None, words.refusal(refused.code))
        return draw(status=409)
    except Overtaken as overtaken:
        latest = overtaken.latest
        form.seen_now(latest.pk)
        by = who(latest.by, names([latest.by]))
        return draw(status=409, theirs=latest, their_name=by)
    return redirect(f"{reverse('case', args=[case.number])}{to}")
