"""The pages of the units: find one, see it whole, change, move, close it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import allowed
from vardkase.events.subjects import of_unit
from vardkase.lib.paging import Page
from vardkase.organisation import services
from vardkase.organisation.models import Responsibility, Unit
from vardkase.organisation.people import holders, people
from vardkase.organisation.rules import grantable, responsibilities
from vardkase.organisation.units import BY_NAME, above, inherited, units, with_ways
from vardkase.web.actor import actor
from vardkase.web.door import needs

from .forms import MoveForm, ResponsibilityForm, UnitForm
from .pages import ROWS, answer, asked, asked_page, cases, pressed, sent

SECTION = {"section": "organisation", "tab": "units"}


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """Units by name, each with where it stands."""
    named, closed = asked(request), bool(request.GET.get("stangda"))
    rows = units(named=named, closed=closed)
    page = Page.of(rows, BY_NAME, after=asked_page(request), limit=ROWS)
    shown = {"page": page, "rows": with_ways(page.items), "asked": named, "closed": closed}
    return render(request, "organisation/units.html", shown | SECTION)


@needs("look_up")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    unit, at = get_object_or_404(Unit, pk=pk), timezone.now()
    known, answering = grantable(at), responsibilities(at, on="unit")
    responsible = Responsibility.objects.filter(unit=unit, ended_at=None).select_related("person")
    shown = {
        "unit": unit,
        "above": above(unit),
        "card": inherited(unit),
        "parts": units().filter(parent=unit).order_by("sort_key", "pk"),
        "responsible": [(row, answering.get(row.code, {})) for row in responsible],
        "holders": [(row, known.get(row.role, {})) for row in holders(unit, at)],
        "people": people(unit=unit).count(),
        "cases": cases(request, of_unit(actor(request), unit)),
        "changeable": allowed(actor(request), "organisation", services.room(unit)),
    }
    return render(request, "organisation/unit.html", shown | SECTION)


@needs("organisation")
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """A new unit under the unit `pk`."""
    under, form = get_object_or_404(Unit, pk=pk), UnitForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_unit(form.values, under=under, by=by, at=at),
        to=address,
        title=_("New unit under {unit}").format(unit=under),
        button=_("Add unit"),
        back=address(under),
        hint=_("What is left empty comes from the unit above."),
        place=SECTION,
    )


@needs("organisation")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    form = UnitForm.of(unit, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_unit(unit, form.values, by=by, at=at, seen=form.seen_before),
        title=_("Change {name}").format(name=unit),
        button=_("Save"),
        back=address(unit),
        hint=_("What is left empty comes from the unit above."),
        place=SECTION,
    )


@needs("organisation")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    form = MoveForm(sent(request), initial={"under": unit.parent_id})
    return answer(
        request,
        form,
        lambda by, at: services.move_unit(unit, under=form.cleaned_data["under"], by=by, at=at),
        title=_("Move {name}").format(name=unit),
        button=_("Move the unit"),
        back=address(unit),
        hint=_("All below it follows. Whoever holds a role above its new place sees its cases."),
        place=SECTION,
    )


@needs("organisation")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the unit, or open it again."""
    unit = get_object_or_404(Unit, pk=pk)
    act = services.reopen_unit if unit.closed_at else services.close_unit
    return pressed(request, lambda by, at: act(unit, by=by, at=at), address(unit))


@needs("organisation")
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody responsible for something in the unit."""
    unit = get_object_or_404(Unit, pk=pk)
    form = ResponsibilityForm(sent(request), on="unit")
    return answer(
        request,
        form,
        lambda by, at: services.give_responsibility(**form.cleaned_data, unit=unit, by=by, at=at),
        title=_("Who answers for what in {name}").format(name=unit),
        button=_("Add"),
        back=address(unit),
        place=SECTION,
    )


@needs("organisation")
@require_POST
def end(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """End a responsibility of this very unit."""
    found = get_object_or_404(Responsibility.objects.select_related("unit"), pk=row, unit=pk)
    return pressed(
        request,
        lambda by, at: services.end_responsibility(found, by=by, at=at),
        address(found.unit),
    )


def address(unit: Unit) -> str:
    return reverse("unit", args=[unit.pk])
