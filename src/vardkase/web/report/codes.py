"""Finding a case by its reporter's code: known and unknown codes cost the same work, and wrong
ones shut the door for a while. A code stands in no address."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.lib.ids import ALPHABET, CODE_CHARACTERS, plain_code
from vardkase.web.caller import caller
from vardkase.workflow.rates import TooOften, count_followup, count_wrong_code, refuse_locked

NOT_CODE = re.compile(f"[^{ALPHABET}ILO]")


def looks_like_a_code(typed: str) -> bool:
    """Whether it has as many characters as a code: a slip of the hand is not a try."""
    return len(NOT_CODE.sub("", typed.upper()[:200])) == CODE_CHARACTERS


def case_of(request: HttpRequest) -> Event | None:
    """The case whose code the form carries; raises `TooOften`.

    A case that its reporter may not see any more has no code.
    """
    who, typed = caller(request), request.POST.get("code", "")
    refuse_locked(who)
    event = queries.by_code(settings.SECRET_KEY, plain_code(typed[:200]))
    holder = Actor.reporter(who.actor.at, holds=event.number if event else "")
    if event and allowed(holder, "read_status", event.scope()):
        count_followup(who)
        return event
    if looks_like_a_code(typed):
        count_wrong_code(who)
    return None


def unknown(request: HttpRequest) -> HttpResponse:
    """The same answer for every code that opens nothing."""
    typed = request.POST.get("code", "")
    error = _("There is no report with that code. Check each character, or call us.")
    if not looks_like_a_code(typed):
        error = _("The code has %(n)s characters, for example ABCD-1234-…") % {"n": CODE_CHARACTERS}
    return render(
        request, "report/code.html", {"error": error, "typed": written(typed)}, status=422
    )


def written(typed: str) -> str:
    """What was typed, to mend rather than to type again."""
    return "".join(sign for sign in typed[:60] if sign.isprintable())


def locked(request: HttpRequest, often: TooOften) -> HttpResponse:
    words = _("Too many tries. Wait %(minutes)s minutes, or call us.")
    error = words % {"minutes": -(-often.seconds // 60)}
    answer = render(request, "report/code.html", {"error": error}, status=429)
    answer.headers["Retry-After"] = str(often.seconds)
    return answer
