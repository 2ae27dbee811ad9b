"""Other actors' reports of the same event, linked to ours and told of in them."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.incidents.services import SentBefore
from vardkase.lib.changes import Refused
from vardkase.obligations.models import SisterReport
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.forms import hang
from vardkase.web.incidents.acting import case_for, page
from vardkase.workflow.wording import link_sister, unlink_sister

from .forms import SisterForm


@needs("edit")
def link(request: HttpRequest, number: str) -> HttpResponse:
    case = case_for(request, number, "edit")
    form = SisterForm(request.POST or None)
    heading = _("Somebody else has reported the same event")
    again = partial(page, request, case, form, heading=heading, button=_("Add"))
    if request.method != "POST" or not form.is_valid():
        return again()
    try:
        once = form.cleaned_data["once"]
        link_sister(case, form.values, by=actor(request), at=timezone.now(), once=once)
    except SentBefore:
        pass
    except Refused as refused:
        hang(refused, form)
        return again()
    return redirect("case-duties", number)


@needs("edit")
@require_POST
def unlink(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    case = case_for(request, number, "edit")
    rows = SisterReport.objects.select_related("event__unit")
    row = get_object_or_404(rows, pk=pk, event=case, ended_at=None)
    unlink_sister(row, by=actor(request), at=timezone.now())
    return redirect("case-duties", number)
