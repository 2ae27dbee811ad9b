"""API tokens: made once, shown once, kept as fingerprints, and always with an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from vardkase.access.actor import Actor, Scope
from vardkase.access.actor import Grant as Given
from vardkase.decisionlog.services import decision
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.policy.parameter import parameter

from .account_rules import ROOM, may_give
from .models import Token, Unit
from .rules import grantable, labels

PREFIX = "vk_"  # so that a token lying about is known for what it is


class TooLong(ValueError):
    """The token would live longer than `access.tokens` lets any."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} days")
        self.most = most


class UnknownRole(ValueError):
    """No token can have this role."""


class UnknownLabel(ValueError):
    """There is no such label to clear a token for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new token is to be called and open."""

    name: str
    role: str
    unit: Unit
    labels: frozenset[str] = frozenset()
    days: int | None = None  # the policy's usual life if left out


def create(wanted: Wanted, *, by: Actor, at: datetime) -> tuple[Token, str]:
    """A token and its secret, which is nowhere but in this answer.

    Raises `UnknownRole`, `UnknownLabel`, `TooLong`, and `PermissionDenied` where `by` may not
    give it alone.
    """
    policy = parameter("access.tokens").at(at)
    days = policy.value["days"] if wanted.days is None else wanted.days
    if wanted.role not in grantable(at):
        raise UnknownRole(wanted.role)
    for label in wanted.labels - set(labels(at)):
        raise UnknownLabel(label)
    if not 0 < days <= policy.value["most"]:
        raise TooLong(policy.value["most"])
    if not gives(by, wanted, alone=policy.value["alone"], at=at):
        raise PermissionDenied(f"{by.key} may not give {wanted.role} alone")
    secret = PREFIX + new_secret()
    scope = Scope.room(ROOM, unit=wanted.unit.path)
    with decision("token.created", scope=scope, by=by, at=at) as log:
        log.cite(policy)
        token = Token.objects.create(
            name=wanted.name,
            role=wanted.role,
            unit=wanted.unit,
            labels=sorted(wanted.labels),
            digest=fingerprint(secret),
            created_at=at,
            by=by.key,
            expires_at=at + timedelta(days=days),
        )
        log.note(
            token=token.key,
            name=token.name,
            role=token.role,
            unit=token.unit_id,
            labels=token.labels,
            expires_at=token.expires_at.isoformat(),
        )
    return token, secret


def revoke(token: Token, *, by: Actor, at: datetime) -> None:
    """From now on the token opens nothing; its row stays."""
    scope = Scope.room(ROOM, unit=token.unit.path)
    with decision("token.revoked", scope=scope, by=by, at=at) as log:
        locked = Token.objects.select_for_update().get(pk=token.pk)
        locked.revoked_at = locked.revoked_at or at
        locked.save(update_fields=["revoked_at"])
        log.note(token=token.key, name=token.name)


def given_by(by: Actor, unit: Unit, at: datetime) -> list[str]:
    """The roles that `by` alone may give a token in `unit`."""
    alone = parameter("access.tokens").at(at).value["alone"]
    roles = (Wanted("", role, unit) for role in grantable(at))
    return [wanted.role for wanted in roles if gives(by, wanted, alone=alone, at=at)]


def gives(by: Actor, wanted: Wanted, *, alone: Iterable[str], at: datetime) -> bool:
    matrix = parameter("access.matrix").at(at).value
    given = Given(wanted.role, wanted.unit.path, wanted.labels)
    return may_give(by, given, matrix=matrix, alone=alone)


def is_open(token: Token, at: datetime) -> bool:
    """Whether the token opens anything at `at`."""
    return token.expires_at > at and (token.revoked_at is None or token.revoked_at > at)
