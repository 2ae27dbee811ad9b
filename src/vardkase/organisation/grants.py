"""Giving and ending roles. Nobody gives himself anything, and the last administrator stays."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.decisionlog.eyes import Second
from vardkase.decisionlog.services import decision
from vardkase.lib.changes import Refused, Sentence, cleaned, plain
from vardkase.lib.sessions import end_sessions

from . import rules
from .models import Grant, Person, Unit
from .queries import in_force
from .services import room

FIELDS = ("reason", "since", "until")
ADMINISTRATOR = "sysadmin"
EARLIEST = timedelta(days=1)  # a role dated back would pass for one that others have long seen


class ToOneself(PermissionDenied):
    """Somebody tried to give himself a role."""


def give(
    person: Person, role: str, *, unit: Unit, reason: str, labels: Iterable[str] = (),
    since: datetime | None = None, until: datetime | None = None, by: Actor, at: datetime,
    second: Second | None = None,
) -> Grant:  # fmt: skip
    """Let `person` hold `role` in `unit` and below; raises `Refused`, `ToOneself`, `NeedsSecond`.

    The person's sessions end: none of them may carry what was so before.
    """
    if by.person == person.pk:
        raise ToOneself("nobody gives himself a role")
    ready = cleaned(Grant, {"reason": reason, "since": since or at, "until": until}, FIELDS)
    cleared = sorted(set(labels))
    refuse(faults(person, role, unit, cleared, ready["since"], until, at))
    with decision("grant.given", scope=room(unit), by=by, at=at, second=second) as log:
        grant = Grant.objects.create(
            person=person, role=role, unit=unit, labels=cleared, by=by.key,
            confirmed_by=second.by if second else "", **ready,
        )  # fmt: skip
        log.note(grant=grant.pk, person=person.pk, role=role, unit=unit.pk, labels=cleared)
        log.note(**{name: plain(value) for name, value in ready.items()})
        end_sessions(person.pk)
    return grant


def faults(
    person: Person, role: str, unit: Unit, labels: list[str], since: datetime,
    until: datetime | None, at: datetime,
) -> dict[str, Sentence]:  # fmt: skip
    """What makes a grant impossible, by field."""
    found: dict[str, Sentence] = {}
    if role not in rules.grantable(at):
        found["role"] = _("Choose one of the roles.")
    if not set(labels) <= set(rules.labels(at)):
        found["labels"] = _("Choose among the labels.")
    if until is not None and until <= max(since, at):
        found["until"] = _("Choose an end after the beginning, and after now.")
    if since < at - EARLIEST:
        found["since"] = _("A role begins today at the earliest.")
    if unit.closed_at is not None:
        found["unit"] = _("That unit is closed. Choose another.")
    if not person.is_active:
        found[""] = _("The account is closed. Open it before you give it a role.")
    return found


def refuse(found: dict[str, Sentence]) -> None:
    if found:
        raise Refused(found)


def end(grant: Grant, *, reason: str, by: Actor, at: datetime) -> Grant:
    """Let a grant end now; raises `Refused` for the last administrator's."""
    why = cleaned(Grant, {"reason": reason}, FIELDS)["reason"]
    with decision("grant.ended", scope=room(grant.unit), by=by, at=at) as log:
        current = Grant.objects.get(pk=grant.pk)
        if current.until is not None and current.until <= at:
            raise Refused(_("The role has ended already."))
        if is_last_administrator(current, at):
            raise Refused(_("This is the last administrator. Give somebody else the role first."))
        before = plain(current.until)
        current.until = max(at, current.since)
        current.save(update_fields=["until"])
        log.note(grant=current.pk, person=current.person_id, role=current.role, reason=why)
        log.note(until=[before, plain(current.until)])
        end_sessions(current.person_id)
    return current


def is_last_administrator(grant: Grant, at: datetime) -> bool:
    if grant.role != ADMINISTRATOR:
        return False
    others = Grant.objects.filter(
        in_force(at), role=ADMINISTRATOR, unit__parent=None, person__is_active=True, until=None
    )
    return not others.exclude(pk=grant.pk).exists()
