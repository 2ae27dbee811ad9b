"""What every change of steps 3 and 4 passes: the case read again, a form taken once, a mandate."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed, roles_for
from vardkase.communication.models import Version
from vardkase.conclusions.models import Conclusion
from vardkase.decisionlog.eyes import Second
from vardkase.decisionlog.services import Draft, decision
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.events.standing import under_lock
from vardkase.incidents import services
from vardkase.incidents.models import Incident, Relation, Situation
from vardkase.incidents.rules import INCIDENTS
from vardkase.organisation.models import Person
from vardkase.policy.parameter import parameter

type Written = Situation | Relation | Conclusion | Version

FAR_OFF = timedelta(days=3653)
CLOCKS_DIFFER = timedelta(minutes=2)  # a sender's clock may go before ours


class NotNow(ValueError):
    """The case does not stand so that this can be done; `code` picks the sentence that says it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overtaken(RuntimeError):
    """Somebody wrote the same thing after the writer had read it; `latest` is what he wrote."""

    def __init__(self, latest: Written) -> None:
        super().__init__(str(latest))
        self.latest = latest


@contextmanager
def acting(
    kind: str, event: Event, *, by: Actor, at: datetime, once: str = "", said: object = "",
    second: Second | None = None,
) -> Iterator[tuple[Draft, Event]]:  # fmt: skip
    """A decision in a case, read again under its lock; a form that was taken before is refused."""
    if at > by.at + CLOCKS_DIFFER:
        raise NotNow("future")
    with decision(kind, scope=event.scope(), by=by, at=at, second=second) as log:
        case = under_lock(event, kind, by=by)
        services.take(once, kind, case.pk, by.key, said, at=at)
        yield log, case


@contextmanager
def handling(
    kind: str, event: Event, *, by: Actor, at: datetime, once: str = "", said: object = ""
) -> Iterator[tuple[Draft, Incident]]:
    """A decision in a case that is handled as an incident now."""
    with acting(kind, event, by=by, at=at, once=once, said=said) as (log, case):
        yield log, incident_of(case)


def incident_of(case: Event) -> Incident:
    if case.state not in INCIDENTS:
        raise NotNow(case.state if case.state in ("closed", "merged") else "no_incident")
    incident = Incident.objects.get(event=case)
    incident.event = case
    return incident


def mandate(case: Event, kind: str, role: str, *, by: Actor) -> str:
    held = mandates(case, kind, by=by)
    if role and role not in held:
        raise NotNow("no_mandate")
    return role or held[0]


def mandates(case: Event, kind: str, *, by: Actor) -> list[str]:
    """The roles in which `by` may decide `kind` in this case, by the delegation order."""
    action = parameter("decisions").at(by.at).value[kind]["action"]
    delegated = parameter("delegation").at(by.at).value
    able = roles_for(by, action, case.scope())
    return [role for role in delegated if role in able and kind in delegated[role]]


def refuse_unseen(latest: Written | None, expected: int | None) -> None:
    if expected is not None and latest is not None and latest.pk != expected:
        raise Overtaken(latest)


def refuse_closed(case: Event) -> None:
    if case.state in ("closed", "merged"):
        raise NotNow(case.state)


def refuse_far_off(due_at: datetime | None, at: datetime) -> None:
    if due_at is not None and abs(due_at - at) > FAR_OFF:
        raise NotNow("far_off")


def refuse_endless(due_at: datetime | None, at: datetime, *, watches: bool) -> None:
    """Heightened monitoring has an end, and it lies ahead."""
    if watches and (due_at is None or due_at <= at):
        raise NotNow("endless_watch")


def let_in(case: Event, person: Person, *, at: datetime) -> list[str]:
    """Make `person` a member of the case; his key, if he was none. Raises `NotNow`."""
    scope = replace(case.scope(), members=frozenset({*case.members, person.pk}))
    known = circle.actors(Q(pk=person.pk), at)
    if not any(allowed(actor, "comment", scope) for actor in known):
        raise NotNow("cannot_work_there")
    if person.pk in case.members:
        return []
    case.members = sorted({*case.members, person.pk})
    case.save(update_fields=["members"])
    return [person.key]
