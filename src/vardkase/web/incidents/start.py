"""The first page: what whoever opens it should do now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import may
from vardkase.assessment.queries import referred
from vardkase.events import queries as events
from vardkase.incidents.models import Action
from vardkase.incidents.queries import BY_DUE, COUNTED, actions, cases, counted, taking_part
from vardkase.web.actor import actor
from vardkase.web.door import public

from .filters import OPEN

FIRST = 7  # rows of each sort; the lists show the rest


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Strangers meet the report button; who is signed in meets his own work."""
    reader = actor(request)
    if reader.person is None:
        return render(request, "incidents/welcome.html", {"section": "start"})
    shown: dict[str, Any] = {"section": "start", "at": timezone.now(), "most": COUNTED}
    if may(reader, "assess"):
        shown |= to_assess(reader)
    if any(grant.role != "reporter" for grant in reader.grants) and may(reader, "read"):
        shown |= to_do(reader)
    shown["own"] = events.own(reader).order_by("-reported_at", "-pk")[:FIRST]
    return render(request, "incidents/start.html", shown)


def to_assess(reader: Actor) -> dict[str, Any]:
    waiting = events.queue(reader)
    first = waiting.defer("search", "imported", "what").order_by("rank", "reported_at", "pk")
    return {"queue": list(first[:FIRST]), "queue_count": counted(waiting)}


def to_do(reader: Actor) -> dict[str, Any]:
    mine = actions(reader).filter(owner=reader.person, state=Action.State.OPEN)
    part = cases(reader).filter(taking_part(reader.person or 0), state__in=OPEN)
    asked = referred(reader).filter(person=reader.person)
    return {
        "mine": list(part.order_by("rank", "reported_at", "pk")[:FIRST]),
        "actions": list(mine.order_by(*BY_DUE.names())[:FIRST]),
        "actions_count": counted(mine),
        "asked": list(asked[:FIRST]),
    }
