"""The lead of a case passes to the crisis organisation and back (S1-24), and the log says when.

The receiver takes it with one tap; until then it is not his, and the next in line is asked as
with an alarm.
"""

from datetime import datetime

from vardkase.access.actor import Actor
from vardkase.communication import services
from vardkase.communication.models import Handover
from vardkase.delivery.models import Notice
from vardkase.delivery.services import seen, tell
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of, person_behind

from . import alarm, dpo
from .acting import NotNow, acting, incident_of, let_in, mandates
from .frozen import frozen
from .prefill import digest

CONTACT = "crisis_contact"  # of incidents.parts
OFFERED = {True: "handover", False: "handed_back"}  # kinds of notice


def hand_over(
    event: Event, state: str, *, to_crisis: bool, to: Person | None = None, by: Actor,
    at: datetime, once: str = "",
) -> Handover:  # fmt: skip
    """Offer the lead, with how the case stands; without `to` the first in line is asked.

    Raises `NotNow` if nobody is there, if he could not take it, or if it is there already.
    """
    kind = "lead.handed_over" if to_crisis else "lead.handed_back"
    said = (to.pk if to else 0, state)
    with acting(kind, event, by=by, at=at, once=once, said=said) as (log, case):
        incident_of(case)
        if is_with_crisis(case) == to_crisis:
            raise NotNow("leads_already")
        receiver = able(case, to, at) if to else first_in_line(case, OFFERED[to_crisis], by, at)
        if ended := services.end_waiting(case, at=at):
            end_notices(ended, at)
        stood = frozen(case, at)
        made = Handover.objects.create(
            event=case, to_crisis=to_crisis, person=receiver, state=state, at=at, by=by.key,
            entries=stood["log"]["entries"], frozen=stood,
        )  # fmt: skip
        plan = alarm.Plan.at(at)
        tell(alarm.occasion(case, OFFERED[to_crisis], plan, mark=mark(made)), [receiver], at=at)
        log.note(handover=made.pk, to=receiver.key, text=state, entries=made.entries)
        log.note(digest=digest(stood))
    return made


def is_with_crisis(case: Event) -> bool:
    """Whether the crisis organisation leads the case now."""
    last = case.handovers.exclude(taken_at=None).order_by("-taken_at", "-pk").first()
    return last is not None and last.to_crisis


def able(case: Event, to: Person, at: datetime) -> Person:
    """`to`, if he may take the lead of the case."""
    if not mandates(case, "lead.taken", by=actor_of(to, at)):
        raise NotNow("cannot_work_there")
    return to


def first_in_line(case: Event, kind: str, by: Actor, at: datetime) -> Person:
    for person in alarm.ladder(case, alarm.Plan.at(at), at, kind=kind):
        if person.pk != by.person and mandates(case, "lead.taken", by=actor_of(person, at)):
            return person
    raise NotNow("nobody_in_line")


def take(event: Event, *, by: Actor, at: datetime) -> Handover:
    """Whoever was asked, or stands in line, takes the lead. Raises `NotNow` if nothing waits.

    The crisis organisation takes part in the case from now on, by whoever took it (S2-093).
    """
    with acting("lead.taken", event, by=by, at=at) as (log, case):
        held = services.waiting(case)
        if held is None or not services.take(held, by=by.key, at=at):
            raise NotNow("nothing_to_take")
        log.note(handover=held.pk, to_crisis=held.to_crisis, offered_at=held.at.isoformat())
        if held.to_crisis and (person := person_behind(by.key)):
            log.note(members=take_part(case, person, by=by, at=at))
        end_notices(held, at, seen_by=by.key)
    return Handover.objects.get(pk=held.pk)


def take_part(case: Event, pk: int, *, by: Actor, at: datetime) -> list[str]:
    """Whoever took the lead is the case's contact in the crisis organisation; his key, if new."""
    person, incident = Person.objects.get(pk=pk), incident_of(case)
    now = {"person": person, "part": CONTACT, "ended_at": None}
    if not incident.parts.filter(**now).exists():
        incident.parts.create(**now, at=at, by=by.key)
    return let_in(case, person, at=at)


def acknowledge(notice: Notice, *, at: datetime) -> None:
    """One tap on a notice: of a handover it takes the lead, of a package it is received, of an
    alarm it says that it is seen. What was done meanwhile, by another tap, is seen."""
    try:
        act_on(notice, at=at)
    except NotNow:
        alarm.acknowledge(notice, at=at)


def act_on(notice: Notice, *, at: datetime) -> None:
    if notice.kind == "package" and notice.person is not None and not notice.seen_at:
        case = Event.objects.select_related("unit").get(number=notice.case)
        dpo.receive(case, by=actor_of(notice.person, at), at=at)
        return
    if notice.kind not in OFFERED.values() or notice.person is None:
        alarm.acknowledge(notice, at=at)
        return
    case = Event.objects.select_related("unit").get(number=notice.case)
    held = services.waiting(case)
    if held is None or f":{mark(held)}:" not in notice.once:
        alarm.acknowledge(notice, at=at)
        return
    take(case, by=actor_of(notice.person, at), at=at)


def mark(held: Handover) -> str:
    return f"handover-{held.pk}"


def end_notices(held: Handover, at: datetime, *, seen_by: str = "") -> None:
    """Nobody more is asked; what has not left does not leave."""
    once = f"alarm:{held.event.number}:{mark(held)}:"
    for notice in Notice.objects.filter(once__startswith=once, seen_at=None):
        if seen_by:
            seen(notice, by=seen_by, at=at)
    Notice.objects.filter(once__startswith=once, passed_on_at=None).update(passed_on_at=at)
