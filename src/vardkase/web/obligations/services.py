"""The services: who provides them, who relies on them, and what hangs on what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.obligations import services
from vardkase.obligations.dependence import Need, ServiceRole
from vardkase.web.door import needs
from vardkase.web.organisation.pages import answer, pressed, sent

from .entities import may_change
from .entity_forms import NeedForm, RoleForm

SECTION = {"section": "organisation", "tab": "services"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """Each service with the entities that provide it or rely on it, and what it hangs on."""
    roles = ServiceRole.objects.filter(ended_at=None).select_related("entity", "service")
    hang = Need.objects.filter(ended_at=None).select_related("service", "on")
    shown = {
        "roles": roles.order_by("service__name", "entity__name"),
        "needs": hang.order_by("service__name", "on__name"),
        "changeable": may_change(request),
    }
    return render(request, "entities/services.html", shown | SECTION)


@needs("organisation")
def add_role(request: HttpRequest) -> HttpResponse:
    form = RoleForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_role(form.cleaned_data, by=by, at=at),
        title=_("What an entity is to a service"),
        button=_("Save"),
        back=reverse("services"),
        place=SECTION,
    )


@needs("organisation")
def add_need(request: HttpRequest) -> HttpResponse:
    form = NeedForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_need(**form.cleaned_data, by=by, at=at),
        title=_("What a service hangs on"),
        button=_("Add"),
        back=reverse("services"),
        place=SECTION,
    )


@needs("organisation")
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    rows = ServiceRole.objects.select_related("entity", "service")
    row = get_object_or_404(rows, pk=pk, ended_at=None)
    return pressed(
        request, lambda by, at: services.end_role(row, by=by, at=at), reverse("services")
    )


@needs("organisation")
@require_POST
def end_need(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Need.objects.select_related("service", "on"), pk=pk, ended_at=None)
    return pressed(
        request, lambda by, at: services.end_need(row, by=by, at=at), reverse("services")
    )
