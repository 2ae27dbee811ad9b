"""All cases that one may read, narrowed and ordered as the address says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.events.models import Event
from vardkase.incidents.queries import COUNTED, cases, counted, drawn
from vardkase.lib.paging import BadCursor, Page
from vardkase.obligations.queries import next_due
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.templatetags.vardkase import date
from vardkase.web.words import local, moment

from .filters import CaseFilter

ROWS = 50


@needs("read")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list; a cursor of another order leads to its beginning."""
    reader, at = actor(request), timezone.now()
    form = CaseFilter(request.GET, reader=reader, at=at)
    rows, shape = form.narrowed(cases(reader)), drawn(due=next_due())
    try:
        page: Page[Any] = Page.of(
            rows, form.order, after=request.GET.get("efter"), limit=ROWS, drawn=shape
        )
    except BadCursor:
        return redirect(f"{reverse('cases')}?{form.address()}")
    shown = {
        "form": form,
        "rows": told(page.items, at),
        "count": counted(rows, form.order),
        "most": COUNTED,
        "chips": form.chips(),
        "next": form.address(efter=page.next) if page.next else "",
        "closed": Event.State.CLOSED,
        "reader_key": reader.person,
        "section": "cases",
    }
    return render(request, "incidents/list.html", shown)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in words, ready to be drawn: a list holds many."""

    number: str
    priority: str
    title: str
    address: str
    state: str
    alert: str
    due: str
    late: bool
    words: list[str]


def told(cases: Iterable[Any], at: datetime) -> list[Row]:
    """`cases` with the columns of `drawn`, and when the next report of each is due."""
    categories = {row["code"]: local(row) for row in parameter("categories").at(at).value}
    states = {code: str(label) for code, label in Event.State.choices}
    harm, here = _("Risk of care harm"), reverse("cases")
    return [
        Row(
            case.number,
            str(case.priority),
            case.title,
            f"{here}/{case.number}",
            states[case.state],
            harm if case.care_harm else "",
            minute(case.due),
            case.due is not None and case.due < at,
            [word for word in (categories.get(case.category), case.unit__name, day(case)) if word],
        )
        for case in cases
    ]


def minute(due: datetime | None) -> str:
    """When the nearest report to an authority is due."""
    return _("Report by %s") % date(due, "SHORT_DATETIME_FORMAT") if due else ""


def day(case: Any) -> str:
    return moment(timezone.localtime(case.reported_at), "DATE_FORMAT")
