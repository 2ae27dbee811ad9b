"""Reading people: who they are, what they hold, and whom a typed name means."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vardkase.lib.changes import Refused
from vardkase.lib.sorting import folded

from .models import Duty, Grant, Person, Responsibility, TeamMember, Unit
from .queries import in_force
from .units import subtree


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What a person holds at a moment."""

    person: Person
    grants: list[Grant]  # in force, or to come
    past: list[Grant]
    responsibilities: list[Responsibility]
    teams: list[TeamMember]
    duties: list[Duty]


def people(*, named: str = "", unit: Unit | None = None, active: bool = True) -> QuerySet[Person]:
    """People whose name or login name holds `named`, in `unit` or below it."""
    rows = Person.objects.filter(is_active=active).select_related("unit")
    if named:
        rows = rows.filter(
            Q(sort_key__contains=folded(named)) | Q(username__contains=named.lower())
        )
    return rows.filter(subtree(unit)) if unit else rows


def card(person: Person, at: datetime) -> PersonCard:
    """Four statements, whatever the person holds."""
    held = list(Grant.objects.filter(person=person).select_related("unit"))
    ended = [g for g in held if g.until is not None and g.until <= at]
    duties = Duty.objects.filter(person=person, until__gt=at, cancelled_at=None)
    return PersonCard(
        person,
        [g for g in held if g not in ended],
        ended,
        list(person.responsibilities.filter(ended_at=None).select_related("unit")),
        list(person.teams.filter(ended_at=None, team__closed_at=None).select_related("team")),
        list(duties.select_related("team")[:20]),
    )


def holders(unit: Unit, at: datetime) -> list[Grant]:
    """Who holds a role in `unit` itself, so that it shows who can see what (S2-163)."""
    held = Grant.objects.filter(in_force(at), unit=unit, person__is_active=True)
    return list(held.select_related("person").order_by("role", "person__sort_key")[:200])


def meant(typed: str) -> Person:
    """The person whose login name, or whole name, is `typed`; raises `Refused`."""
    plain = typed.strip()
    known = Person.objects.filter(is_active=True)
    found = list(known.filter(username=plain.lower())) or list(known.filter(name=plain)[:2])
    if not found:
        raise Refused(_("Nobody is called that. Write a login name or a whole name."))
    if len(found) > 1:
        raise Refused(_("Several people are called that. Write the login name."))
    return found[0]
