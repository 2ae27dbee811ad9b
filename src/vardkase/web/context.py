"""What the frame of every page shows: the organisation, and what the reader may open."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from vardkase.access.rules import may
from vardkase.organisation.queries import on_duty, organisation

from .actor import actor

DOORS = (
    "assess",
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
    """`organisation`, `duty_officer`, `reader`, `may` (action -> bool) and `now` for templates."""
    now = timezone.now()
    return {
        "duty_officer": SimpleLazyObject(lambda: on_duty(now)),
        "organisation": SimpleLazyObject(organisation),
        "reader": SimpleLazyObject(lambda: actor(request)),
        "may": SimpleLazyObject(lambda: {d: may(actor(request), d) for d in DOORS}),
        "now": now,
    }
