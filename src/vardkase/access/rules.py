"""Need to know: one rule, as a function for one case and as SQL for a list. Deny by default.

Scope letters of the matrix: `-` never, `O` own report, `M` named member, `U` own unit and below,
`A` all. Every scope but O needs all labels of the case; a sealed case only opens to the roles
that the matrix names; a conflict of interest closes it to anyone. The program itself (`system`)
sees everything: what it may decide stands in the delegation order.
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
    """Whether `actor` may do `action` somewhere, to his own report if nowhere else: the door's
    first question, before any case is looked for."""
    own = (actor.person is not None or bool(actor.holds)) and owns(actor, action)
    return actor.key == "system" or own or any(True for _ in reaching(actor, action))


def allowed(actor: Actor, action: str, scope: Scope) -> bool:
    """Whether `actor` may do `action` to the case or room `scope`."""
    return bool(roles_for(actor, action, scope))


def roles_for(actor: Actor, action: str, scope: Scope) -> frozenset[str]:
    """The roles in which `actor` may do `action` to the case or room `scope`; none means no.

    A mandate is asked of these alone: what a role may decide in one unit says nothing of another.
    """
    if actor.key == "system":
        return frozenset({"system"})
    if actor.person is not None and actor.person in scope.conflicts:
        return frozenset()
    found = {g.role for g, letter in reaching(actor, action) if opens(g, letter, actor, scope)}
    if owns(actor, action) and is_own(actor, scope):
        found.add("reporter")
    return frozenset(found)


def visible(actor: Actor, action: str = "read") -> Q:
    """The same rule over rows with the fields of `Scope`; what it leaves out does not exist.

    A member-scoped grant without a person, such as a token's, sees nothing.
    """
    if actor.key == "system":
        return Q()
    seen = own_rows(actor) if owns(actor, action) else NOTHING
    for grant, letter in reaching(actor, action):
        seen |= opened(grant, letter, actor)
    if actor.person is not None:
        seen &= ~Q(conflicts__contains=[actor.person])
    return seen


def reaching(actor: Actor, action: str) -> Iterator[tuple[Grant, str]]:
    """The grants that carry `action`, each with its scope letter."""
    rows = matrix(actor)["roles"]
    for grant in actor.grants:
        letter = rows.get(grant.role, {}).get(action, "-")
        if letter in ("M", "A") or (letter == "U" and is_path(grant.unit)):
            yield grant, letter


def opens(grant: Grant, letter: str, actor: Actor, scope: Scope) -> bool:
    """Whether `grant` reaches `scope`, which `opened` says of many rows at once."""
    if letter == "M" and (actor.person is None or actor.person not in scope.members):
        return False
    if letter == "U" and not (is_root(grant.unit) or scope.unit.startswith(grant.unit)):
        return False
    unsealed = not scope.sealed or grant.role in matrix(actor)["sealed"]
    return unsealed and scope.labels <= grant.labels


def reaches(grant: Grant, scope: Scope) -> bool:
    """Whether `grant` covers the unit and the labels of `scope`, whatever it lets its holder do."""
    inside = is_root(grant.unit) or (is_path(grant.unit) and scope.unit.startswith(grant.unit))
    return inside and scope.labels <= grant.labels


def opened(grant: Grant, letter: str, actor: Actor) -> Q:
    found = Q(labels__contained_by=sorted(grant.labels))
    if letter == "M":
        if actor.person is None:
            return NOTHING
        found &= Q(members__contains=[actor.person])
    if letter == "U" and not is_root(grant.unit):
        found &= Q(unit__path__startswith=grant.unit)
    if grant.role not in matrix(actor)["sealed"]:
        found &= Q(sealed=False)
    return found


def is_path(text: str) -> bool:
    """Whether `text` is a unit's path, "/1/4/"; an empty one would be the beginning of all."""
    return text[:1] == text[-1:] == "/"


def is_root(path: str) -> bool:
    """Whether `path` is "/" or the uppermost unit's, such as "/1/": it holds every other."""
    return path.count("/") <= 2


def is_own(actor: Actor, scope: Scope) -> bool:
    if scope.sealed:
        return False
    if actor.holds:
        return actor.holds == scope.number
    return actor.person is not None and actor.person == scope.reporter


def own_rows(actor: Actor) -> Q:
    if actor.holds:
        return Q(number=actor.holds, sealed=False)
    return Q(reporter=actor.person, sealed=False) if actor.person is not None else NOTHING


def owns(actor: Actor, action: str) -> bool:
    """Whether one's own report gives `action`; a system administrator reads no case at all."""
    letter = matrix(actor)["roles"]["reporter"].get(action, "-")
    return bool(letter == "O" and actor.roles != {"sysadmin"})
