"""What changes about who may log in: invited, reset, disabled; without mail, each in the log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from vardkase.access import actor as access
from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.eyes import Second
from vardkase.decisionlog.services import Draft, decision
from vardkase.lib.sessions import end_sessions
from vardkase.policy.parameter import parameter

from . import links
from .account_rules import ROOM, may_manage
from .models import Grant, Person
from .queries import actor_of, in_force
from .services import add_person


class LastAdministrator(ValueError):
    """Nobody else could manage accounts if this one were closed."""


class OwnAccount(PermissionDenied):
    """Somebody else has to do this to one's account."""


def invite(values: Mapping[str, Any], *, by: Actor, at: datetime) -> tuple[Person, str]:
    """A new person and the secret of his one-time link; raises `Refused` as `add_person` does."""
    with transaction.atomic():
        person = add_person(values, by=by, at=at)
        return person, invite_again(person, by=by, at=at)


def invite_again(person: Person, *, by: Actor, at: datetime, second: Second | None = None) -> str:
    """A link for somebody who has not logged in yet; an earlier one opens nothing more.

    Whoever gets the link can log in as the person: where he holds a role, `NeedsSecond`.
    """
    with managing("person.invited", person, by=by, at=at, second=second) as log:
        if has_password(person):
            raise PermissionDenied("has an account: reset it")
        log.note(person=person.pk, roles=roles_of(person, at))
        return links.make(person, "invite", at)


def reset(
    person: Person, *, second_factors: bool, by: Actor, at: datetime, second: Second | None = None
) -> str:
    """End every session and the password; the link lets the person choose a new one.

    `second_factors` also forgets authenticator app, passkeys and recovery codes. As above,
    `NeedsSecond` where the person holds a role.
    """
    with managing("person.reset", person, by=by, at=at, second=second) as log:
        forbid_own(person, by)
        person.set_unusable_password()
        person.save(update_fields=["password"])
        if second_factors:
            Authenticator.objects.filter(user=person).delete()
        ended = end_sessions(person.pk)
        log.note(person=person.pk, roles=roles_of(person, at))
        log.note(second_factors=second_factors, sessions_ended=ended)
        return links.make(person, "reset", at)


def disable(person: Person, *, reason: str, by: Actor, at: datetime) -> None:
    """Close the account at once; what the person did stands, and so do his roles."""
    with managing("person.disabled", person, by=by, at=at) as log:
        forbid_own(person, by)
        if is_last_administrator(person, at):
            raise LastAdministrator(person.key)
        person.is_active = False
        person.save(update_fields=["is_active"])
        links.withdraw(person, at)
        ended = end_sessions(person.pk)
        log.note(person=person.pk, reason=reason, sessions_ended=ended)


def enable(person: Person, *, reason: str, by: Actor, at: datetime) -> None:
    with managing("person.enabled", person, by=by, at=at) as log:
        forbid_own(person, by)
        person.is_active = True
        person.save(update_fields=["is_active"])
        log.note(person=person.pk, reason=reason)


def open_account(link: int, password: str, at: datetime) -> Person:
    """The invited person chooses his password; raises `DeadLink`."""
    person = links.of_number(link, at).person
    if person is None:
        raise links.DeadLink
    with own("account.opened", person, at) as log:
        links.use(link, at)
        keep_password(person, password)
        end_sessions(person.pk)
        log.note(person=person.pk)
    return person


def change_password(person: Person, password: str, at: datetime) -> None:
    with own("account.secured", person, at) as log:
        keep_password(person, password)
        log.note(person=person.pk, what="password")


def note_secured(person: Person, what: str, at: datetime) -> None:
    """A second factor was added or removed; the change itself is the login library's."""
    with own("account.secured", person, at) as log:
        log.note(person=person.pk, what=what)


def has_password(person: Person) -> bool:
    """Whether the person has chosen a password; a row made by hand may hold an empty one."""
    return bool(person.password) and person.has_usable_password()


def keep_password(person: Person, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])


def roles_of(person: Person, at: datetime) -> list[str]:
    """The roles that the person holds, or will."""
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at), person=person)
    return sorted(set(held.values_list("role", flat=True)))


@contextmanager
def managing(
    kind: str, person: Person, *, by: Actor, at: datetime, second: Second | None = None
) -> Iterator[Draft]:
    """A decision about somebody else's account; raises `PermissionDenied` for one out of reach."""
    if not may_manage(by, person.unit.path, actor_of(person, at).grants):
        raise PermissionDenied(f"{by.key} does not reach {person.key}")
    scope = Scope.room(ROOM, unit=person.unit.path)
    with decision(kind, scope=scope, by=by, at=at, second=second) as log:
        yield log


@contextmanager
def own(kind: str, person: Person, at: datetime) -> Iterator[Draft]:
    """A decision about one's own login: everybody may, whatever roles he holds."""
    himself = actor_of(person, at)
    himself = replace(himself, grants=(*himself.grants, access.Grant("reporter", "/")))
    with decision(kind, scope=Scope.room(ROOM), by=himself, at=at) as log:
        yield log


def forbid_own(person: Person, by: Actor) -> None:
    if by.person == person.pk:
        raise OwnAccount(person.key)


def is_last_administrator(person: Person, at: datetime) -> bool:
    """Whether this person manages accounts and nobody else does."""
    rows = parameter("access.matrix").at(at).value["roles"]
    roles = [role for role, row in rows.items() if row["admin_users"] != "-"]
    holders = set(
        Grant.objects.filter(in_force(at), role__in=roles, person__is_active=True).values_list(
            "person", flat=True
        )
    )
    return holders == {person.pk}
