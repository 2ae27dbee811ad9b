"""Marking a statement verified, refuted or not verified: from any page that shows statements."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from vardkase.events import queries
from vardkase.events.models import Mark
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.workflow.report import mark


class MarkForm(forms.Form):
    status = forms.ChoiceField(label=_("status"), choices=Mark.Status)
    note = forms.CharField(label=_("How do you know?"), max_length=500, required=False)


@needs("edit")
@require_POST
def create(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Back to the page that the button stood on, at the statement."""
    case = queries.event(actor(request), number, "edit")
    statement = queries.statement(case, pk)
    form = MarkForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "case": case, "back": back(request)}
        return render(request, "report/mark.html", context, status=422)
    mark(statement, **form.cleaned_data, of=case, by=actor(request), at=timezone.now())
    return redirect(f"{back(request)}#statement-{pk}")


def back(request: HttpRequest) -> str:
    """The page named by the form's `next`, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return "/"
