"""Empties the outbox: what is due leaves, what fails is tried again and by the next channel.

Any number of workers may run: each takes one row that nobody else holds, and holds it until the
other side has answered. A worker that dies lets go of its row, and the same message, with the same
name to the receiver, is sent by the next.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override

from . import rules, services
from .models import KINDS, Channel, Notice, Sending
from .sealing import opened
from .transports import NotSent, send

log = logging.getLogger(__name__)

type Clock = Callable[[], datetime]

ROUND = 45.0  # seconds: then the sender says that it lives, however slow the receivers are


def run(clock: Clock = timezone.now, *, most: int = 500) -> int:
    """Send what is due; how many left. Ends when nothing is due, after `most` tries or a while."""
    left, begun = 0, time.monotonic()
    for _try in range(most):
        if time.monotonic() - begun > ROUND:
            break
        done = one(clock)
        if done is None:
            break
        left += done
    return left


def one(clock: Clock) -> bool | None:
    """Take one due sending and try it: whether it left; None when there is none."""
    with transaction.atomic():
        row = due(clock()).select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        try:
            leave(row)
        except NotSent as problem:
            failed(row, str(problem), clock())
            return False
        except Exception as problem:  # one message that cannot be made must not stop the others
            log.exception("message %s could not be made", row.pk)
            failed(row, type(problem).__name__, clock())
            return False
        arrived(row, clock())
        return True


def due(at: datetime) -> QuerySet[Sending]:
    """What may leave now, loud first: a slow receiver of reminders holds up no alarm.

    A clock that has been turned back makes nobody wait: a notice from the future leaves at once,
    and so does a try that was put off for longer than tries ever are.
    """
    turned_back = Q(tries=0, notice__at__gt=at) | Q(
        tries__gt=0, due_at__gt=at + rules.LONGEST_PAUSE
    )
    rows = waiting().filter(Q(due_at__lte=at) | turned_back)
    return rows.select_related("notice__person", "channel").order_by(
        "-notice__loud", "due_at", "pk"
    )


def waiting() -> QuerySet[Sending]:
    """What has not left, and still serves a purpose: nobody has seen the notice."""
    return Sending.objects.filter(sent_at=None, ended_at=None, notice__seen_at=None)


def leave(row: Sending) -> None:
    channel, notice = row.channel, row.notice
    mark = f"{notice.digest}.{channel.pk if channel else 0}"
    if channel is not None:
        send(channel.kind, opened(channel.address), words(notice), mark=mark)
    elif notice.person:
        send(Channel.Kind.EMAIL, notice.person.email, words(notice), mark=mark)


def words(notice: Notice) -> rules.Words:
    """All that is said, in the organisation's language."""
    with override(settings.LANGUAGE_CODE):
        kind = gettext(KINDS.get(notice.kind, notice.kind))
    link = f"{settings.ADDRESS}/kvittera/{services.secret(notice.once)}"
    return rules.Words(kind, notice.case, notice.priority, notice.deadline, link)


def arrived(row: Sending, at: datetime) -> None:
    row.sent_at, row.tries, row.fault = at, row.tries + 1, ""
    row.save(update_fields=["sent_at", "tries", "fault"])
    if row.channel:
        Channel.objects.filter(pk=row.channel.pk).update(worked_at=at, fault="")


def failed(row: Sending, fault: str, at: datetime) -> None:
    row.tries += 1
    row.fault = fault[:300]
    following = rules.again(row.tries, at)
    row.due_at, row.ended_at = following or row.due_at, None if following else at
    row.save(update_fields=["tries", "fault", "due_at", "ended_at"])
    if row.channel:
        Channel.objects.filter(pk=row.channel.pk).update(failed_at=at, fault=row.fault)
    if row.tries == rules.NEXT_CHANNEL or row.ended_at:
        services.next_channel(row, at=at)
