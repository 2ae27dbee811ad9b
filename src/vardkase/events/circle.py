"""Who may see a case: its labels, its members, those it is closed to, and the seal."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db.models import Q

from vardkase.access.actor import Actor, Grant
from vardkase.access.rules import allowed
from vardkase.decisionlog.eyes import Second
from vardkase.decisionlog.services import decision
from vardkase.organisation import models as organisation
from vardkase.organisation.models import Person
from vardkase.organisation.queries import in_force

from .models import Event
from .standing import under_lock


def actors(people: Q, at: datetime) -> list[Actor]:
    """Those of `people` (conditions on a person) who may log in and hold a role; one statement."""
    held = (
        organisation.Grant.objects.filter(in_force(at), person__is_active=True)
        .filter(person__in=Person.objects.filter(people))
        .select_related("person", "unit")
        .order_by("person__name", "person", "pk")
    )
    return [
        Actor(
            person.key,
            person.name,
            at,
            tuple(Grant(g.role, g.unit.path, frozenset(g.labels)) for g in grants),
            person=person.pk,
        )
        for person, grants in groupby(held, key=lambda grant: grant.person)
    ]


def readers(case: Event, at: datetime) -> list[Actor]:
    """Everyone who may read `case`, by name."""
    scope = case.scope()
    return [actor for actor in actors(Q(), at) if allowed(actor, "read", scope)]


def label(
    event: Event, labels: Iterable[str], *, by: Actor, at: datetime, second: Second | None = None
) -> Event:
    """Give the case exactly these labels: only who is cleared for all of them sees it.

    Raises `NeedsSecond` where one is lifted that policy watches.
    """
    kind, wanted = "event.labelled", sorted(set(labels))
    with decision(kind, scope=event.scope(), by=by, at=at, second=second) as log:
        case = under_lock(event, kind, by=by)
        log.note(labels=wanted, before=case.labels, lifted=sorted(set(case.labels) - set(wanted)))
        case.labels = wanted
        case.save(update_fields=["labels"])
    return case


def add_member(event: Event, person: Person, *, by: Actor, at: datetime) -> Event:
    return listed("member.added", event, "members", person, add=True, by=by, at=at)


def remove_member(event: Event, person: Person, *, by: Actor, at: datetime) -> Event:
    return listed("member.removed", event, "members", person, add=False, by=by, at=at)


def add_conflict(event: Event, person: Person, *, by: Actor, at: datetime) -> Event:
    """Close the case to `person`, who is suspected, related or otherwise partial in it."""
    return listed("conflict.added", event, "conflicts", person, add=True, by=by, at=at)


def remove_conflict(event: Event, person: Person, *, by: Actor, at: datetime) -> Event:
    return listed("conflict.removed", event, "conflicts", person, add=False, by=by, at=at)


def listed(
    kind: str, event: Event, field: str, person: Person, *, add: bool, by: Actor, at: datetime
) -> Event:
    """Put `person` on the list `field` of the case, or take him off it."""
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        rest = [pk for pk in getattr(case, field) if pk != person.pk]
        setattr(case, field, sorted([*rest, person.pk]) if add else rest)
        case.save(update_fields=[field])
        log.note(person=person.key)
    return case


def seal(event: Event, *, reason: str, by: Actor, at: datetime) -> Event:
    """Hand the case to the head of protective security: from now on it is gone for all others."""
    return sealed("event.sealed", event, True, reason=reason, by=by, at=at)


def unseal(
    event: Event, *, reason: str, by: Actor, at: datetime, second: Second | None = None
) -> Event:
    """Let everybody see the case who saw it before; raises `NeedsSecond`."""
    return sealed("event.unsealed", event, False, reason=reason, by=by, at=at, second=second)


def sealed(
    kind: str, event: Event, closed: bool, *, reason: str, by: Actor, at: datetime,
    second: Second | None = None,
) -> Event:  # fmt: skip
    with decision(kind, scope=event.scope(), by=by, at=at, second=second) as log:
        case = under_lock(event, kind, by=by)
        case.sealed = closed
        case.save(update_fields=["sealed"])
        log.note(sealed=closed, reason=reason)
    return case
