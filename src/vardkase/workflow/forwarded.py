"""Step 1: many report the same thing, as when one phishing mail reaches hundreds.

The first report stands in the queue. Each later one is a case of its own with a receipt of its
own, and feeds the first: it leaves the queue, and the case tells how many there were.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from vardkase.access.actor import Actor
from vardkase.assessment import services
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.events.standing import under_lock
from vardkase.lib.files import Received
from vardkase.lib.ids import keyed

from .assess import in_both
from .report import Receipt, SentOtherwiseBefore, report

WINDOW = timedelta(days=14)  # within which the same mail is the same event
MOST = 100  # events in turn over one and the same mail
KIND = "event.reported_again"


def report_same(
    sent: Report, same: str, *, files: Sequence[Received] = (), by: Actor, at: datetime
) -> tuple[Receipt, str]:
    """Report it, once for each `sent.once`, and the mark that its receipt was made of."""
    for turn in range(MOST):
        mark = f"same:{same}:{turn}"
        first = first_of(mark)
        if first is None or _is_the_very_same(first, sent):
            try:
                return report(replace(sent, once=mark), files=files, by=by, at=at), mark
            except SentOtherwiseBefore:  # another came first, while we looked
                first = first_of(mark)
        if first is not None and _takes_more(first, at):
            receipt = report(sent, files=files, by=by, at=at)
            join(receipt.event, first, at=at)
            return receipt, sent.once
    return report(sent, files=files, by=by, at=at), sent.once


def first_of(mark: str) -> Event | None:
    """The report that stands for the others, or the case that it feeds in its turn."""
    once = keyed(settings.SECRET_KEY, "once", mark).hex()
    return Event.objects.select_related("unit").filter(once=once).first()


def _is_the_very_same(first: Event, sent: Report) -> bool:
    return (first.contact, first.what) == (sent.contact, sent.what)


def _takes_more(first: Event, at: datetime) -> bool:
    is_open = first.state not in (Event.State.CLOSED, Event.State.MERGED)
    return is_open and not first.sealed and first.received_at > at - WINDOW


def join(event: Event, into: Event, *, at: datetime) -> None:
    """Let the report feed the case, unless it does; both logs tell."""
    by = Actor.system(at)
    with in_both(KIND, event, into, by=by, at=at) as (log, there):
        case = under_lock(event, KIND, by=by)
        log.note(into=into.number)
        there.note(report=event.number)
        if case.state not in (Event.State.CLOSED, Event.State.MERGED):
            services.join(case, into, reason="the same mail", by=by, at=at)
