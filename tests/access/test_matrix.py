"""The matrix of roles and actions, read a second time by another reader: the general sentences."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.access.oracle import (
    ABOVE,
    BELOW,
    BESIDE,
    HERE,
    PLACES,
    RELATIONS,
    Meeting,
    design,
    letters,
    ours,
)
from tests.conftest import NOW
from tests.shared import SHARED
from vardkase.access.actor import Actor, Grant, Scope
from vardkase.access.rules import allowed, may
from vardkase.policy.parameter import parameter

WHOLE = ("create", "stats", "admin_users")  # asked of nobody's case
PATHS = {ABOVE: "/1/", HERE: "/1/2/", BELOW: "/1/2/5/", BESIDE: "/1/20/"}
LABELS = ((), ("patient",), ("restricted",), ("patient", "restricted"))
CLEARED = ((), ("patient",), ("patient", "restricted"))
ROLES = sorted(set(letters()) - {"system"})


def actor(meeting: Meeting) -> Actor:
    grant = Grant(meeting.role, PATHS[HERE], frozenset(meeting.cleared))
    return Actor("p7", "", NOW, (grant,), person=7)


def scope(meeting: Meeting) -> Scope:
    return Scope(
        "2026-0001",
        unit=PATHS[meeting.place],
        labels=frozenset(meeting.labels),
        members=frozenset({7} if "member" in meeting.relation else ()),
        conflicts=frozenset({7} if "conflict" in meeting.relation else ()),
        reporter=7 if meeting.relation == "reporter" else None,
        sealed=meeting.sealed,
    )


def meetings(role: str) -> Iterator[Meeting]:
    for row in product(CLEARED, PLACES, LABELS, (False, True), RELATIONS):
        yield Meeting(role, *row)


@pytest.mark.says(
    "S2-063", "Behörig är den som behöver uppgifterna för att kunna utföra sin arbetsuppgift"
)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_every_case_as_the_table_says(role: str) -> None:
    about_cases = parameter("access.actions").at(NOW).value
    actions = [action for action, row in about_cases.items() if row["about"] == "case"]
    wrong = [
        (meeting, action)
        for meeting in meetings(role)
        for action in actions
        if allowed(actor(meeting), action, scope(meeting)) != meeting.expected(action)
    ]
    assert not wrong, (len(wrong), wrong[:3])


@pytest.mark.parametrize("role", ROLES)
def test_what_concerns_no_case_follows_the_table(role: str) -> None:
    person = actor(Meeting(role))
    for action in WHOLE:
        assert may(person, action) == (letters()[role][action] != "-"), action


@pytest.mark.skipif(SHARED is None, reason="the design is not here")
def test_our_policy_file_is_the_design_s_table() -> None:
    mine, sealed = ours()
    theirs, starred = design()
    assert sealed == starred
    for role, row in theirs.items():
        assert {action: mine[role][action] for action in row} == row, role


def test_every_action_of_the_table_has_words_and_every_role_a_row_for_it() -> None:
    actions = set(parameter("access.actions").at(NOW).value)
    for role, row in ours()[0].items():
        assert set(row) == actions, role


@pytest.mark.says(
    "S2-118",
    "ges åtkomst till den personal och den information som behövs för utredningens genomförande",
)
def test_whoever_is_named_in_a_case_reaches_it_across_units() -> None:
    investigator = Actor("p7", "", NOW, (Grant("investigator", "/1/3/"),), person=7)
    case = Scope("2026-0001", unit="/1/2/", members=frozenset({7}))
    assert allowed(investigator, "read", case)
    assert not allowed(investigator, "read", Scope("2026-0001", unit="/1/2/"))


ROOM = Scope.room("organisation")


@pytest.mark.parametrize(
    ("path", "reaches"),
    [("/", True), ("/1/", True), ("/1/2/", False), ("", False), ("1", False), ("?new", False)],
)
def test_a_room_belongs_to_the_root_and_a_unit_half_made_reaches_nothing(
    path: str, reaches: bool
) -> None:
    assert allowed(Actor("p7", "", NOW, (Grant("assessor", path),)), "stats", ROOM) == reaches


def test_an_action_or_role_that_nobody_wrote_down_is_never_allowed() -> None:
    chief = Actor("p7", "", NOW, (Grant("security_chief", "/"),), person=7)
    assert not allowed(chief, "burn", Scope("2026-0001"))
    stranger = Actor("p7", "", NOW, (Grant("king", "/"),), person=7)
    assert not allowed(stranger, "read", Scope("2026-0001"))
