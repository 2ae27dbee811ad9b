"""What every page of somebody signed in passes: is he still there, does he still hold the same."""

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vardkase.lib.ids import fingerprint
from vardkase.lib.sessions import SEEN_EVERY
from vardkase.web.actor import actor
from vardkase.web.middleware import Answer

from .hashing import Busy
from .step_up import ask_again

SEEN, HOLDS = "_seen", "_holds"
AGAIN_IN = 5  # seconds


class Presence:
    """Notes that somebody is there, and gives a session another key when his roles change."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            keep(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Nothing of what was sent is kept: the library would store the cookie along with it."""
        if isinstance(error, ReauthenticationRequired):
            return ask_again(request)
        if isinstance(error, Busy):
            response = render(request, "account/busy.html", status=503)
            response.headers["Retry-After"] = str(AGAIN_IN)
            return response
        return None


def keep(request: HttpRequest) -> None:
    now = int(timezone.now().timestamp())
    if abs(now - request.session.get(SEEN, 0)) >= SEEN_EVERY:
        request.session[SEEN] = now
    grants = sorted((g.role, g.unit, sorted(g.labels)) for g in actor(request).grants)
    holds = fingerprint(repr(grants))
    if request.session.get(HOLDS) != holds:
        if HOLDS in request.session:
            request.session.cycle_key()
        request.session[HOLDS] = holds
