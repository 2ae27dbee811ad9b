"""The matrix of roles and actions, read a second time by another reader: the general sentences.

The oracle knows nothing of our code: it takes the design's own table where that lies beside us,
and our policy file otherwise, and applies the four sentences that stand above the table.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.shared import SHARED
from vardkase.access.actor import Actor, Grant, Scope
from vardkase.access.rules import allowed, may
from vardkase.policy.parameter import DATA, parameter

type Table = dict[str, dict[str, str]]

OWN = ("read_status", "comment", "evidence_add")
WHOLE = ("create", "stats", "admin_users")  # asked of nobody's case
UNITS = ("/1/", "/1/2/", "/1/2/5/", "/1/3/", "/1/20/")
LABELS = ((), ("patient",), ("restricted",), ("patient", "restricted"))
RELATIONS = ("none", "member", "reporter", "conflict", "member and conflict")


def ours() -> tuple[Table, set[str]]:
    raw = tomllib.loads((DATA / "access" / "matrix.toml").read_text(encoding="utf-8"))
    value = raw["version"][-1]["value"]
    return value["roles"], set(value["sealed"])


def design() -> tuple[Table, set[str]]:
    assert SHARED is not None
    path = SHARED / "design" / "prototypes" / "authz" / "matrix.csv"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    rows = [{k: v.rstrip("*") for k, v in row.items()} for row in csv.DictReader(lines)]
    starred = {line.split("*")[0] for line in lines if "*" in line.split(",")[0]}
    return {row["role"]: row for row in rows}, starred


TABLE, SEALED = design() if SHARED else ours()


@dataclass(frozen=True)
class Meeting:
    """Somebody in a role at unit /1/2/, and a case."""

    role: str
    cleared: tuple[str, ...]
    unit: str
    labels: tuple[str, ...]
    sealed: bool
    relation: str

    def actor(self) -> Actor:
        grant = Grant(self.role, "/1/2/", frozenset(self.cleared))
        return Actor("p7", "", NOW, (grant,), person=7)

    def scope(self) -> Scope:
        return Scope(
            "2026-0001",
            unit=self.unit,
            labels=frozenset(self.labels),
            members=frozenset({7} if "member" in self.relation else ()),
            conflicts=frozenset({7} if "conflict" in self.relation else ()),
            reporter=7 if self.relation == "reporter" else None,
            sealed=self.sealed,
        )

    def expected(self, action: str) -> bool:
        letter = TABLE[self.role][action]
        if self.role == "sysadmin" or "conflict" in self.relation:
            return False
        if self.sealed and self.role not in SEALED:
            return False
        if self.relation == "reporter" and action in OWN and not self.sealed:
            return True
        inside = {
            "A": True,
            "U": self.unit.startswith("/1/2/"),
            "M": "member" in self.relation,
        }
        return inside.get(letter, False) and set(self.labels) <= set(self.cleared)


def meetings(role: str) -> Iterator[Meeting]:
    cleared = ((), ("patient",), ("patient", "restricted"))
    for row in product(cleared, UNITS, LABELS, (False, True), RELATIONS):
        yield Meeting(role, *row)


@pytest.mark.says(
    "S2-063", "Behörig är den som behöver uppgifterna för att kunna utföra sin arbetsuppgift"
)
@pytest.mark.parametrize("role", sorted(set(TABLE) - {"system", "anonymous"}))
def test_every_role_meets_every_case_as_the_table_says(role: str) -> None:
    actions = [a for a in TABLE[role] if a not in (*WHOLE, "role")]
    wrong = [
        (meeting, action)
        for meeting in meetings(role)
        for action in actions
        if allowed(meeting.actor(), action, meeting.scope()) != meeting.expected(action)
    ]
    assert not wrong, (len(wrong), wrong[:3])


@pytest.mark.parametrize("role", sorted(TABLE))
def test_what_concerns_no_case_follows_the_table(role: str) -> None:
    person = Actor("p7", "", NOW, (Grant(role, "/1/2/"),), person=7)
    for action in WHOLE:
        assert may(person, action) == (TABLE[role][action] != "-"), action


@pytest.mark.skipif(SHARED is None, reason="the design is not here")
def test_our_policy_file_is_the_design_s_table() -> None:
    mine, sealed = ours()
    theirs, starred = design()
    assert sealed == starred
    for role, row in theirs.items():
        assert {a: mine[role][a] for a in row if a != "role"} == {
            a: letter for a, letter in row.items() if a != "role"
        }, role


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


def test_the_matrix_file_lies_where_the_oracle_looks() -> None:
    assert Path(DATA, "access", "matrix.toml").is_file()
