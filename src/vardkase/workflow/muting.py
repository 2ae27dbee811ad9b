"""Bothering nobody with an alarm for a time: with a reason, somebody who answers for it, an end.

Counting goes on: a muted alarm is not a lost one, and how many there were is told.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.detections.models import Detection, Mute
from vardkase.lib.changes import Refused
from vardkase.lib.each import each
from vardkase.organisation.models import Person
from vardkase.organisation.queries import root

LONGEST = timedelta(days=366)


def room(group: Detection) -> Scope:
    return Scope.room("detections", unit=group.asset.unit.path if group.asset else root().path)


def mute(
    group: Detection, *, until: datetime, reason: str, owner: Person, by: Actor, at: datetime
) -> Mute:
    """Bother nobody with this alarm until a time; a muting before it ends."""
    if not at < until <= at + LONGEST:
        raise Refused({"until": _("Choose a time ahead, at most a year.")})
    with decision("alarm.muted", scope=room(group), by=by, at=at) as log:
        end(group, at)
        now = Detection.objects.get(pk=group.pk)
        made = Mute.objects.create(
            detection=group, until=until, reason=reason, owner=owner, before=now.count,
            at=at, by=by.key,
        )  # fmt: skip
        Detection.objects.filter(pk=group.pk).update(muted_until=until)
        log.note(alarm=group.pk, until=until.isoformat(), reason=reason, owner=owner.key)
    return made


def unmute(group: Detection, *, by: Actor, at: datetime) -> None:
    """Hear it again: the rules look at once at what it has become."""
    with decision("alarm.unmuted", scope=room(group), by=by, at=at) as log:
        counted = end(group, at)
        Detection.objects.filter(pk=group.pk).update(muted_until=None, pending_since=at)
        log.note(alarm=group.pk, count=counted)


def end(group: Detection, at: datetime) -> int:
    """End the muting in force; how many alarms were counted under it."""
    counted = 0
    for held in Mute.objects.filter(detection=group, ended_at=None).select_related("detection"):
        counted = held.meanwhile
        Mute.objects.filter(pk=held.pk).update(ended_at=at, counted=counted)
    return counted


def expire(at: datetime) -> int:
    """End what has run out; how many. The next alarm of the group is heard, none before it."""
    over = Mute.objects.filter(ended_at=None, until__lte=at).order_by("until", "pk")
    return each(list(over.values_list("pk", flat=True)[:100]), lambda pk: expire_one(pk, at))


def expire_one(pk: int, at: datetime) -> int:
    """One muting, unless another worker has it in hand."""
    with transaction.atomic():
        rows = Mute.objects.select_for_update(skip_locked=True, of=("self",))
        held = rows.select_related("detection__asset__unit").filter(pk=pk, ended_at=None).first()
        if held is None:
            return 0
        system, group = Actor.system(at), held.detection
        with decision("alarm.unmuted", scope=room(group), by=system, at=at) as log:
            Mute.objects.filter(pk=pk).update(ended_at=held.until, counted=held.meanwhile)
            Detection.objects.filter(pk=group.pk, muted_until=held.until).update(muted_until=None)
            log.note(alarm=group.pk, count=held.meanwhile, until=held.until.isoformat())
    return 1
