"""One field that finds cases by number, words or part of a title, and assets by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardkase.access.rules import may
from vardkase.assets.queries import BY_NAME, Wanted, assets
from vardkase.events.queries import NEWEST
from vardkase.events.search import LONGEST, NUMBER, search
from vardkase.lib.paging import Page
from vardkase.web.actor import actor
from vardkase.web.door import needs

ROWS, ASSETS = 50, 5


@needs("read")
def results(request: HttpRequest) -> HttpResponse:
    """What was found; a whole case number leads straight to the case."""
    reader, asked = actor(request), request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = search(reader, asked).select_related("unit")
    if NUMBER.fullmatch(asked) and found.exists():
        return redirect(f"/arenden/{asked}")
    page = Page.of(found, NEWEST, after=request.GET.get("efter"), limit=ROWS)
    shown = {"asked": asked, "page": page, "title": _("Search"), "section": "search"}
    if asked and may(reader, "look_up"):
        shown["assets"] = assets(Wanted(named=asked)).order_by(*BY_NAME.names())[:ASSETS]
    return render(request, "search/results.html", shown)
