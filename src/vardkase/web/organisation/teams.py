"""The pages of resolver teams, turns of duty and governing documents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import allowed, may
from vardkase.lib.paging import Page
from vardkase.organisation import duty, services
from vardkase.organisation.models import Document, Duty, Team
from vardkase.organisation.queries import on_duty
from vardkase.organisation.units import BY_NAME
from vardkase.web.actor import actor
from vardkase.web.door import needs, signed_in

from .forms import CallingForm, DocumentForm, TeamForm, TurnForm
from .pages import ROWS, answer, asked_page, pressed, sent

TEAMS = {"section": "organisation", "tab": "teams"}
DUTY = {"section": "organisation", "tab": "duty"}
DOCUMENTS = {"section": "organisation", "tab": "documents"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    rows = Team.objects.filter(closed_at=None).select_related("unit")
    page = Page.of(rows, BY_NAME, after=asked_page(request), limit=ROWS)
    return render(request, "organisation/teams.html", {"page": page} | TEAMS)


@needs("look_up")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    team, at = get_object_or_404(Team.objects.select_related("unit"), pk=pk), timezone.now()
    members = team.members.filter(ended_at=None).select_related("person")
    shown = {
        "team": team,
        "members": members.order_by("place", "pk"),
        "schedule": duty.schedule(at, team),
        "changeable": allowed(actor(request), "organisation", services.room(team.unit)),
        "now_on_duty": duty.turns(team).filter(since__lte=at, until__gt=at).last(),
    }
    return render(request, "organisation/team.html", shown | TEAMS)


@needs("organisation")
def create(request: HttpRequest) -> HttpResponse:
    form = TeamForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_team(form.values, by=by, at=at),
        to=address,
        title=_("New team"),
        button=_("Add team"),
        back=reverse("teams"),
        place=TEAMS,
    )


@needs("organisation")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.select_related("unit"), pk=pk)
    form = TeamForm.of(team, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_team(team, form.values, by=by, at=at, seen=form.seen_before),
        title=_("Change {name}").format(name=team),
        button=_("Save"),
        back=address(team),
        place=TEAMS,
    )


@needs("organisation")
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the team, in the order of calling."""
    team = get_object_or_404(Team.objects.select_related("unit"), pk=pk)
    now = team.members.filter(ended_at=None).order_by("place", "pk")
    logins = "\n".join(now.values_list("person__username", flat=True))
    form = CallingForm(sent(request), initial={"people": logins})
    return answer(
        request,
        form,
        lambda by, at: services.set_calling_order(team, form.cleaned_data["people"], by=by, at=at),
        title=_("Members of {name}").format(name=team),
        button=_("Save"),
        back=address(team),
        place=TEAMS,
    )


@needs("organisation")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.select_related("unit"), pk=pk)
    return pressed(
        request, lambda by, at: services.close_team(team, by=by, at=at), reverse("teams")
    )


@signed_in
def duty_card(request: HttpRequest) -> HttpResponse:
    """Whom to ring, now and later: small, good on paper. The schedule needs leave to look up."""
    at = timezone.now()
    shown: dict[str, Any] = {"officer": on_duty(at)}
    if may(actor(request), "look_up"):
        shown["schedule"] = duty.schedule(at)
        shown["teams"] = duty.teams_on_duty(at)
        if crisis := duty.crisis_team():
            shown |= {"crisis": crisis, "called": duty.schedule(at, crisis)}
    return render(request, "organisation/duty.html", shown | DUTY)


@needs("organisation")
def add_turn(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A turn of the duty officer, or of the team `pk`."""
    team = get_object_or_404(Team.objects.select_related("unit"), pk=pk) if pk else None
    form = TurnForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: duty.add_turn(**form.cleaned_data, team=team, by=by, at=at),
        to=lambda made: address(team) if team else reverse("duty"),
        title=_("New turn of duty"),
        button=_("Add turn"),
        back=address(team) if team else reverse("duty"),
        place=DUTY,
    )


@needs("organisation")
@require_POST
def cancel_turn(request: HttpRequest, pk: int) -> HttpResponse:
    turn = get_object_or_404(Duty.objects.select_related("team__unit"), pk=pk)
    back = address(turn.team) if turn.team else reverse("duty")
    return pressed(request, lambda by, at: duty.cancel_turn(turn, by=by, at=at), back)


@signed_in
def documents(request: HttpRequest) -> HttpResponse:
    """The governing documents in force, by step."""
    rows = Document.objects.filter(ended_at=None).order_by("step", "title")[:500]
    steps = [(step.label, [row for row in rows if row.step == step]) for step in Document.Step]
    shown = {"steps": [(label, found) for label, found in steps if found]}
    return render(request, "organisation/documents.html", shown | DOCUMENTS)


@needs("organisation")
def add_document(request: HttpRequest) -> HttpResponse:
    form = DocumentForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_document(form.values, by=by, at=at),
        to=lambda made: reverse("documents"),
        title=_("New governing document"),
        button=_("Add document"),
        back=reverse("documents"),
        hint=_(
            "A document with the same title and step takes the place of the one before. What"
            " applies to reporting is shown on the form, to outsiders too."
        ),
        place=DOCUMENTS,
    )


@needs("organisation")
@require_POST
def end_document(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Document, pk=pk)
    return pressed(
        request, lambda by, at: services.end_document(row, by=by, at=at), reverse("documents")
    )


def address(team: Team) -> str:
    return reverse("team", args=[team.pk])
