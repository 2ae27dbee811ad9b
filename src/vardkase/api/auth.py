"""Programs show a token: `Authorization: Bearer ...`. A browser's session opens nothing here."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from vardkase.access.actor import Actor
from vardkase.lib.rate import sender
from vardkase.organisation.queries import actor_of_token
from vardkase.workflow.rates import Caller


def refuse_large(request: HttpRequest) -> None:
    """Before anything is read. The web server has its own, wider limit; it also counts."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise HttpError(413, "The body is too large: send at most 2 MB.")


def caller(request: HttpRequest) -> Caller:
    """The token or the stranger, with the network that it calls from."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    return Caller(by, sender(request.META, proxies=settings.PROXIES))


class Token(HttpBearer):
    """Makes `request.auth` the actor of the token, or answers 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        refuse_large(request)
        return actor_of_token(token, timezone.now())


def anyone(request: HttpRequest) -> Actor | None:
    """For the report door alone: a valid token, or nobody; a token that is wrong is still 401."""
    refuse_large(request)
    shown = request.headers.get("Authorization", "")
    if not shown:
        return Actor.reporter(timezone.now())
    scheme, _, secret = shown.partition(" ")
    return actor_of_token(secret, timezone.now()) if scheme.lower() == "bearer" else None
