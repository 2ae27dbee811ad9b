"""PH21, changes past the log: Zammad CVE-2020-29160 (the API changed, and nothing told of it), MISP
CVE-2023-50918 (the log itself open to many)."""

import logging
from itertools import product

import pytest

from tests.access.oracle import Meeting, letters
from tests.architecture.routes import routes
from tests.architecture.sweep.ask import Question, address, entries, send
from tests.architecture.sweep.verbs import VERBS
from tests.architecture.sweep.world import World, build
from tests.conftest import NOW
from tests.database import undone
from vardkase.decisionlog.models import Entry
from vardkase.events import circle
from vardkase.organisation.queries import actor_of
from vardkase.policy.parameter import parameter

SAME = [  # what can be done on a page and through the API
    ("POST handelser/<str:number>/bedom", "POST api/v1/events/<number>/assessments"),
    ("POST handelser/<str:number>/fraga", "POST api/v1/events/<number>/questions"),
    ("POST handelser/<str:number>/sla-ihop", "POST api/v1/events/<number>/merges"),
]
KINDS = parameter("decisions").at(NOW).value


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def kinds(world: World, row: str) -> list[str]:
    """Which entries a request leaves in the log of the case."""
    method, pattern = row.split(" ", 1)
    route = next(
        r for r in routes() if r.pattern == pattern and (method == r.method or not r.is_api)
    )
    question = Question(route, method, Meeting("security_chief"))
    case = world.case(question.meeting)
    with undone():
        VERBS[row].before(world, case)
        url = address(route, world, case, case.number)
        last = Entry.objects.order_by("pk").last()
        send(question, world, url, case)
        rows = Entry.objects.filter(pk__gt=last.pk if last else 0).order_by("pk")
        return [entry.kind for entry in rows if entry.chain == case.number]


@pytest.mark.parametrize(("page", "api"), SAME)
def test_the_api_leaves_the_entry_that_the_page_leaves(world: World, page: str, api: str) -> None:
    world.employ("security_chief", ())
    assert kinds(world, page) == kinds(world, api) == [VERBS[page].kind]


def test_a_refused_change_leaves_no_entry(world: World) -> None:
    """Asked by two who may not; the sweep asks it of all, and that who may leaves one."""
    for role, row in product(("auditor", "supplier_spoc"), sorted(VERBS)):
        method, pattern = row.split(" ", 1)
        route = next(
            r for r in routes() if r.pattern == pattern and (method == r.method or not r.is_api)
        )
        world.employ(role, ())
        question = Question(route, method, Meeting(role))
        case = world.case(question.meeting)
        with undone():
            VERBS[row].before(world, case)
            url, before = address(route, world, case, case.number), entries(case)
            answer = send(question, world, url, case)
            assert answer.status_code in {403, 404}, (role, row)
            assert entries(case) == before, (role, row)


@pytest.mark.parametrize("role", sorted(set(letters()) - {"system", "anonymous", "integration"}))
def test_the_log_is_read_by_those_alone_who_read_it(world: World, role: str) -> None:
    world.employ("security_chief", ("patient",))
    circle.add_conflict(world.plain, world.colleague, by=actor_of(world.person, NOW), at=NOW)
    world.employ(role, ("patient",))
    answer = world.client.get("/administration/konton/logg")
    assert (answer.status_code == 200) == (letters()[role]["read_log"] == "A"), role
    headers = {"Authorization": f"Bearer {world.secret}"}
    found = world.client.get(f"/api/v1/events/{world.plain.number}/log", headers=headers)
    assert (found.status_code == 200) == (letters()[role]["read"] in "UA"), role
    if letters()[role]["read_log"] not in "UA":
        shown = {item["kind"] for item in found.json().get("items", [])}
        assert shown <= {kind for kind, row in KINDS.items() if row.get("told")}, role
