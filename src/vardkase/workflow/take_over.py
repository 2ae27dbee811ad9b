"""Before step 1: old cases of another system are taken over, with their own dates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.events.mapping import OldCase
from vardkase.events.models import Event
from vardkase.events.services import next_number, said
from vardkase.incidents.models import Incident
from vardkase.lib.ids import keyed
from vardkase.lib.text import first_sentence
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import SWEDEN

HANDLED = {Event.State.CONFIRMED_INCIDENT, Event.State.POSSIBLE_INCIDENT, Event.State.CLOSED}

WORDS = {"state": Event.State, "kind": Event.Kind, "source": Event.Source}


class BadCase(ValueError):
    """The old case cannot stand in our tables as it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The event, and whether this call stored it or an earlier one had."""

    event: Event
    new: bool


def take_over(old: OldCase, *, unit: Unit, by: Actor, at: datetime) -> TakenOver:
    """Store an old case once: the same key again changes nothing. Raises `BadCase`."""
    once = keyed(settings.SECRET_KEY, "import", old.key).hex()
    if before := Event.objects.filter(once=once).first():
        return TakenOver(before, new=False)
    fields = fields_of(old, at=at)
    number = next_number(fields["reported_at"].astimezone(SWEDEN).year)
    try:
        with decision("event.imported", scope=Scope(number, unit.path), by=by, at=at) as log:
            event = Event.objects.create(number=number, unit=unit, once=once, **fields)
            said(event, {"what": [old.what]}, by=by, at=at)
            if event.state in HANDLED:
                Incident.objects.create(event=event, opened_at=event.reported_at)
            log.note(reference=old.reference, what=old.what, imported=old.kept)
    except IntegrityError:  # another process took it over meanwhile
        return TakenOver(Event.objects.get(once=once), new=False)
    return TakenOver(event, new=True)


def fields_of(old: OldCase, *, at: datetime) -> dict[str, Any]:
    """The columns of the event; what the mapping leaves out is a closed case of priority 3."""
    moments, choices = old.moments, {"state": Event.State.CLOSED, "priority": 3} | old.choices
    if "reported_at" not in moments:
        raise BadCase("the time of the report is missing")
    if any(moment > at for moment in moments.values()):
        raise BadCase("a time lies in the future")
    for name, known in WORDS.items():
        if name in choices and choices[name] not in known:
            raise BadCase(f"{choices[name]!r} is no {name}")
    if choices["priority"] not in range(1, 6):
        raise BadCase(f"priority {choices['priority']!r} is not 1 to 5")
    return {
        "title": (old.title or first_sentence(old.what))[:200],
        "what": old.what,
        "system": old.system,
        "reference": old.reference,
        "received_at": at,
        "reporter_kind": Event.ReporterKind.OTHER,
        "imported": old.kept,
        **moments,
        **choices,
    }
