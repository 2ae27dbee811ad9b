"""Pages for what went wrong: each says what to do."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from vardkase.lib.outage import is_outage, is_too_slow

READING = {"GET", "HEAD"}
UNTOLD = (
    "csrf",
    "password",
    "oldpassword",
    "credential",
    "code",
    "once",
    "next",
)  # fields that are never shown again


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old: its own page shows what was written, so that it can be sent again."""
    own = getattr(getattr(request.resolver_match, "func", None), "on_csrf_failure", None)
    if own:
        answer: HttpResponse = own(request)
        return answer
    return render(request, "errors/csrf.html", {"written": written(request)}, status=403)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody wrote: the text is here, to be sent again after a login."""
    return render(request, "errors/signed_out.html", {"written": written(request)}, status=403)


def written(request: HttpRequest) -> list[str]:
    """The free text of a form that could not be taken in; not its codes, marks and passwords."""
    values = [v for name, row in request.POST.lists() for v in row if not name.startswith(UNTOLD)]
    return [value for value in values if any(c.isspace() for c in value.strip())]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Gone, never there, or not for this reader: one and the same page."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    fault = sys.exception()
    if is_too_slow(fault) and request.method in READING:
        return HttpResponse(render_to_string("errors/slow.html"), status=503)
    if is_outage(fault):
        return unavailable(request)
    return render(request, "errors/500.html", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database or the disk fails, so the page asks neither for anything."""
    return HttpResponse(
        render_to_string("errors/503.html"), status=503, headers={"Retry-After": "60"}
    )
