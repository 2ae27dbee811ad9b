"""What the frame of every page shows: the organisation, and what the reader may open."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from vardkase.access.rules import may
from vardkase.lib.beats import still
from vardkase.organisation.queries import framed

from .actor import actor

DOORS = (
    "assess",
    "comment",
    "read",
    "stats",
    "look_up",
    "assets",
    "organisation",
    "admin_users",
    "import",
    "tokens",
    "policy",
)


def page(request: HttpRequest) -> dict[str, Any]:
    """`organisation`, `reader`, `may` (action -> bool) and `now` for the templates."""
    now = timezone.now()
    frame, reader = SimpleLazyObject(lambda: framed(now)), SimpleLazyObject(lambda: actor(request))
    return {
        "organisation": frame,
        "standstill": SimpleLazyObject(
            lambda: bool(reader.person and frame and still(frame.slowest_part, now))
        ),
        "reader": reader,
        "may": SimpleLazyObject(lambda: {d: may(actor(request), d) for d in DOORS}),
        "now": now,
    }
