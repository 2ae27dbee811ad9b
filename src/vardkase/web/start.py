"""The first page: each is led to where his work begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vardkase.access.rules import may
from vardkase.organisation.queries import organisation

from .actor import actor
from .door import public


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """A stranger reports, an assessor assesses; before the first day it says how to begin."""
    if organisation() is None:
        return render(request, "setup/waiting.html")
    who = actor(request)
    if who.person is None:
        return redirect("report")
    if may(who, "assess"):
        return redirect("queue")
    if may(who, "read"):
        return redirect("cases")
    return redirect("account_home")
