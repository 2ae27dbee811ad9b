"""Pages and operations about no case: a role without the action is refused, and changes nothing."""

import logging
import zlib
from itertools import product

import pytest
from django.http import HttpResponse

from tests.access.oracle import letters
from tests.architecture.routes import Route, routes
from tests.architecture.sweep.ask import PARAMETER, has_any, parameters
from tests.architecture.sweep.world import World, build
from tests.database import undone
from vardkase.decisionlog.models import Entry

ROLES = sorted(set(letters()) - {"system", "anonymous"})
# a grant in one unit is not enough for these
FOR_THE_WHOLE = {"administration/konton/logg", "larm/at-sidan", "rapportera/supportarende"}
SHARE = 4  # one in so many of role and address is asked


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def about_no_case() -> list[Route]:
    """Ours, behind an action."""
    words = {"public", "signed in", None}
    return [
        route
        for route in dict.fromkeys(routes())
        if not route.of_library and route.access not in words and "number" not in parameters(route)
    ]


def ask(world: World, route: Route, method: str) -> HttpResponse:
    """The address with the first thing of its kind, which the world may or may not have."""
    world.client.cookies.pop("messages", None)
    url = "/" + PARAMETER.sub(str(world.person.pk), route.pattern)
    headers = {"Authorization": f"Bearer {world.secret}"} if route.is_api else {}
    answer: HttpResponse = getattr(world.client, method.lower())(url, headers=headers)
    return answer


def test_a_role_without_the_action_is_refused(world: World) -> None:
    found = []
    for role, route in product(ROLES, about_no_case()):
        if has_any(role, str(route.access), person=not route.is_api):
            continue
        if zlib.crc32(f"{role} {route.label}".encode()) % SHARE:
            continue
        world.employ(role, ())
        with undone():
            method, before = "POST" if not route.is_api else route.method, Entry.objects.count()
            got = ask(world, route, method).status_code
            unread = route.is_api and got in {
                400,
                422,
            }  # the body was refused first
            if (got != 403 and not unread) or Entry.objects.count() != before:
                found.append(f"{role}: {method} /{route.pattern} {got}, not 403")
    assert not found, "\n".join(found)


def test_a_role_with_the_action_is_let_in(world: World) -> None:
    found = []
    for role, route in product(ROLES, about_no_case()):
        if not has_any(role, str(route.access), person=not route.is_api) or route.method != "GET":
            continue
        if route.pattern in FOR_THE_WHOLE:
            continue
        if zlib.crc32(f"{role} {route.label}".encode()) % SHARE:
            continue
        world.employ(role, ())
        got = ask(world, route, "GET").status_code
        if got not in {200, 302, 404, 405, 422}:
            found.append(f"{role}: GET /{route.pattern} {got}")
    assert not found, "\n".join(found)


def test_somebody_else_s_report_is_as_one_that_never_was(world: World) -> None:
    world.employ("reporter", ())
    mine = world.cases["here", (), False, "reporter"].number
    others = world.plain.number
    answers = [world.client.get(f"/mina-rapporter/{n}") for n in (mine, others, "2026-9999")]
    assert [a.status_code for a in answers] == [200, 404, 404]
    assert PARAMETER.sub("", answers[1].content.decode()).count("Kontrollera") == 1
