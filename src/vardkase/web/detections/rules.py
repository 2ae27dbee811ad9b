"""The page of what is decided about alarms by itself: rules in force, and what is muted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import may
from vardkase.detections import queries
from vardkase.detections.models import Detection
from vardkase.events.models import Raised
from vardkase.incidents.queries import watches
from vardkase.policy.parameter import Version, parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.words import local

from .ruled import conditions

LATELY = timedelta(days=30)
ENDED = 20  # mutings that are over, shown


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, and how often it has let an alarm into a case."""

    name: str
    conditions: list[str]
    fired: int = 0
    lately: int = 0
    last_at: datetime | None = None


@needs(queries.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    version = parameter("detections.raising").at(at)
    mutings = queries.mutings(reader)
    shown = {
        "version": version,
        "rules": rules(version, reader, at),
        "in_force": mutings.filter(ended_at=None, until__gt=at),
        "ended": mutings.exclude(ended_at=None).order_by("-ended_at", "-pk")[:ENDED],
        "watches": watches(reader, at),
        "mutes": may(reader, "mute_detections"),
        "section": "detections",
    }
    return render(request, "detections/rules.html", shown)


def rules(version: Version, reader: Actor, at: datetime) -> list[Rule]:
    """Every rule in the order in which they are tried; counts of what the reader may see."""
    seen = Detection.objects.filter(queries.seen(reader))
    lately = Count("pk", filter=Q(at__gt=at - LATELY))
    rows = Raised.objects.filter(detection__in=seen).order_by().values_list("rule")
    fired = {
        code: row for code, *row in rows.annotate(all=Count("pk"), lately=lately, last=Max("at"))
    }
    return [
        Rule(local(rule), conditions(rule), *fired.get(rule["code"], ()))
        for rule in version.value["rules"]
    ]
