"""Role x relation x label x seal x unit x every address, on pages and in the API (PH01, PH02).

The suite tries a choice; `python -m tests.architecture.full_matrix` tries every combination.
"""

import logging
import os
import zlib
from collections.abc import Iterable
from functools import partial

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.oracle import BELOW, HERE, Meeting, has_mandate, letters, sealed_roles
from tests.architecture.routes import Route, routes
from tests.architecture.sweep.ask import Question, address, faults, has_any, parameters, send
from tests.architecture.sweep.choose import every, pairwise
from tests.architecture.sweep.verbs import ELSEWHERE, NAMES, THINGS, VERBS
from tests.architecture.sweep.world import NEVER, World, build
from tests.database import undone

ROLES = sorted(set(letters()) - {"system", "anonymous"})
ALL_PAIRS = 1000  # more than any two factors ever need to have met in every way
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def ours() -> list[Route]:
    return [route for route in dict.fromkeys(routes()) if not route.of_library]


def about_a_case() -> list[Route]:
    return [route for route in ours() if "number" in parameters(route) and route.access != "public"]


def methods(route: Route) -> list[tuple[Route, str]]:
    takes_post = not route.is_api and f"POST {route.pattern}" in VERBS
    return [(route, method) for method in {route.method, "POST" if takes_post else route.method}]


@pytest.mark.parametrize("route", about_a_case(), ids=lambda r: r.label)
def test_every_address_about_a_case_is_in_the_sweep(route: Route) -> None:
    known = route.pattern in THINGS or set(parameters(route)) <= {"number", *NAMES}
    assert known, f"{route.label}: say in sweep/verbs.py THINGS what else it names"
    if route.method in UNSAFE:
        row = f"{route.method} {route.pattern}"
        assert row in VERBS or row in ELSEWHERE, f"{row}: say in sweep/verbs.py what to send"


def test_every_page_that_takes_a_post_is_in_the_sweep(world: World) -> None:
    """A page that does not answer 405 to a POST takes one: say in sweep/verbs.py what to send."""
    world.employ("security_chief", ("patient",))
    unsaid = []
    for route in about_a_case():
        row = f"POST {route.pattern}"
        if route.is_api or row in VERBS or row in ELSEWHERE:
            continue
        with undone():
            url = address(route, world, world.plain, world.plain.number)
            if world.client.post(url, {}).status_code != 405:
                unsaid.append(row)
    assert not unsaid


@pytest.mark.says(
    "S2-063", "Behörig är den som behöver uppgifterna för att kunna utföra sin arbetsuppgift"
)
def test_each_role_meets_each_address(world: World) -> None:
    asked = [question for route in about_a_case() for question in methods(route)]
    questions = [
        Question(route, method, meeting)
        for route, method in asked
        for role in askers(route, method)
        for meeting in meetings(role, route, method)
    ]
    found: list[str] = []
    for question in sorted(questions, key=lambda q: (q.meeting.role, q.meeting.cleared)):
        world.employ(question.meeting.role, question.meeting.cleared)
        found += faults(question, world)
    assert not found, f"{len(found)}:\n" + "\n".join(found[:10])
    ought = {row for row, verb in VERBS.items() if verb.succeeds}
    assert world.done == ought, "nobody succeeded with these: send something else"


def askers(route: Route, method: str) -> list[str]:
    """In the suite one of the roles that the tables treat alike here, each somewhere."""
    if "VARDKASE_SWEEP" in os.environ:
        return ROLES
    alike: dict[object, list[str]] = {}
    for role in ROLES:
        alike.setdefault(treatment(role, route, method), []).append(role)
    turn = zlib.crc32(f"{method} {route.pattern}".encode())
    return [roles[turn % len(roles)] for roles in alike.values()]


def treatment(role: str, route: Route, method: str) -> object:
    """All that the oracle knows of a role, for this question."""
    if not has_any(role, str(route.access), person=not route.is_api):
        return "the door's first question ends it"
    actions = {"read", "read_status", str(route.access)} & set(letters()[role])
    verb = VERBS.get(f"{method} {route.pattern}")
    opens = [letters()[role][action] for action in sorted(actions)]
    return (
        *opens,
        role in sealed_roles(),
        role == "sysadmin",
        verb and has_mandate(role, verb.kind),
    )


def meetings(role: str, route: Route, method: str) -> Iterable[Meeting]:
    if os.environ.get("VARDKASE_SWEEP") == "full":
        return every(role)
    most = ALL_PAIRS if os.environ.get("VARDKASE_SWEEP") == "pairs" else 1
    seed = zlib.crc32(f"{role} {method} {route.pattern}".encode())
    changes = method != "GET"
    wanted = partial(is_open, route, method, changes or seed % 2 == 0)
    reaches = has_any(role, str(route.access), person=not route.is_api)
    return pairwise(role, seed=seed, most=most + (changes and reaches), first=wanted)


def is_open(route: Route, method: str, wanted: bool, meeting: Meeting) -> bool:
    return (Question(route, method, meeting).expected() == 200) == wanted


def test_the_rows_of_verbs_are_all_of_addresses_that_are_there() -> None:
    patterns = {route.pattern for route in ours()}
    assert {row.split(" ", 1)[1] for row in [*VERBS, *ELSEWHERE]} | set(THINGS) <= patterns


def test_a_child_of_one_case_is_not_found_under_another(world: World) -> None:
    """PH02: MISP CVE-2026-56424, GLPI CVE-2025-64516, iTop CVE-2026-34836 and many more."""
    world.employ("security_chief", ("patient",))
    parent, child_s = (world.cases[place, (), False, "none"] for place in (BELOW, HERE))
    for route in about_a_case():
        if route.pattern not in THINGS:
            continue
        meeting = Meeting("security_chief")
        method = "POST" if f"POST {route.pattern}" in VERBS else route.method
        question = Question(route, method, meeting)
        with undone():
            url = address(route, world, child_s, parent.number)
            assert send(question, world, url, child_s).status_code == 404, url


def test_a_stranger_is_sent_to_the_login_or_refused_whatever_the_number(world: World) -> None:
    nobody = Client()
    for route in about_a_case():
        answers = [knock(nobody, route, world, n) for n in (world.plain.number, NEVER)]
        assert {a.status_code for a in answers} <= ({401} if route.is_api else {302}), route.label
        if route.is_api:
            assert answers[0].content == answers[1].content


def knock(client: Client, route: Route, world: World, number: str) -> HttpResponse:
    with undone():
        url = address(route, world, world.plain, number)
        answer: HttpResponse = getattr(client, route.method.lower())(url)
    return answer


def test_the_choice_covers_every_pair_when_it_may() -> None:
    some = pairwise("ciso", seed=1, most=1000, first=lambda meeting: meeting.sealed)
    assert some[0].sealed
    assert len(some) < 40 < len(list(every("ciso")))
