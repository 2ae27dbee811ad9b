"""Every page and operation that can be read, for looking through what it shows."""

from collections.abc import Iterator

from django.http import HttpResponse

from tests.architecture.routes import Route, routes
from tests.architecture.sweep.ask import PARAMETER, address, parameters
from tests.architecture.sweep.verbs import NAMES, THINGS
from tests.architecture.sweep.world import World
from tests.database import undone
from vardkase.events.models import Event


def readable(world: World, case: Event) -> Iterator[tuple[str, HttpResponse]]:
    """Each GET address of ours with its answer, as the world's person or token sees it."""
    for route in dict.fromkeys(routes()):
        if route.method != "GET" or route.of_library or "(?P" in route.pattern:
            continue
        with undone():
            url = where(route, world, case)
            headers = {"Authorization": f"Bearer {world.secret}"} if route.is_api else {}
            answer: HttpResponse = world.client.get(url, headers=headers)  # type: ignore[assignment]
        yield url, answer


def where(route: Route, world: World, case: Event) -> str:
    names = set(parameters(route))
    if "number" in names and (route.pattern in THINGS or names <= {"number", *NAMES}):
        return address(route, world, case, case.number)
    return "/" + PARAMETER.sub(str(world.colleague.pk), route.pattern)


def text(answer: HttpResponse) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(parts).decode("utf-8", "replace")
