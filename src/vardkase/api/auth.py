"""Programs show a token: `Authorization: Bearer ...`. A browser's session opens nothing here."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from vardkase.access.actor import Actor
from vardkase.organisation.queries import actor_of_token


class Token(HttpBearer):
    """Makes `request.auth` the actor of the token, or answers 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of_token(token, timezone.now())


def anyone(request: HttpRequest) -> Actor | None:
    """For the report door alone: a valid token, or nobody; a token that is wrong is still 401."""
    shown = request.headers.get("Authorization", "")
    if not shown:
        return Actor.reporter(timezone.now())
    scheme, _, secret = shown.partition(" ")
    return actor_of_token(secret, timezone.now()) if scheme.lower() == "bearer" else None
