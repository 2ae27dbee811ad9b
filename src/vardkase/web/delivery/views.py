"""Seen it: the page behind a notice's link. And the ways by which a person or team is reached."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vardkase.access.rules import allowed
from vardkase.delivery import push, queries, services
from vardkase.delivery.models import KINDS, Channel
from vardkase.lib.changes import Refused
from vardkase.obligations.queries import clocks
from vardkase.organisation.models import Person, Team
from vardkase.organisation.queries import organisation
from vardkase.web.actor import actor, person
from vardkase.web.door import needs, public, signed_in
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.obligations.clocks import faces
from vardkase.web.organisation.pages import answer, done, sent
from vardkase.workflow import alarm, lead

from .forms import ChannelForm, HandOverForm

ALARMS = ("alarm", "passed_on")
ME = {"section": "me"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the link may say that he has seen it; of the case it tells nothing more."""
    notice = queries.by_link(secret)
    if notice is None:
        raise Http404
    if request.method == "POST":
        lead.acknowledge(notice, at=timezone.now())
        return redirect("acknowledge", secret)
    shown = {"notice": notice, "phone": getattr(organisation(), "duty_phone", "")}
    return render(request, "delivery/acknowledge.html", shown)


@needs("comment")
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Who was alarmed, by which way, and who has seen it; seen by me, or handed over."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "comment")
    told = queries.told(case.number)
    if request.method == "POST":
        for notice in told:
            if notice.person_id == by.person and not notice.seen_at:
                lead.acknowledge(notice, at=at)
        return redirect("case-alarm", number)
    shown = {
        "case": case,
        "alarms": [one for one in told if one.kind in ALARMS],
        "others": [(_(KINDS.get(n.kind, n.kind)), n) for n in told if n.kind not in ALARMS],
        "clocks": faces(clocks(case)[:2], at),
        "mine": any(n.person_id == by.person and not n.seen_at for n in told),
        "assigns": allowed(by, "assign", case.scope()),
        "section": "cases",
    }
    return render(request, "delivery/case.html", shown)


@needs("assign")
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else follows the case from now on, and is told at once."""
    case = case_for(request, number, "assign")
    form = HandOverForm(request.POST or None)
    draw = partial(page, request, case, form, heading=_("Hand over"), button=_("Hand over"))
    if request.method != "POST" or not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        alarm.hand_over, case, said["person"], reason=said["reason"], by=actor(request),
        at=timezone.now(),
    )  # fmt: skip
    return attempt(case, form, verb, draw)


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """My ways of being reached, with what became of the last message by each."""
    me = person(request)
    form = ChannelForm(sent(request), of_team=False)
    if request.method == "POST":
        return added(request, me, form, "own-channels")
    shown = {
        "channels": queries.channels(me),
        "form": form,
        "push_key": push.public_key(),
        "has_feed": me.feeds.filter(ended_at=None).exists(),
    }
    return render(request, "delivery/channels.html", shown | ME)


@signed_in
@require_POST
def add_browser(request: HttpRequest) -> HttpResponse:
    """The browser that I sit at, as it gave itself to be reached."""
    said = request.POST.get("address", "")
    try:
        services.add_channel(
            person(request), Channel.Kind.PUSH, said, by=actor(request), at=timezone.now()
        )
    except Refused as refused:
        messages.warning(request, str(refused.errors["address"]), "warn")
        return redirect("own-channels")
    return done(request, reverse("own-channels"))


def added(request: HttpRequest, owner: Person | Team, form: ChannelForm, back: str) -> HttpResponse:
    where = reverse(back) if isinstance(owner, Person) else reverse(back, args=[owner.pk])
    return answer(
        request,
        form,
        lambda by, at: services.add_channel(
            owner, form.cleaned_data["kind"], form.cleaned_data["address"], quiet=form.quiet,
            by=by, at=at,
        ),
        title=_("New way to be reached"),
        button=_("Add"),
        back=where,
        place=ME,
    )  # fmt: skip


@needs("organisation")
def of_team(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.select_related("unit"), pk=pk)
    form = ChannelForm(sent(request), of_team=True)
    if request.method == "POST":
        return added(request, team, form, "team-channels")
    shown = {"channels": queries.channels(team), "form": form, "team": team}
    return render(request, "delivery/channels.html", shown | {"section": "organisation"})


@signed_in
@require_POST
def end_own(request: HttpRequest, pk: int) -> HttpResponse:
    return ended(request, own(request, pk), reverse("own-channels"))


@signed_in
@require_POST
def test_own(request: HttpRequest, pk: int) -> HttpResponse:
    return tested(request, own(request, pk), reverse("own-channels"))


@needs("organisation")
@require_POST
def end_teams(request: HttpRequest, pk: int, channel: int) -> HttpResponse:
    return ended(request, teams(pk, channel), reverse("team-channels", args=[pk]))


@needs("organisation")
@require_POST
def test_teams(request: HttpRequest, pk: int, channel: int) -> HttpResponse:
    return tested(request, teams(pk, channel), reverse("team-channels", args=[pk]))


def own(request: HttpRequest, pk: int) -> Channel:
    """One of my own channels; another's is not there."""
    return Channel.objects.get(pk=pk, person=person(request), ended_at=None)


def teams(team: int, pk: int) -> Channel:
    return Channel.objects.select_related("team__unit").get(pk=pk, team=team, ended_at=None)


def ended(request: HttpRequest, channel: Channel, back: str) -> HttpResponse:
    services.end_channel(channel, by=actor(request), at=timezone.now())
    return done(request, back)


def tested(request: HttpRequest, channel: Channel, back: str) -> HttpResponse:
    try:
        services.test(channel, by=actor(request), at=timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused.errors[""]), "warn")
    else:
        messages.success(request, _("A test is on its way. Load the page again in a while."), "ok")
    return redirect(back)
