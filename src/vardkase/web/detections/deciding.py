"""What people decide about an alarm: an event, silence for a time, or that it belongs elsewhere."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vardkase.detections import queries
from vardkase.events.models import Raised
from vardkase.incidents import words
from vardkase.lib.text import named
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.forms import MomentField, PersonField
from vardkase.web.incidents.acting import case_for
from vardkase.web.organisation.pages import answer, pressed, sent
from vardkase.workflow import detect, muting
from vardkase.workflow.acting import NotNow


class MuteForm(forms.Form):
    until = MomentField(label=gettext_lazy("Until"))
    owner = PersonField(label=gettext_lazy("Who answers for it"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


@needs("read_detections")
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an event of the alarm, in the queue with people's reports."""
    group = queries.detection(actor(request), pk)
    try:
        event = detect.raise_event(group, by=actor(request), at=timezone.now())
    except NotNow as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
        return redirect("detection", pk)
    return redirect("case", event.number)


@needs("mute_detections")
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """Bother nobody for a time; the counting goes on."""
    group = queries.detection(actor(request), pk)
    form = MuteForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: muting.mute(group, **form.cleaned_data, by=by, at=at),
        title=_("Mute the alarm"),
        button=_("Mute"),
        back=reverse("detection", args=[pk]),
        hint=f"{named(group.title)}. "
        + _("It is counted on, and heard again when the time is up."),
        place={"section": "detections"},
    )


@needs("mute_detections")
@require_POST
def unmute(request: HttpRequest, pk: int) -> HttpResponse:
    group = queries.detection(actor(request), pk)
    page = reverse("detection", args=[pk])
    back = reverse("detections-rules") if request.POST.get("to") == "rules" else page
    return pressed(request, lambda by, at: muting.unmute(group, by=by, at=at), back)


@needs("edit")
@require_POST
def part(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The alarm has nothing to do with this case."""
    case = case_for(request, number, "edit")
    rows = Raised.objects.select_related("event__unit", "detection")
    tied = rows.get(pk=pk, event=case, undone_at=None)
    reason = request.POST.get("reason", "")[:500]
    detect.part(tied, reason=reason, by=actor(request), at=timezone.now())
    if request.POST.get("to") == "case":
        return redirect("case", case.number)
    return redirect("detection", tied.detection_id)
