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
from django.utils import timezone

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import roles_for
from vardkase.policy.parameter import Version, parameter

from . import rules
from .eyes import Second, demand
from .storage import Head, append, lock

deciding: ContextVar[bool] = ContextVar("deciding", default=False)


class UnknownKind(LookupError):
    """A kind of decision that stands in no policy: add it to `decisions` and `delegation`."""


class EmptyDecision(RuntimeError):
    """A decision block ended without saying what it decided."""


@dataclass
class Draft:
    """The log entry while its decision is being made."""

    facts: dict[str, Any] = field(default_factory=dict)
    grounds: list[str] = field(default_factory=list)

    def note(self, **facts: Any) -> None:
        """Say what was decided: text, whole numbers and lists of them; times as ISO 8601."""
        self.facts |= facts

    def cite(self, version: Version) -> Version:
        """Name `version` as a ground, and hand it on to the rule that uses it."""
        self.grounds.append(f"{version.id} since {version.since}: {version.source}")
        return version


@contextmanager
def decision(
    kind: str, *, scope: Scope, by: Actor, at: datetime, second: Second | None = None
) -> Iterator[Draft]:
    """Ask access and the delegation order, let the block change data, write its entry last.

    The chain's row is locked from the start: two decisions in one case follow each other.
    Raises `PermissionDenied`, `UnknownKind`, `EmptyDecision` if the block noted nothing, and
    `NeedsSecond`, all undone, if what it noted takes a second person and none has confirmed it.
    """
    permit(kind, scope=scope, by=by)
    outer = deciding.set(True)
    try:
        with transaction.atomic():
            head = lock(scope.number)
            draft = Draft()
            yield draft
            if not draft.facts:
                raise EmptyDecision(kind)
            if second is None:
                demand(kind, draft.facts, scope=scope, by=by)
            else:
                draft.note(request=second.request, second=second.by)
            write(head, kind, by.key, at, {"facts": draft.facts, "grounds": draft.grounds})
    finally:
        deciding.reset(outer)


def permit(kind: str, *, scope: Scope, by: Actor) -> None:
    """Raise `PermissionDenied` unless `by` may see and do this here and has the mandate.

    Leave and mandate are those of the moment when `by` acts, whatever moment he writes about.
    """
    known = parameter("decisions").at(by.at).value
    if kind not in known:
        raise UnknownKind(kind)
    action = known[kind]["action"]
    roles = roles_for(by, action, scope)
    if not roles:
        raise PermissionDenied(f"{by.key} may not {action}: {kind}")
    delegated = parameter("delegation").at(by.at).value
    if not any(kind in delegated.get(role, []) for role in roles):
        raise PermissionDenied(f"{by.key} has no mandate for {kind}")


def hold(*scopes: Scope) -> None:
    """Lock the chains of several cases in one order, before decisions in more than one of them.

    Inside a transaction of the verb; without it two verbs over the same pair may lock crosswise.
    """
    for number in sorted({scope.number for scope in scopes}):
        lock(number)


def record_read(kind: str, *, scope: Scope, by: Actor, at: datetime, **facts: Any) -> None:
    """Write that `by` is about to be shown or given something sensitive; call it before you do.

    Committed when it returns, in a transaction of its own: no row, no bytes.
    """
    with transaction.atomic(durable=True), decision(kind, scope=scope, by=by, at=at) as log:
        log.note(**facts)


def write(head: Head, kind: str, by: str, at: datetime, body: dict[str, Any]) -> None:
    content, salt, now = rules.canonical(body), secrets.token_hex(32), timezone.now()
    row: dict[str, Any] = {
        "chain": head.chain,
        "place": head.length + 1,
        "previous": head.digest,
        "by": by,
        "kind": kind,
        "commitment": rules.commitment(salt, content),
    }
    digest = rules.digest(**row, at=rules.microseconds(at), written_at=rules.microseconds(now))
    append(head, **row, at=at, written_at=now, digest=digest, salt=salt, content=content)
