"""What a list, a search or a count shows is what its reader may see, and nothing else (PH03)."""

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from itertools import product

import pytest
from django.http import HttpResponse

from tests.access.oracle import Meeting, letters
from tests.architecture.routes import Route, routes
from tests.architecture.sweep.ask import has_any, parameters
from tests.architecture.sweep.choose import CLEARED
from tests.architecture.sweep.world import World, build

ROLES = sorted(set(letters()) - {"system", "anonymous"})
NUMBER = re.compile(r"\b20\d\d-\d{4,}\b")
NEXT = re.compile(r'rel="next"[^>]*href="([^"]+)"')

# Lists that show all there is for an action: address -> the action.
WHOLE = {
    "api/v1/events?limit=30": "read",
    "api/v1/events?limit=30&state=unassessed": "read",
    "api/v1/events?limit=30&q=Rapport": "read",
    "sok?q=Rapport": "read",
}


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def without_parameters() -> list[Route]:
    found = [r for r in routes() if r.method == "GET" and not parameters(r) and not r.of_library]
    return [route for route in dict.fromkeys(found) if "(?P" not in route.pattern]


def get(world: World, url: str) -> HttpResponse:
    headers = {"Authorization": f"Bearer {world.secret}"} if url.startswith("/api/") else {}
    return world.client.get(url, headers=headers)  # type: ignore[return-value]


def numbers(answer: HttpResponse) -> set[str]:
    return set(NUMBER.findall(answer.content.decode()))


def pages(world: World, url: str) -> Iterator[HttpResponse]:
    """The list, to its last page."""
    path, following = url.split("?")[0], url
    for _ in range(30):
        answer = get(world, following)
        yield answer
        if url.startswith("/api/"):
            cursor = json.loads(answer.content).get("next")
            following = f"{url}&after={cursor}"
        else:
            found = NEXT.search(answer.content.decode())
            cursor = found and unescape(found[1])
            following = f"{path}{cursor}"
        if not cursor:
            return
    raise AssertionError(f"{url} never ends")


def seen(world: World, role: str, cleared: tuple[str, ...], action: str, *, api: bool) -> set[str]:
    """The numbers of the cases that the oracle opens."""
    return {
        case.number
        for (place, labels, sealed, relation), case in world.cases.items()
        if Meeting(role, cleared, place, labels, sealed, "none" if api else relation).expected(
            action
        )
    }


def readers(world: World) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every role, cleared for nothing and for one label, held by the world's person and token."""
    for reader in product(ROLES, CLEARED):
        world.employ(*reader)
        yield reader


@pytest.mark.parametrize("role", ROLES)
def test_no_page_names_a_case_that_its_reader_may_not_know_of(world: World, role: str) -> None:
    """Who is cleared for nothing is shown the pages that name cases to who is cleared for more."""
    asked = without_parameters()
    for cleared in reversed(CLEARED):
        world.employ(role, cleared)
        naming = []
        for route in asked:
            named = numbers(get(world, f"/{route.pattern}"))
            known = seen(world, role, cleared, "read_status", api=route.is_api)
            assert named <= known, (route.label, cleared)
            naming += [route] if named else []
        asked = naming


def test_a_list_shows_all_that_its_reader_may_see(world: World) -> None:
    for role, cleared in readers(world):
        for url, action in WHOLE.items():
            api = url.startswith("api/")
            if not has_any(role, action, person=not api):
                assert get(world, f"/{url}").status_code == 403, (url, role)
                continue
            shown = set().union(*map(numbers, pages(world, f"/{url}")))
            assert shown == seen(world, role, cleared, action, api=api), (url, role, cleared)


def test_a_count_counts_what_its_reader_may_see(world: World) -> None:
    for role, cleared in readers(world):
        answer = get(world, "/api/v1/statistics?by=state")
        if has_any(role, "stats", person=False):
            counted = json.loads(answer.content)["all"]["count"]
            assert counted == len(seen(world, role, cleared, "stats", api=True)), role
        else:
            assert answer.status_code == 403, role
