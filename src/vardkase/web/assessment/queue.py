"""What waits to be assessed: a list to work through, and the one that is chosen beside it."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from vardkase.assessment.queries import overdue, referred, waiting_for_reporter
from vardkase.events import queries as events
from vardkase.events.models import Event
from vardkase.lib.paging import BadCursor, Order, Page
from vardkase.organisation.units import subtree
from vardkase.web.actor import actor
from vardkase.web.door import needs

from .case import facts
from .forms import QueueFilter
from .rows import SHOWN, rows, size

ROWS = 50
OLDEST = Order(("reported_at", "id"))
WAITING = 200  # referrals, and events that wait for an answer, shown


@needs("assess")
def index(request: HttpRequest) -> HttpResponse:
    """The queue, filtered and ordered as the address says; `visa` chooses one to look at."""
    reader, at = actor(request), timezone.now()
    form = QueueFilter(request.GET, reader=reader)
    chosen = form.chosen()
    waiting = narrowed(events.queue(reader), form, chosen)
    order = OLDEST if "ordning" in chosen else events.QUEUE
    after = request.GET.get("efter", "")
    try:
        page = Page.of(waiting.values_list(*SHOWN, named=True), order, after=after, limit=ROWS)
    except BadCursor:
        return redirect(f"{reverse('queue')}?{urlencode(chosen)}")
    here, number = urlencode(chosen | ({"efter": after} if after else {})), request.GET.get("visa")
    shown: dict[str, Any] = {
        "form": form,
        "rows": rows(page.items, at, here=here, chosen=number or ""),
        "size": size(waiting),
        "next": urlencode(chosen | {"efter": page.next}) if page.next else "",
        "chosen": chosen,
        "section": "queue",
    }
    if number:
        case = events.event(reader, number, "assess")
        shown |= facts(reader, case, at) | {"back": urlencode(chosen)}
    return render(request, "assessment/queue.html", shown)


def narrowed(
    waiting: QuerySet[Event], form: QueueFilter, chosen: dict[str, str]
) -> QuerySet[Event]:
    if "enhet" in chosen:
        waiting = waiting.filter(subtree(form.units[chosen["enhet"]]))
    fields = {"source": chosen.get("kalla"), "kind": chosen.get("slag")}
    return waiting.filter(**{field: value for field, value in fields.items() if value})


@needs("comment")
def passed_on(request: HttpRequest) -> HttpResponse:
    """Assessments that somebody was asked for and has not answered, soonest due first."""
    reader, at = actor(request), timezone.now()
    shown = {
        "referrals": referred(reader)[:WAITING],
        "late": overdue(reader, at).count(),
        "asked": waiting_for_reporter(reader)[:WAITING],
        "at": at,
        "section": "referred",
    }
    return render(request, "assessment/referred.html", shown)
