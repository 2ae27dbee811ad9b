"""Whose duty an address of a case speaks of: `?entity=3`; without it the organisation's own."""

from django.http import Http404, HttpRequest

from vardkase.events.models import Event
from vardkase.obligations.models import Entity
from vardkase.web.incidents.acting import number_in
from vardkase.workflow.duties import entities


def whose(request: HttpRequest, case: Event) -> Entity:
    return one_of(case, request.GET.get("entity", "")) or entities(case)[0]


def one_of(case: Event, text: str) -> Entity | None:
    """The entity of that number that the case strikes; None without a number."""
    if not text:
        return None
    found = next((one for one in entities(case) if one.pk and one.pk == number_in(text)), None)
    if found is None:
        raise Http404
    return found


def anchor(entity: Entity, regime: str) -> str:
    """Where the page of reporting speaks of the duty."""
    return regime if entity.own else f"{regime}-{entity.pk}"


def query(entity: Entity) -> str:
    """What an address of the duty ends with."""
    return "" if entity.own else f"?entity={entity.pk}"
