"""What the frame of every page shows: the organisation, and what the reader may open."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from vardkase.access.rules import may
from vardkase.decisionlog.models import Request
from vardkase.lib.beats import still
from vardkase.organisation.queries import framed
from vardkase.workflow.four_eyes import mine

from .actor import actor

DOORS = (
    "assess",
    "comment",
    "read",
    "stats",
    "read_detections",
    "watch_sources",
    "look_up",
    "assets",
    "organisation",
    "admin_users",
    "import",
    "tokens",
    "policy",
)


def page(request: HttpRequest) -> dict[str, Any]:
    """`organisation`, `reader`, `may` (action -> bool), `now` and `requests` for the
    templates: what waits for a second person, and concerns the reader."""
    now = timezone.now()
    frame, reader = SimpleLazyObject(lambda: framed(now)), SimpleLazyObject(lambda: actor(request))

    def requests() -> list[Request]:
        waiting = getattr(frame, "waiting", 0)
        return [row for row, _ in mine(actor(request), now)] if waiting else []

    return {
        "organisation": frame,
        "standstill": SimpleLazyObject(
            lambda: bool(reader.person and frame and still(frame.slowest_part, now))
        ),
        "reader": reader,
        "may": SimpleLazyObject(lambda: {d: may(actor(request), d) for d in DOORS}),
        "requests": SimpleLazyObject(requests),
        "now": now,
    }
