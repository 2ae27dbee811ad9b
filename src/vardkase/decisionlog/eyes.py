"""Four eyes: which decisions take a second person. What the one door asks; changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from vardkase.access.actor import Actor, Scope
from vardkase.policy.parameter import parameter


@dataclass(frozen=True, slots=True)
class Second:
    """The word of a second person: which request he confirmed, and what the log calls him."""

    request: int
    by: str


class NeedsSecond(PermissionDenied):
    """One person may not decide this alone: ask for a second."""

    def __init__(self, kind: str, scope: Scope) -> None:
        super().__init__(f"{kind} takes a second person")
        self.kind = kind
        self.scope = scope


def demand(kind: str, facts: Mapping[str, Any], *, scope: Scope, by: Actor) -> None:
    """Raise `NeedsSecond` for what policy lets nobody but the console decide alone."""
    if by.key != "system" and wants(kind, facts, by.at):
        raise NeedsSecond(kind, scope)


def wants(kind: str, facts: Mapping[str, Any], at: datetime) -> bool:
    row = rows(at).get(kind)
    if row is None:
        return False
    watched: dict[str, list[str]] = row.get("when", {})
    return not watched or any(
        set(values) & listed(facts.get(name)) for name, values in watched.items()
    )


def rows(at: datetime) -> dict[str, dict[str, Any]]:
    """Kind of decision -> when it takes a second person, and whose."""
    found: dict[str, dict[str, Any]] = parameter("four_eyes").at(at).value["kinds"]
    return found


def listed(fact: Any) -> set[Any]:
    return set(fact) if isinstance(fact, list | tuple) else {fact}
