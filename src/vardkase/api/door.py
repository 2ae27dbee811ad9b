"""What every operation says of itself: who may knock. A test fails on one that says nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from vardkase.access.actor import Actor
from vardkase.access.rules import may
from vardkase.incidents.services import KEY

type Operation = Callable[..., Any]


def public(operation: Operation) -> Operation:
    """Open to the world: needs no token, and tells no secret."""
    return marked(operation, "public")


def needs(action: str) -> Callable[[Operation], Operation]:
    """Open to tokens whose role reaches `action` somewhere; stands under the router's line.

    Whether it reaches this very case is asked by the room's query and by `decision`.
    """

    def wrap(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not may(request.auth, action):  # type: ignore[attr-defined]
                raise PermissionDenied(action)
            return operation(request, *args, **kwargs)

        return marked(guarded, action)

    return wrap


def marked(operation: Operation, access: str) -> Operation:
    operation.access = access  # type: ignore[attr-defined]
    return operation


def actor(request: HttpRequest) -> Actor:
    """Who knocks: the token's actor."""
    found: Actor = request.auth  # type: ignore[attr-defined]
    return found


def once(by: Actor, key: str | None) -> str:
    """The mark of a sending with an `Idempotency-Key`; empty without, when each one counts."""
    return f"{KEY}{by.key}:{key}" if key else ""
