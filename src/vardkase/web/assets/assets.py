"""The pages of the assets: find one, see it whole with its cases, change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import allowed
from vardkase.assets import rules, services
from vardkase.assets.models import Asset, Dependant, Responsible
from vardkase.assets.queries import BY_NAME, assets, dependants
from vardkase.events.subjects import of_asset
from vardkase.incidents.queries import watches
from vardkase.lib.paging import Page
from vardkase.organisation.rules import responsibilities
from vardkase.organisation.units import above
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.organisation.forms import ResponsibilityForm
from vardkase.web.organisation.pages import ROWS, answer, asked_page, cases, number, pressed, sent

from .forms import AssetFilter, AssetForm, DependantForm

SECTION = {"section": "assets", "tab": "assets"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """Assets by name, narrowed as the address says."""
    form = AssetFilter(request.GET)
    page = Page.of(assets(form.wanted()), BY_NAME, after=asked_page(request), limit=ROWS)
    narrowed = any(request.GET.get(name) for name in form.fields)
    shown = {"page": page, "form": form, "narrowed": narrowed}
    return render(request, "assets/assets.html", shown | SECTION)


@needs("look_up")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    asset, at = one(pk), timezone.now()
    answering = responsibilities(at, on="asset")
    held = Responsible.objects.filter(asset=asset, ended_at=None).select_related("person")
    shown = {
        "asset": asset,
        "above": above(asset.unit),
        "levels": levels(asset),
        "dependants": dependants([asset]),
        "responsible": [(row, answering.get(row.code, {})) for row in held],
        "watches": watches(actor(request), at).filter(asset=asset),
        "cases": cases(request, of_asset(actor(request), asset)),
        "changeable": allowed(actor(request), "assets", services.room(asset.unit)),
    }
    return render(request, "assets/asset.html", shown | SECTION)


def levels(asset: Asset) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Each aspect with the level that the asset demands and its words."""
    at = timezone.now()
    return [
        (
            str(Asset._meta.get_field(aspect).verbose_name),  # type: ignore[union-attr]
            getattr(asset, aspect),
            rules.levels(aspect, at).get(getattr(asset, aspect), {}),
        )
        for aspect in rules.ASPECTS
    ]


@needs("assets")
def create(request: HttpRequest) -> HttpResponse:
    form = AssetForm(sent(request), initial={"unit": number(request, "enhet"), "kind": "system"})
    return answer(
        request,
        form,
        lambda by, at: services.add_asset(form.values, by=by, at=at),
        to=address,
        title=_("New asset"),
        button=_("Add asset"),
        back=reverse("assets"),
        place=SECTION,
    )


@needs("assets")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    asset = one(pk)
    form = AssetForm.of(asset, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_asset(
            asset, form.values, by=by, at=at, seen=form.seen_before
        ),
        title=_("Change {name}").format(name=asset),
        button=_("Save"),
        back=address(asset),
        place=SECTION,
    )


@needs("assets")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the asset out of use, or back."""
    asset = one(pk)
    closed = asset.closed_at is None
    return pressed(
        request,
        lambda by, at: services.close_asset(asset, closed=closed, by=by, at=at),
        address(asset),
    )


@needs("assets")
def depend(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who must hear when it is hit."""
    asset, form = one(pk), DependantForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_dependant(asset, **form.cleaned_data, by=by, at=at),
        to=lambda made: address(asset),
        title=_("Who depends on {name}").format(name=asset),
        button=_("Add"),
        back=address(asset),
        hint=_("They are told at once when confidentiality or integrity may be harmed."),
        place=SECTION,
    )


@needs("assets")
@require_POST
def depend_no_more(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = get_object_or_404(Dependant.objects.select_related("asset__unit"), pk=row, asset=pk)
    return pressed(
        request,
        lambda by, at: services.end_dependant(found, by=by, at=at),
        address(found.asset),
    )


@needs("assets")
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody responsible for the asset in some way."""
    asset, form = one(pk), ResponsibilityForm(sent(request), on="asset")
    return answer(
        request,
        form,
        lambda by, at: services.give_responsibility(**form.cleaned_data, asset=asset, by=by, at=at),
        to=lambda made: address(asset),
        title=_("Who answers for what in {name}").format(name=asset),
        button=_("Add"),
        back=address(asset),
        place=SECTION,
    )


@needs("assets")
@require_POST
def end(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = get_object_or_404(Responsible.objects.select_related("asset__unit"), pk=row, asset=pk)
    return pressed(
        request,
        lambda by, at: services.end_responsibility(found, by=by, at=at),
        address(found.asset),
    )


def one(pk: int) -> Asset:
    return get_object_or_404(Asset.objects.select_related("unit", "owner", "supplier"), pk=pk)


def address(asset: Asset) -> str:
    return reverse("asset", args=[asset.pk])
