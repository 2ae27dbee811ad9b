"""The pages of people: find one, see what he holds, give and end roles."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.access.rules import allowed, may
from vardkase.lib.changes import plain
from vardkase.lib.paging import Page
from vardkase.organisation import grants, services
from vardkase.organisation.models import Grant, Person, Unit
from vardkase.organisation.people import card, people
from vardkase.organisation.rules import grantable, labels, responsibilities
from vardkase.organisation.units import BY_NAME, above
from vardkase.web.accounts.step_up import step_up
from vardkase.web.actor import actor
from vardkase.web.door import needs, signed_in
from vardkase.web.requests.told import waits
from vardkase.workflow.four_eyes import do

from .forms import GrantForm, PersonForm, ReasonForm
from .pages import ROWS, answer, asked, asked_page, number, sent

SECTION = {"section": "organisation", "tab": "people"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """People by name, in the whole organisation or in a unit and below."""
    named, closed = asked(request), bool(request.GET.get("stangda"))
    unit = Unit.objects.filter(pk=number(request, "enhet") or 0).first()
    rows = people(named=named, unit=unit, active=not closed)
    page = Page.of(rows, BY_NAME, after=asked_page(request), limit=ROWS)
    shown = {"page": page, "asked": named, "unit": unit, "closed": closed}
    return render(request, "organisation/people.html", shown | SECTION)


@signed_in
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Anybody's own page; others' for those who may look people up."""
    reader, at = actor(request), timezone.now()
    if reader.person != pk and not may(reader, "look_up"):
        raise Http404
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    held, roles, words = card(person, at), grantable(at), labels(at)
    answering = responsibilities(at, on="unit")
    shown = {
        "person": person,
        "card": held,
        "above": above(person.unit),
        "grants": [
            (row, roles.get(row.role, {}), [words.get(code, {}) for code in row.labels])
            for row in held.grants
        ],
        "past": [(row, roles.get(row.role, {})) for row in held.past],
        "responsible": [(row, answering.get(row.code, {})) for row in held.responsibilities],
        "own": reader.person == pk,
        "changeable": allowed(reader, "organisation", services.room(person.unit)),
    }
    return render(request, "organisation/person.html", shown | SECTION)


@needs("organisation")
def create(request: HttpRequest) -> HttpResponse:
    form = PersonForm(sent(request), initial={"unit": number(request, "enhet")})
    return answer(
        request,
        form,
        lambda by, at: services.add_person(form.values, by=by, at=at),
        to=address,
        title=_("New person"),
        button=_("Add person"),
        back=reverse("people"),
        hint=_("The person can log in only after an invitation."),
        place=SECTION,
    )


@needs("organisation")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    form = PersonForm.of(person, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_person(
            person, form.values, by=by, at=at, seen=form.seen_before
        ),
        title=_("Change {name}").format(name=person),
        button=_("Save"),
        back=address(person),
        place=SECTION,
    )


@needs("organisation")
@step_up
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a role. His sessions end, so that he logs in with what holds now."""
    person = get_object_or_404(Person, pk=pk)
    form = GrantForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: do("grant.given", terms(person, form.cleaned_data), by=by, at=at),
        to=lambda made: waits(request, made) or address(person),
        title=_("Give {name} a role").format(name=person),
        button=_("Give the role"),
        back=address(person),
        hint=_("The person is logged out and sees the change at the next login."),
        place=SECTION,
    )


def terms(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """The form's words as they can wait for a second person."""
    return {name: plain(value) for name, value in given.items()} | {"person": person.pk}


@needs("organisation")
@step_up
def end(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """End a role of this very person."""
    found = get_object_or_404(Grant.objects.select_related("unit", "person"), pk=row, person=pk)
    form = ReasonForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: grants.end(found, reason=form.cleaned_data["reason"], by=by, at=at),
        to=lambda ended: address(found.person),
        title=_("End a role of {name}").format(name=found.person),
        button=_("End the role"),
        back=address(found.person),
        place=SECTION,
    )


def address(person: Person) -> str:
    return reverse("person", args=[person.pk])
