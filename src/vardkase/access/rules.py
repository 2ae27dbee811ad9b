"""Need to know: one rule, as a function for one case and as SQL for a list. Deny by default.

Scope letters of the matrix: `-` never, `O` own report, `M` named member, `U` own unit and below,
`A` all. Every scope but O needs all labels of the case; a sealed case only opens to the roles
that the matrix names; a conflict of interest closes it to anyone.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from vardkase.policy.parameter import parameter

from .actor import Actor, Grant, Scope

NOTHING = Q(pk__in=[])


def matrix(actor: Actor) -> dict[str, Any]:
    value: dict[str, Any] = parameter("access.matrix").at(actor.at).value
    return value


def may(actor: Actor, action: str) -> bool:
    """Whether any grant of `actor` reaches `action` somewhere; enough for what is no case."""
    return actor.key == "system" or any(True for _ in reaching(actor, action))


def allowed(actor: Actor, action: str, scope: Scope) -> bool:
    """Whether `actor` may do `action` to the case or room `scope`."""
    if actor.key == "system":
        return True
    if not scope.is_case:
        return any(within(g, letter, actor, scope) for g, letter in reaching(actor, action))
    if actor.person is not None and actor.person in scope.conflicts:
        return False
    if is_own(actor, scope) and owns(actor, action) and not scope.sealed:
        return True
    return any(
        within(grant, letter, actor, scope)
        and scope.labels <= grant.labels
        and (not scope.sealed or grant.role in matrix(actor)["sealed"])
        for grant, letter in reaching(actor, action)
    )


def visible(actor: Actor, action: str = "read") -> Q:
    """The same rule over rows with the fields of `Scope`; what it leaves out does not exist.

    A member-scoped grant without a person, such as a token's, sees nothing.
    """
    if actor.key == "system":
        return Q()
    seen = NOTHING
    for grant, letter in reaching(actor, action):
        seen |= opened(grant, letter, actor)
    if owns(actor, action):
        seen |= own_rows(actor)
    if actor.person is not None:
        seen &= ~Q(conflicts__contains=[actor.person])
    return seen


def reaching(actor: Actor, action: str) -> Iterator[tuple[Grant, str]]:
    """The grants that carry `action`, each with its scope letter."""
    rows = matrix(actor)["roles"]
    for grant in actor.grants:
        letter = rows.get(grant.role, {}).get(action, "-")
        if letter not in "-O":
            yield grant, letter


def within(grant: Grant, letter: str, actor: Actor, scope: Scope) -> bool:
    if letter == "M":
        return actor.person is not None and actor.person in scope.members
    return letter == "A" or scope.unit.startswith(grant.unit)


def opened(grant: Grant, letter: str, actor: Actor) -> Q:
    found = Q(labels__contained_by=sorted(grant.labels))
    if grant.role not in matrix(actor)["sealed"]:
        found &= Q(sealed=False)
    if letter == "M":
        return found & Q(members__contains=[actor.person]) if actor.person else NOTHING
    if letter == "U" and grant.unit.strip("/").count("/") > 0:  # the root holds every row
        found &= Q(unit__path__startswith=grant.unit)
    return found


def is_own(actor: Actor, scope: Scope) -> bool:
    if actor.holds:
        return actor.holds == scope.number
    return actor.person is not None and actor.person == scope.reporter


def owns(actor: Actor, action: str) -> bool:
    """Whether one's own report gives `action`; a system administrator reads no case at all."""
    letter = matrix(actor)["roles"]["reporter"].get(action, "-")
    return letter == "O" and actor.roles != {"sysadmin"}


def own_rows(actor: Actor) -> Q:
    if actor.holds:
        return Q(number=actor.holds, sealed=False)
    return Q(reporter=actor.person, sealed=False) if actor.person is not None else NOTHING
