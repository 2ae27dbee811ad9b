"""Who may be the second of two persons: somebody else, whose own role two persons stand behind.

Else an administrator would make up a person, give him a role, and let him say yes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from vardkase.access import actor as access
from vardkase.access.actor import Scope
from vardkase.access.rules import reaches
from vardkase.decisionlog import queries as log
from vardkase.policy.parameter import parameter

from .account_rules import ROOM
from .models import Grant
from .queries import in_force

OPENED = ~Q(("person__password__regex", "^(!|$)"))  # has chosen a password, and so can log in


def seconds(
    roles: Iterable[str], scope: Scope, *, without: Iterable[int], at: datetime
) -> set[int]:
    """The persons who may confirm what is asked about `scope`, but for those in `without`."""
    held = trusted(at).filter(in_force(at), OPENED, role__in=list(roles), person__is_active=True)
    return reaching(held, scope) - set(without)


def is_alone(roles: Iterable[str], scope: Scope, *, without: Iterable[int], at: datetime) -> bool:
    """Whether nobody else can be asked, nor could in the last days.

    Whoever closes a colleague's account, or ends his role, is not alone for that: he waits.
    """
    days = timedelta(days=parameter("four_eyes").at(at).value["alone"])
    lately = Q(since__lte=at) & (Q(until=None) | Q(until__gt=at - days))
    there = Q(person__is_active=True) & OPENED | Q(person__in=closed_since(at - days))
    held = trusted(at).filter(lately, there, role__in=list(roles))
    return not reaching(held, scope) - set(without)


def trusted(at: datetime) -> QuerySet[Grant]:
    """Roles given at the console, by two persons, or by one long enough ago to have been seen."""
    days = timedelta(days=parameter("four_eyes").at(at).value["trusted"])
    by_two = ~Q(confirmed_by="") & ~Q(confirmed_by=F("by"))
    return Grant.objects.filter(Q(by="system") | by_two | Q(since__lte=at - days))


def reaching(held: QuerySet[Grant], scope: Scope) -> set[int]:
    """Whose role covers the unit and the labels of `scope`; of a seal nothing is asked."""
    rows = held.values_list("person", "role", "unit__path", "labels")
    found = {
        person
        for person, role, unit, labels in rows
        if reaches(access.Grant(role, unit, frozenset(labels)), scope)
    }
    return found - scope.conflicts


def closed_since(moment: datetime) -> set[int]:
    """Persons whose account somebody closed after `moment`."""
    rows = log.entries(Scope.room(ROOM).number).filter(
        kind="person.disabled", written_at__gt=moment
    )
    return {log.body(entry)["facts"]["person"] for entry in rows}
