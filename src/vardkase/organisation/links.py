"""One-time links: made inside a decision, known afterwards by their fingerprint only."""

from datetime import datetime, timedelta

from django.db.models import Q

from vardkase.lib.ids import fingerprint, new_secret
from vardkase.policy.parameter import parameter

from .models import Invitation, Person


class DeadLink(LookupError):
    """The link is unknown, used, withdrawn or too old; nobody is told which."""


def make(person: Person | None, use: str, at: datetime) -> str:
    """A new link for `person`, or to found the organisation; earlier ones open nothing more."""
    withdraw(person, at)
    days: int = parameter("access.links").at(at).value[use]
    secret = new_secret()
    Invitation.objects.create(
        person=person,
        digest=fingerprint(secret),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return secret


def withdraw(person: Person | None, at: datetime) -> None:
    """What was sent and not used opens nothing from now on."""
    Invitation.objects.filter(still_opens(at), person=person).update(expires_at=at)


def still_opens(at: datetime) -> Q:
    return Q(used_at=None, expires_at__gt=at)


def find(secret: str, at: datetime, *, founding: bool = False) -> Invitation:
    """The link that `secret` opens; raises `DeadLink`."""
    return one(Q(digest=fingerprint(secret)), at, founding=founding)


def of_number(number: int, at: datetime, *, founding: bool = False) -> Invitation:
    """The link of that number, if it still opens; raises `DeadLink`."""
    return one(Q(pk=number), at, founding=founding)


def use(number: int, at: datetime, *, founding: bool = False) -> Invitation:
    """Use up the link of that number; of two who try at once one gets `DeadLink`."""
    found = one(Q(pk=number), at, founding=founding, lock=True)
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found


def one(which: Q, at: datetime, *, founding: bool, lock: bool = False) -> Invitation:
    rows = Invitation.objects.filter(which, still_opens(at), person__isnull=founding)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("person").first()
    if found is None or (found.person and not found.person.is_active):
        raise DeadLink
    return found
