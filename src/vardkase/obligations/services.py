"""What changes about the legal entities that duties hang on."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.assets.models import Asset
from vardkase.decisionlog.services import decision
from vardkase.decisionlog.storage import look_again
from vardkase.events.models import Event
from vardkase.incidents.rules import INCIDENTS
from vardkase.lib.changes import Refused, cleaned
from vardkase.organisation.editing import add, check, edit
from vardkase.policy.facts import YEARS, read
from vardkase.policy.regime_files import catalogue

from .dependence import Need, ServiceRole
from .models import Entity, EntityFact, Obligation, Registration
from .rules import role_facts

FIELDS = ("name", "number", "kind", "address", "signers", "contact")
REGISTERED = ("regime", "authority", "number", "contact", "registered_on")
ROLE = ("entity", "service", "role", "trust", "main", "to_end_users")
KIND = "entity.changed"
EVER = datetime(1900, 1, 1, tzinfo=UTC)
ROOM = Scope.room("organisation")


def change_entity(
    entity: Entity, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Entity:
    """Add `entity` if it has no row yet, else change it; raises `Refused`, `Overtaken`."""
    if entity.pk is None:
        return add(entity, values, fields=FIELDS, kind=KIND, scope=ROOM, by=by, at=at)
    return edit(entity, values, fields=FIELDS, kind=KIND, scope=ROOM, by=by, at=at, seen=seen)


def end_entity(entity: Entity, *, ended: bool, by: Actor, at: datetime) -> None:
    """Take the entity out of choices, or back; its cases keep it."""
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        Entity.objects.filter(pk=entity.pk, own=False).update(ended_at=at if ended else None)
        log.note(entity=entity.name, ended=ended)


def say_of(
    entity: Entity, said: Mapping[str, Any], *, since: datetime, by: Actor, at: datetime
) -> None:
    """Answers that hold for the entity's cases from `since` on; raises `BadFacts`, `Refused`.

    Cases known before it keep what held then; the clocks of those after it are planned again.
    """
    if strange := sorted(said.keys() - set(role_facts())):
        raise Refused({"facts": ", ".join(strange)})
    if since.year not in YEARS:
        raise Refused({"since": _("Choose a day between the years 1900 and 2200.")})
    read({name: value for name, value in said.items() if value is not None}, catalogue())
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        if entity.pk is None:
            entity.save()
        EntityFact.objects.bulk_create(
            EntityFact(entity=entity, name=name, value=value, since=since, at=at, by=by.key)
            for name, value in said.items()
        )
        plan_again(entity, since)
        told = {name: json.dumps(value, ensure_ascii=False) for name, value in said.items()}
        log.note(entity=entity.name, since=since.isoformat(), answers=told)


def plan_again(entity: Entity, since: datetime) -> None:
    """The ticker looks at each case anew whose answers have changed."""
    ticking = Exists(Obligation.objects.filter(event=OuterRef("pk")))
    cases = Event.objects.filter(reported_at__gte=since, received_at__gte=since)
    cases = cases.filter(Q(state__in=INCIDENTS) | ticking)
    if not entity.own:
        cases = cases.filter(struck__entity=entity)
    look_again(cases.values("number"))


def register(entity: Entity, values: Mapping[str, Any], *, by: Actor, at: datetime) -> Registration:
    """Keep that an authority knows the entity; raises `Refused`."""
    ready = cleaned(Registration, values, REGISTERED)
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        if entity.pk is None:
            entity.save()
        row = Registration(entity=entity, at=at, by=by.key, **ready)
        check(row)
        row.save(force_insert=True)
        log.note(entity=entity.name, authority=row.authority, number=row.number)
    return row


def end_registration(row: Registration, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        Registration.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(entity=row.entity.name, authority=row.authority, ended=True)


def add_role(values: Mapping[str, Any], *, by: Actor, at: datetime) -> ServiceRole:
    """What an entity is to a service, in place of what it was; raises `Refused`."""
    ready = cleaned(ServiceRole, values, ROLE)
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        same = {"entity": ready["entity"], "service": ready["service"], "ended_at": None}
        ServiceRole.objects.filter(**same).update(ended_at=at)
        row = ServiceRole.objects.create(at=at, by=by.key, **ready)
        plan_again(row.entity, EVER)
        log.note(entity=row.entity.name, asset=row.service.name, role=row.role)
        log.note(trust=row.trust, main=row.main, to_end_users=row.to_end_users)
    return row


def end_role(row: ServiceRole, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        ServiceRole.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        plan_again(row.entity, EVER)
        log.note(entity=row.entity.name, asset=row.service.name, ended=True)


def add_need(service: Asset, on: Asset, *, by: Actor, at: datetime) -> Need:
    """`service` hangs on `on`; raises `Refused`."""
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        row = Need(service=service, on=on, at=at, by=by.key)
        check(row)
        row.save(force_insert=True)
        log.note(asset=service.name, needs=on.name)
    return row


def end_need(row: Need, *, by: Actor, at: datetime) -> None:
    with decision(KIND, scope=ROOM, by=by, at=at) as log:
        Need.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(asset=row.service.name, needs=row.on.name, ended=True)
