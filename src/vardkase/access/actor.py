"""Who acts, and on what: the two things that every question of access is about. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a unit and below it, with the labels it is cleared for."""

    role: str
    unit: str  # path of the unit, "/1/4/"; the root's path opens everything below it
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token, a reporter with a code, or the system, at one moment.

    `key` stands in the decision log instead of the name: `p17`, `t3`, `reporter`, `system`.
    The doors read the grants in force at `at`, so that an expired one is simply not here.
    """

    key: str
    name: str
    at: datetime
    grants: tuple[Grant, ...] = ()
    person: int | None = None
    holds: str = ""  # the case number whose code this reporter has shown

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @classmethod
    def system(cls, at: datetime) -> Self:
        """The product itself: what follows from a decision without anyone deciding again."""
        return cls("system", "Vårdkase", at, (Grant("system", "/"),))

    @classmethod
    def reporter(cls, at: datetime, *, holds: str = "") -> Self:
        """Somebody without a login: may report, and follow the one case whose code he has."""
        return cls("reporter", "", at, (Grant("reporter", "/"),), holds=holds)


@dataclass(frozen=True, slots=True)
class Scope:
    """What access asks about a case, or about a room (`Scope.room`)."""

    number: str
    unit: str = "/"
    labels: frozenset[str] = frozenset()
    members: frozenset[int] = frozenset()
    conflicts: frozenset[int] = frozenset()
    reporter: int | None = None
    sealed: bool = False

    @classmethod
    def room(cls, name: str, *, unit: str = "/") -> Self:
        """A change that concerns no case: its log is one chain for the room."""
        return cls(f"room:{name}", unit)
