"""The legal entities that duties hang on: who they are, what holds of them, who signs for them."""

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import allowed
from vardkase.obligations import services
from vardkase.obligations.models import Entity, Registration
from vardkase.obligations.rules import role_facts
from vardkase.organisation.queries import organisation
from vardkase.policy.facts import still_fitting
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime_files import catalogue
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.dutywords import regime_name
from vardkase.web.organisation.pages import answer, pressed, sent
from vardkase.workflow.duties import own_entity
from vardkase.workflow.known import of_entity
from vardkase.workflow.prefill import worded

from .entity_forms import EntityFactsForm, EntityForm, RegistrationForm

SECTION = {"section": "organisation", "tab": "entities"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """The organisation first, then the others by name."""
    ended = bool(request.GET.get("avslutade"))
    others = Entity.objects.filter(own=False, ended_at__isnull=not ended)
    rows = list(others) if ended else [own_entity(), *others]
    shown = {"rows": rows, "ended": ended, "changeable": may_change(request)}
    return render(request, "entities/list.html", shown | SECTION)


def may_change(request: HttpRequest) -> bool:
    return allowed(actor(request), "organisation", services.ROOM)


def entity_of(pk: int) -> Entity:
    """The entity; 0 is the organisation itself while it has no row."""
    return get_object_or_404(Entity, pk=pk) if pk else own_entity()


@needs("look_up")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    entity, at = entity_of(pk), timezone.now()
    said = list(entity.facts.order_by("since", "pk")) if entity.pk else []
    kept = entity.registrations.filter(ended_at=None) if entity.pk else []
    shown = {
        "entity": entity,
        "pk": entity.pk or 0,
        "kind": kind_of(entity),
        "facts": told(of_entity(entity, at), {r.name: r.since for r in said if r.since <= at}),
        "ahead": [row for row in said if row.since > at],
        "registrations": [(regime_name(row.regime, at), row) for row in kept],
        "changeable": may_change(request),
    }
    return render(request, "entities/entity.html", shown | SECTION)


def kind_of(entity: Entity) -> str:
    us = organisation() if entity.own and not entity.kind else None
    return us.get_kind_display() if us else entity.get_kind_display()


def told(said: dict[str, Any], since: dict[str, datetime]) -> list[tuple[str, str, Any]]:
    """The questions, their answers in words and since when, in the catalogue's order."""
    language, known = "sv" if get_language() == "sv" else "en", catalogue()
    found = still_fitting(said, known)
    return [
        (getattr(known[name], language), worded(name, found[name], language), since.get(name))
        for name in role_facts()
        if name in found
    ]


@needs("organisation")
def create(request: HttpRequest) -> HttpResponse:
    form = EntityForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_entity(Entity(), form.values, by=by, at=at),
        to=lambda made: reverse("entity-facts", args=[made.pk]),
        title=_("New legal entity"),
        button=_("Add"),
        back=reverse("entities"),
        place=SECTION,
    )


@needs("organisation")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    entity = entity_of(pk)
    form = EntityForm.of(entity, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_entity(
            entity, form.values, by=by, at=at, seen=form.seen_before
        ),
        to=lambda made: reverse("entity", args=[made.pk]),
        title=_("Change {name}").format(name=entity),
        button=_("Save"),
        back=reverse("entity", args=[pk]),
        place=SECTION,
    )


@needs("organisation")
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """What laws ask of the entity itself, answered once for all its cases from a day on."""
    entity, at = entity_of(pk), timezone.now()
    form = EntityFactsForm(sent(request), now=of_entity(entity, at))
    return answer(
        request,
        form,
        lambda by, at: services.say_of(
            entity, form.changes(), since=midnight(form.cleaned_data["since"]), by=by, at=at
        ),
        to=lambda made: reverse("entity", args=[entity.pk or 0]),
        title=_("What holds of {name}").format(name=entity),
        button=_("Save"),
        back=reverse("entity", args=[pk]),
        hint=_("The laws ask this in every case. Answer it once, and nobody is asked at night."),
        place=SECTION,
    )


def midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), SWEDEN)


@needs("organisation")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the entity out of choices, or back."""
    entity = get_object_or_404(Entity, pk=pk, own=False)
    ended = entity.ended_at is None
    return pressed(
        request,
        lambda by, at: services.end_entity(entity, ended=ended, by=by, at=at),
        reverse("entity", args=[pk]),
    )


@needs("organisation")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the entity is registered, and whom the authority calls."""
    entity, form = entity_of(pk), RegistrationForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.register(entity, form.values, by=by, at=at),
        to=lambda made: reverse("entity", args=[made.entity_id]),
        title=_("Registration of {name}").format(name=entity),
        button=_("Add"),
        back=reverse("entity", args=[pk]),
        place=SECTION,
    )


@needs("organisation")
@require_POST
def end_registration(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    rows = Registration.objects.select_related("entity")
    found = get_object_or_404(rows, pk=row, entity=pk, ended_at=None)
    return pressed(
        request,
        lambda by, at: services.end_registration(found, by=by, at=at),
        reverse("entity", args=[pk]),
    )
