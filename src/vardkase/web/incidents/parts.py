"""Who takes which part in a case, and which assets it hits."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.assets.models import Asset
from vardkase.conclusions.sheet import sheet
from vardkase.incidents import words
from vardkase.incidents.models import Part
from vardkase.lib.sorting import folded
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.workflow import handle
from vardkase.workflow.acting import NotNow

from .acting import attempt, case_for, number_in, page
from .forms import PartForm

FOUND = 30  # assets shown of a search


@needs("assign")
def part(request: HttpRequest, number: str) -> HttpResponse:
    """Give somebody a part in the case."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "assign")
    form = PartForm(request.POST or None, at=at)
    draw = partial(
        page, request, case, form, heading=_("Give a part in the case"), button=_("Save")
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(handle.set_part, case, said["person"], said["part"], by=by, at=at)
    return attempt(case, form, verb, draw, to="#people")


@needs("assign")
@require_POST
def end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Somebody leaves his part."""
    case = case_for(request, number, "assign")
    held = Part.objects.select_related("incident__event__unit").get(pk=pk, incident__event=case)
    try:
        handle.end_part(held, by=actor(request), at=timezone.now())
    except NotNow as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
    return redirect("case", case.number)


@needs("edit")
def assets(request: HttpRequest, number: str) -> HttpResponse:
    """What the event hits: search, link, take away."""
    case = case_for(request, number, "edit")
    if request.method == "POST":
        return change(request, number)
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = Asset.objects.filter(closed_at=None, sort_key__contains=folded(asked))
    shown = {
        "case": case,
        "asked": asked,
        "found": found.select_related("unit")[:FOUND] if asked else [],
        "linked": sheet(case).assets,
        "section": "cases",
    }
    return render(request, "incidents/assets.html", shown)


def change(request: HttpRequest, number: str) -> HttpResponse:
    case, by, at = case_for(request, number, "edit"), actor(request), timezone.now()
    asset = Asset.objects.get(pk=number_in(request.POST.get("asset", "")))
    verb = handle.unlink_asset if request.POST.get("do") == "unlink" else handle.link_asset
    try:
        verb(case, asset, by=by, at=at)
    except NotNow as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
    return redirect("case-assets", case.number)
