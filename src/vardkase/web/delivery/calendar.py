"""A person's calendar address: made, ended, and read by a calendar program."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vardkase.delivery import queries, services
from vardkase.web.actor import person
from vardkase.web.door import public, signed_in
from vardkase.workflow.calendar import calendar

from .forms import ChannelForm


@public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the address reads numbers and times; a dead address is not there."""
    owner = queries.feed_owner(secret)
    if owner is None:
        raise Http404
    text = calendar(owner, timezone.now())
    return HttpResponse(text, "text/calendar; charset=utf-8")


@signed_in
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """A new address, shown this once; or the end of the one there is."""
    me, at = person(request), timezone.now()
    if request.POST.get("do") == "end":
        services.close_feed(me, at=at)
        return redirect("own-channels")
    made = services.open_feed(me, at=at)
    shown = {
        "channels": queries.channels(me),
        "form": ChannelForm(of_team=False),
        "address": request.build_absolute_uri(reverse("calendar", args=[made])),
        "has_feed": True,
        "section": "me",
    }
    return render(request, "delivery/channels.html", shown)
