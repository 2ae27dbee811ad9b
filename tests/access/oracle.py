"""A second reader of the matrix, who knows nothing of our code: the table and four sentences.

It takes the design's own table where that lies beside us, and our policy files otherwise.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.shared import SHARED
from vardkase.policy.parameter import DATA

type Table = dict[str, dict[str, str]]

OWN = ("read_status", "comment", "evidence_add")
ABOVE, HERE, BELOW, BESIDE = "above", "here", "below", "beside"  # the grant's unit
PLACES = (ABOVE, HERE, BELOW, BESIDE)
RELATIONS = ("none", "member", "reporter", "conflict", "member and conflict")


@cache
def raw(*path: str) -> Any:
    """The newest value of one of our policy files, read without our reader."""
    text = DATA.joinpath(*path).read_text(encoding="utf-8")
    return tomllib.loads(text)["version"][-1]["value"]


def ours() -> tuple[Table, set[str]]:
    value = raw("access", "matrix.toml")
    return value["roles"], set(value["sealed"])


@cache
def design() -> tuple[Table, set[str]]:
    assert SHARED is not None
    path = SHARED / "design" / "prototypes" / "authz" / "matrix.csv"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    rows = [{k: v.rstrip("*") for k, v in row.items()} for row in csv.DictReader(lines)]
    starred = {line.split("*")[0] for line in lines if "*" in line.split(",")[0]}
    return {row.pop("role"): row for row in rows}, starred


@cache
def letters() -> Table:
    """The design's letters over ours, which has more actions."""
    theirs = design()[0] if SHARED else {}
    return {role: row | theirs.get(role, {}) for role, row in ours()[0].items()}


@cache
def sealed_roles() -> set[str]:
    return design()[1] if SHARED else ours()[1]


def has_mandate(role: str, kind: str) -> bool:
    return kind in raw("delegation.toml")[role]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody with one role in one unit, and a case in a relation to both."""

    role: str
    cleared: tuple[str, ...] = ()
    place: str = HERE
    labels: tuple[str, ...] = ()
    sealed: bool = False
    relation: str = "none"

    def expected(self, action: str) -> bool:
        """Whether the case opens to `action`."""
        return self.is_own(action) or self.reached(action)

    def is_own(self, action: str) -> bool:
        mine = self.relation == "reporter" and action in OWN
        return mine and not self.sealed and self.role != "sysadmin"

    def reached(self, action: str) -> bool:
        if self.role == "sysadmin" or "conflict" in self.relation:
            return False
        if self.sealed and self.role not in sealed_roles():
            return False
        inside = {"A": True, "U": self.place in (HERE, BELOW), "M": "member" in self.relation}
        letter = letters()[self.role][action]
        return inside.get(letter, False) and set(self.labels) <= set(self.cleared)

    def decides(self, kind: str) -> bool:
        """Whether a decision of `kind` may be made: leave and mandate in the same role."""
        action = raw("decisions.toml")[kind]["action"]
        own = self.is_own(action) and has_mandate("reporter", kind)
        return own or (self.reached(action) and has_mandate(self.role, kind))
