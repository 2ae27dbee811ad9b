"""What changes in step 3. Each function is called inside a decision of `workflow.handle`."""

from collections.abc import Iterable
from datetime import datetime

from vardkase.access.actor import Actor
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person

from .models import Action, Incident, Milestone, Part, Progress, Sending

KEY = "key:"  # begins the mark of a program: it stands for one sending, whatever that says


class SentBefore(ValueError):
    """The same form was taken already; nothing more is to be done."""


class SentOtherwise(ValueError):
    """A program used the mark of an earlier sending for another one."""


def take(once: str, *said: object, at: datetime) -> None:
    """Remember a sending by its mark and what it says; raises `SentBefore` the second time.

    Called under the lock of the case, so two at once follow each other. Without a mark each
    sending counts. A form that was refused is corrected and sent with its mark; a program's mark
    that was used for something else raises `SentOtherwise`.
    """
    if not once:
        return
    mark, alone = fingerprint("\x1f".join(map(str, (once, *said)))), fingerprint(once)
    if Sending.objects.filter(mark=mark).exists():
        raise SentBefore(mark)
    Sending.objects.create(mark=mark, at=at)
    if once.startswith(KEY):
        # of another case at the same moment: that lock is not ours, but the row can be only one's
        _row, is_new = Sending.objects.get_or_create(mark=alone, defaults={"at": at})
        if not is_new:
            raise SentOtherwise(alone)


def reach(
    incident: Incident,
    kind: str,
    *,
    reached: bool,
    reached_at: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    criteria: Iterable[str] = (),
    left_open: dict[str, str] | None = None,
) -> Milestone:
    """Add that a milestone was reached, or that it is no longer."""
    return Milestone.objects.create(
        incident=incident,
        kind=kind,
        reached=reached,
        reached_at=reached_at,
        criteria=list(criteria),
        reason=reason,
        left_open=left_open or {},
        at=at,
        by=by.key,
    )


def standing(incident: Incident, kind: str) -> Milestone | None:
    """The row that counts for `kind`, if the milestone is reached."""
    last = incident.milestones.filter(kind=kind).order_by("-pk").first()
    return last if last and last.reached else None


def step_on(action: Action, state: str, note: str, *, by: Actor, at: datetime) -> Progress:
    """Add a step of the action, and let the action stand so."""
    if action.state != state:
        action.state = state
        action.save(update_fields=["state"])
    return Progress.objects.create(action=action, state=state, note=note, at=at, by=by.key)


def hand_over(action: Action, owner: Person, due_at: datetime | None) -> None:
    action.owner, action.due_at = owner, due_at
    action.save(update_fields=["owner", "due_at"])
    action.watches.update(reminded=False)


def end_part(part: Part, *, at: datetime) -> None:
    part.ended_at = at
    part.save(update_fields=["ended_at"])
