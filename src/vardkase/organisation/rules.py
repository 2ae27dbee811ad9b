"""What follows in the organisation: login names, roles, responsibilities, turns of duty. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from vardkase.policy.parameter import parameter

LONGEST_PATH = 200  # characters of a unit's path of ids, "/1/4/"
LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


def login_name(typed: str) -> str:
    """The login name as it is stored and compared, or "" if it could be mistaken for another.

    Look-alikes of other alphabets are refused, full-width letters and capitals made plain.
    """
    plain = unicodedata.normalize("NFKC", typed).strip().lower()
    return plain if LOGIN_NAME.fullmatch(plain) else ""


def grantable(at: datetime) -> dict[str, dict[str, Any]]:
    """The roles that may be given to a person, with their words, responsibility and mandate."""
    roles: dict[str, dict[str, Any]] = parameter("roles").at(at).value
    return {code: role for code, role in roles.items() if role["grantable"]}


def labels(at: datetime) -> dict[str, dict[str, Any]]:
    """The labels that a grant may be cleared for, with their words."""
    found: dict[str, dict[str, Any]] = parameter("access.labels").at(at).value
    return found


def responsibilities(at: datetime, *, on: str) -> dict[str, dict[str, Any]]:
    """Standing responsibilities for a `unit` or an `asset`."""
    known: dict[str, dict[str, Any]] = parameter("responsibilities").at(at).value
    return {code: row for code, row in known.items() if on in row["on"]}


@dataclass(frozen=True, slots=True)
class Turn:
    """A time on duty: from `since` up to, and not including, `until`."""

    since: datetime
    until: datetime
    who: str = ""


def overlaps(turns: Iterable[Turn]) -> list[tuple[Turn, Turn]]:
    """Turns that begin before an earlier one has ended, each with the one it runs into."""
    found, last = list[tuple[Turn, Turn]](), None
    for turn in sorted(turns, key=lambda turn: turn.since):
        if last and turn.since < last.until:
            found.append((last, turn))
        last = turn if last is None or turn.until > last.until else last
    return found


def gaps(turns: Iterable[Turn], *, since: datetime, until: datetime) -> list[Turn]:
    """When nobody is on duty between `since` and `until`."""
    edges, covered = [(since, since)], since
    for turn in sorted(turns, key=lambda turn: turn.since):
        if turn.until > covered and turn.since < until:
            edges.append((turn.since, turn.until))
            covered = turn.until
    edges.append((until, until))
    return [Turn(a[1], b[0]) for a, b in pairwise(edges) if a[1] < b[0]]
