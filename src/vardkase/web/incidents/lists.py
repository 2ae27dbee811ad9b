"""All cases that one may read, narrowed and ordered as the address says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vardkase.events.models import Event
from vardkase.incidents.queries import COUNTED, cases, counted
from vardkase.lib.paging import BadCursor, Page
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.words import local

from .filters import CaseFilter

ROWS = 50


@needs("read")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list; a cursor of another order leads to its beginning."""
    reader, at = actor(request), timezone.now()
    form = CaseFilter(request.GET, reader=reader, at=at)
    rows = form.narrowed(cases(reader))
    try:
        page = Page.of(rows, form.order, after=request.GET.get("efter"), limit=ROWS)
    except BadCursor:
        return redirect(f"{reverse('cases')}?{form.address()}")
    words = {row["code"]: local(row) for row in parameter("categories").at(at).value}
    shown = {
        "form": form,
        "rows": [(event, words.get(event.category, "")) for event in page.items],
        "count": counted(rows, form.order),
        "most": COUNTED,
        "chips": form.chips(),
        "next": form.address(efter=page.next) if page.next else "",
        "closed": Event.State.CLOSED,
        "reader_key": reader.person,
        "section": "cases",
    }
    return render(request, "incidents/list.html", shown)
