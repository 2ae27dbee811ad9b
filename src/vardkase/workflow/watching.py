"""Heightened monitoring (S2-112): an action watches assets until a time, and ends by itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assets.models import Asset
from vardkase.delivery.services import Occasion, tell
from vardkase.incidents.models import Action, Watch
from vardkase.incidents.queries import OPEN, going_on
from vardkase.lib.each import each
from vardkase.organisation.queries import actor_of
from vardkase.policy.parameter import parameter

from .handle import progress_action

OVER = "Tiden för den extra övervakningen är ute."  # in the organisation's language


def watched(asset: Asset, at: datetime) -> Watch | None:
    """The latest watch on `asset` that goes on in an open case."""
    rows = Watch.objects.filter(going_on(at), asset=asset, action__incident__event__state__in=OPEN)
    return rows.select_related("action__incident__event__unit").order_by("-pk").first()


def look_after(at: datetime) -> int:
    """Remind of what soon ends, and end what is over; how many actions were touched."""
    hours = parameter("detections.raising").at(at).value["watch_reminder_hours"]
    near = Action.objects.filter(state=Action.State.OPEN, due_at__lte=at + timedelta(hours=hours))
    over = near.filter(due_at__lte=at, watches__isnull=False)
    soon = near.filter(due_at__gt=at, watches__reminded=False)
    return each(ids(over), lambda pk: end(pk, at)) + each(ids(soon), lambda pk: remind(pk, at))


def ids(rows: QuerySet[Action]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True).distinct()[:100])


def held(pk: int) -> Action | None:
    """The action, unless another worker has it in hand; inside a transaction."""
    rows = Action.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("incident__event__unit", "owner")
    return rows.filter(pk=pk, state=Action.State.OPEN).first()


@transaction.atomic
def remind(pk: int, at: datetime) -> int:
    """Tell the owner that the watch soon ends: he may prolong it. A short one is not told of
    before half of its time is over."""
    action = held(pk)
    if action is None or action.due_at is None or at < action.at + (action.due_at - action.at) / 2:
        return 0
    case = action.incident.event
    occasion = Occasion(
        once=f"watch:{pk}:{int(action.due_at.timestamp())}",
        kind="watch_ends",
        path=f"/arenden/{case.number}/atgarder/{pk}",
        case=case.number,
        deadline=action.due_at,
        discreet=case.is_discreet,
    )
    reads = allowed(actor_of(action.owner, at), "read", case.scope())
    tell(occasion, [action.owner] if reads else [], at=at)
    action.watches.update(reminded=True)
    return 1


@transaction.atomic
def end(pk: int, at: datetime) -> int:
    """The time is up: the action is done, and the log says that nobody but the clock ended it."""
    action = held(pk)
    if action is None:
        return 0
    progress_action(action, Action.State.DONE, OVER, by=Actor.system(at), at=at)
    return 1
