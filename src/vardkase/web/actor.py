"""From a request to the actor behind it; the rooms never see a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of


def actor(request: HttpRequest) -> Actor:
    """Who asks, with the grants in force now; read once a request. Nobody is a reporter."""
    known = getattr(request, "_actor", None)
    if isinstance(known, Actor):
        return known
    at = timezone.now()
    person = getattr(request, "user", None)  # none where a request fails before it is known
    found = actor_of(person, at) if isinstance(person, Person) else Actor.reporter(at)
    request._actor = found  # type: ignore[attr-defined]
    return found


def person(request: HttpRequest) -> Person:
    """Whoever is signed in; only behind a door that asks for it."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
