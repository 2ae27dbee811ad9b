"""The one door for change: a decision is leave to make it, its changes and its entry, or none."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import allowed
from vardkase.policy.parameter import Version, parameter

from . import rules
from .storage import Head, append, lock

deciding: ContextVar[bool] = ContextVar("deciding", default=False)


class EmptyDecision(RuntimeError):
    """A decision block ended without saying what it decided."""


@dataclass
class Draft:
    """The log entry while its decision is being made."""

    facts: dict[str, Any] = field(default_factory=dict)
    grounds: list[str] = field(default_factory=list)

    def note(self, **facts: Any) -> None:
        """Say what was decided: values of JSON, times as ISO 8601."""
        self.facts |= facts

    def cite(self, version: Version) -> Version:
        """Name `version` as a ground, and hand it on to the rule that uses it."""
        self.grounds.append(f"{version.id} since {version.since}: {version.source}")
        return version


@contextmanager
def decision(kind: str, *, scope: Scope, by: Actor, at: datetime) -> Iterator[Draft]:
    """Ask access and the delegation order, let the block change data, write its entry last.

    The chain's row is locked from the start: two decisions in one case follow each other.
    Raises `PermissionDenied`, and `EmptyDecision` if the block noted nothing.
    """
    permit(kind, scope=scope, by=by, at=at)
    outer = deciding.set(True)
    try:
        with transaction.atomic():
            head = lock(scope.number)
            draft = Draft()
            yield draft
            if not draft.facts:
                raise EmptyDecision(kind)
            write(head, kind, by.key, at, {"facts": draft.facts, "grounds": draft.grounds})
    finally:
        deciding.reset(outer)


def permit(kind: str, *, scope: Scope, by: Actor, at: datetime) -> None:
    """Raise `PermissionDenied` unless `by` may see and do this here and has the mandate."""
    action = parameter("decisions").at(at).value[kind]["action"]
    if not allowed(by, action, scope):
        raise PermissionDenied(f"{by.key} may not {action}: {kind}")
    delegated = parameter("delegation").at(at).value
    roles = by.roles | {"reporter"}  # anyone may do with his own report what a reporter may
    if by.key != "system" and not any(kind in delegated.get(role, []) for role in roles):
        raise PermissionDenied(f"{by.key} has no mandate for {kind}")


def write(head: Head, kind: str, by: str, at: datetime, body: dict[str, Any]) -> None:
    content, salt = rules.canonical(body), secrets.token_hex(32)
    entry: dict[str, Any] = {
        "chain": head.chain,
        "place": head.length + 1,
        "previous": head.digest,
        "at": at,
        "by": by,
        "kind": kind,
        "commitment": rules.commitment(salt, content),
    }
    append(head, **entry, digest=rules.digest(**entry), salt=salt, content=content)
