"""What changes when the lead of a case passes; called inside a decision of `workflow`."""

from datetime import datetime

from vardkase.events.models import Event

from .models import Handover


def waiting(case: Event) -> Handover | None:
    """The handover that nobody has taken yet."""
    return case.handovers.filter(taken_at=None, ended_at=None).first()


def end_waiting(case: Event, *, at: datetime) -> Handover | None:
    """What waits is offered no longer: another is made."""
    held = waiting(case)
    if held is not None:
        held.ended_at = at
        held.save(update_fields=["ended_at"])
    return held


def take(held: Handover, *, by: str, at: datetime) -> bool:
    """`by` leads from now on; False if it was taken or ended meanwhile."""
    rows = Handover.objects.filter(pk=held.pk, taken_at=None, ended_at=None)
    return bool(rows.update(taken_at=at, taken_by=by))
