"""What the doors say when a decision waits for a second person, and when it was made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vardkase.decisionlog.models import Request
from vardkase.organisation.models import Person


def waits(request: HttpRequest, made: object) -> str:
    """The page of the request, if that is what came of it; else nothing."""
    if not isinstance(made, Request):
        return ""
    messages.warning(request, _("Nothing has changed yet: a second person confirms it."), "warn")
    return reverse("request", args=[made.pk])


def asked(request: HttpRequest, made: object) -> HttpResponse | None:
    where = waits(request, made)
    return redirect(where) if where else None


def link_once(request: HttpRequest, found: Person, secret: str) -> HttpResponse:
    """The one time that a link is shown: it is stored nowhere, and never sent by us."""
    url = request.build_absolute_uri(reverse("welcome-link", args=[secret]))
    shown = {"person": found, "link": url, "section": "accounts"}
    return render(request, "accounts/link.html", shown)
