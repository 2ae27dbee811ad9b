"""What changes in step 2. Each function is called inside a decision of `workflow.assess`."""

from datetime import datetime

from vardkase.access.actor import Actor
from vardkase.events.models import Event

from .models import Merge
from .rules import Judgement, Priority


def stand(case: Event, judgement: Judgement, priority: Priority | None) -> None:
    """Let the case stand as it was judged. An event without a priority keeps the suggested one."""
    case.state = judgement.outcome
    case.category = judgement.category
    case.care_harm = priority.care_harm if priority else judgement.care_harm
    if priority:
        case.priority = priority.value
    case.save(update_fields=["state", "category", "care_harm", "priority"])


def join(case: Event, into: Event, *, reason: str, by: Actor, at: datetime) -> Merge:
    """Let the report feed `into`; it leaves the queue and keeps every word."""
    made = Merge.objects.create(
        event=case, into=into, at=at, by=by.key, reason=reason, was=case.state
    )
    case.state = Event.State.MERGED
    case.save(update_fields=["state"])
    return made


def part(merge: Merge, *, at: datetime) -> Event:
    """Undo one merge; when it was the last, the report stands as it did before the first."""
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    case = merge.event
    if not case.merges.filter(undone_at=None).exists():
        before = case.merges.exclude(was=Event.State.MERGED).order_by("-pk").first()
        case.state = before.was if before else Event.State.UNASSESSED
        case.save(update_fields=["state"])
    return case
