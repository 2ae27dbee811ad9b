"""Who may look after whose account, and give away what. Pure."""

from collections.abc import Iterable
from typing import Any

from vardkase.access.actor import Actor, Grant, Scope
from vardkase.access.rules import allowed

ROOM = "organisation"
LETTERS = "-OMUA"  # narrow to wide


def may_manage(by: Actor, home: str, held: Iterable[Grant]) -> bool:
    """Whether `by` reaches a person whose home unit is `home` and who holds the roles `held`.

    An administrator of a part does not reach whoever holds anything outside that part: else he
    could take over an account that opens more than his own.
    """
    return all(
        allowed(by, "admin_users", Scope.room(ROOM, unit=unit))
        for unit in (home, *(grant.unit for grant in held))
    )


def may_give(by: Actor, given: Grant, *, matrix: dict[str, Any], alone: Iterable[str]) -> bool:
    """Whether `by` alone may hand out `given`: nobody gives away more than he holds himself.

    Roles in `alone` read nothing and so cost nobody's secret; whatever else he lacks takes the
    console, or two persons.
    """
    if by.key == "system" or given.role in alone:
        return True
    if given.role in matrix["sealed"] and not by.roles & set(matrix["sealed"]):
        return False
    if not given.labels <= frozenset().union(*(grant.labels for grant in by.grants)):
        return False
    wanted: dict[str, str] = matrix["roles"][given.role]
    return all(
        letter == "-" or any(covers(mine, action, letter, given.unit, matrix) for mine in by.grants)
        for action, letter in wanted.items()
    )


def covers(mine: Grant, action: str, letter: str, unit: str, matrix: dict[str, Any]) -> bool:
    """Whether my grant holds `action` at least as widely as `letter` in `unit`."""
    held = matrix["roles"].get(mine.role, {}).get(action, "-")
    wide_enough = LETTERS.index(held) >= LETTERS.index(letter)
    return wide_enough and (held == "A" or unit.startswith(mine.unit))
