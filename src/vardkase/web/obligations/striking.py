"""Which legal entities a case strikes, besides the organisation itself."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.obligations.models import Struck
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.workflow import oblige
from vardkase.workflow.duties import entities

from .forms import StrikeForm, UnstrikeForm


@needs("edit")
def strike(request: HttpRequest, number: str) -> HttpResponse:
    case = case_for(request, number, "edit")
    form = StrikeForm(request.POST or None, besides=entities(case))
    heading = _("Which legal entity does the case strike too?")
    again = partial(page, request, case, form, heading=heading, button=_("Add"))
    if request.method != "POST" or not form.is_valid():
        return again()
    verb = partial(
        oblige.strike, case, form.cleaned_data["entity"], by=actor(request), at=timezone.now(),
        **form.said("reason", "once"),
    )  # fmt: skip
    return attempt(case, form, verb, again, to="/rapportering")


@needs("edit")
def unstrike(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    case = case_for(request, number, "edit")
    rows = Struck.objects.select_related("entity")
    row = get_object_or_404(rows, event=case, entity=pk, ended_at=None)
    form = UnstrikeForm(request.POST or None)
    heading = _("{name} is not struck").format(name=row.entity)
    again = partial(page, request, case, form, heading=heading, button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return again()
    verb = partial(
        oblige.unstrike, case, row.entity, by=actor(request), at=timezone.now(),
        **form.said("reason", "once"),
    )  # fmt: skip
    return attempt(case, form, verb, again, to="/rapportering")
