"""What we know now and how it hangs together: situation and relation map."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.conclusions.sheet import sheet
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.workflow import handle

from .acting import attempt, case_for, page
from .forms import RelationForm, SituationForm


@needs("edit")
def situation(request: HttpRequest, number: str) -> HttpResponse:
    """Write what we know now; whoever wrote meanwhile is shown beside."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "edit")
    now = sheet(case).situation
    first = {"text": now.text if now else "", "expected": now.pk if now else 0}
    form = SituationForm(request.POST or None, initial=first)
    draw = partial(page, request, case, form, heading=_("The situation now"), button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        handle.update_situation, case, said["text"], by=by, at=at, expected=said["expected"],
        once=said["once"],
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="#now")


@needs("edit")
def relation(request: HttpRequest, number: str) -> HttpResponse:
    """Write the chain from threat to consequence."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "edit")
    now = sheet(case).relation
    names = ("threat", "unwanted_event", "vulnerability", "consequence")
    first = {name: getattr(now, name) for name in names} if now else {}
    form = RelationForm(request.POST or None, initial=first | {"expected": now.pk if now else 0})
    draw = partial(page, request, case, form, heading=_("How it hangs together"), button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        handle.draw_relation, case, form.chain(), by=by, at=at, expected=said["expected"],
        once=said["once"],
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="#relation")
