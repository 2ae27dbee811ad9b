"""How a case stands now: read again under its decision, moved on by a question and its answer."""

from vardkase.access.actor import Actor
from vardkase.decisionlog.services import permit

from .models import Event


def under_lock(event: Event, kind: str, *, by: Actor) -> Event:
    """`event` as it is now; call it first inside its decision, which holds the chain's lock.

    The door read the case before: if it has been labelled, sealed or moved since, leave is asked
    again.
    """
    case = Event.objects.select_related("unit").defer("search", "imported").get(pk=event.pk)
    if case.scope() != event.scope():
        permit(kind, scope=case.scope(), by=by)
    return case


def asked(case: Event) -> None:
    """Somebody must answer before the case can be judged: it leaves the queue."""
    if case.state == Event.State.UNASSESSED:
        move(case, Event.State.WAITING)


def answered(case: Event) -> None:
    """An answer came, from the reporter or from whoever was asked: it is back in the queue."""
    if case.state == Event.State.WAITING:
        move(case, Event.State.UNASSESSED)


def move(case: Event, state: str) -> None:
    case.state = state
    case.save(update_fields=["state"])
