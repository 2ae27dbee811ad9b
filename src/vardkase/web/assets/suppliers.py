"""The pages of suppliers: whom to ring there, what they supply, which cases concern it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.rules import allowed
from vardkase.assets.queries import assets, without_night_call
from vardkase.events.subjects import of_supplier
from vardkase.lib.paging import Page
from vardkase.suppliers import services
from vardkase.suppliers.models import Supplier, SupplierPerson
from vardkase.suppliers.queries import BY_NAME, contact_is_due, suppliers
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.organisation.pages import ROWS, answer, asked, asked_page, cases, pressed, sent

from .forms import AccountForm, SupplierForm

SECTION = {"section": "assets", "tab": "suppliers"}
SHOWN = 200  # assets of one supplier on its page


@needs("look_up")
def index(request: HttpRequest) -> HttpResponse:
    """Suppliers by name, with what is missing at each."""
    at, closed = timezone.now(), bool(request.GET.get("stangda"))
    rows = suppliers(named=asked(request), closed=closed)
    page = Page.of(rows, BY_NAME, after=asked_page(request), limit=ROWS)
    lacking = without_night_call().filter(supplier__in=page.items)
    asleep = set(lacking.values_list("supplier", flat=True))
    shown = {
        "page": page,
        "rows": [(row, contact_is_due(row, at), row.pk in asleep) for row in page.items],
        "asked": asked(request),
        "closed": closed,
    }
    return render(request, "assets/suppliers.html", shown | SECTION)


@needs("look_up")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    supplier, at = get_object_or_404(Supplier, pk=pk), timezone.now()
    people = SupplierPerson.objects.filter(supplier=supplier, ended_at=None)
    shown = {
        "supplier": supplier,
        "due": contact_is_due(supplier, at),
        "assets": assets().filter(supplier=supplier)[:SHOWN],
        "asleep": without_night_call().filter(supplier=supplier),
        "people": people.select_related("person"),
        "cases": cases(request, of_supplier(actor(request), supplier)),
        "changeable": allowed(actor(request), "assets", services.ROOM),
    }
    return render(request, "assets/supplier.html", shown | SECTION)


@needs("assets")
def create(request: HttpRequest) -> HttpResponse:
    form = SupplierForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.add_supplier(form.values, by=by, at=at),
        to=address,
        title=_("New supplier"),
        button=_("Add supplier"),
        back=reverse("suppliers"),
        place=SECTION,
    )


@needs("assets")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    supplier = get_object_or_404(Supplier, pk=pk)
    form = SupplierForm.of(supplier, sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.change_supplier(
            supplier, form.values, by=by, at=at, seen=form.seen_before
        ),
        title=_("Change {name}").format(name=supplier),
        button=_("Save"),
        back=address(supplier),
        place=SECTION,
    )


@needs("assets")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the supplier out of use, or back."""
    supplier = get_object_or_404(Supplier, pk=pk)
    closed = supplier.closed_at is None
    return pressed(
        request,
        lambda by, at: services.close_supplier(supplier, closed=closed, by=by, at=at),
        address(supplier),
    )


@needs("assets")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The contact was asked today and is still right."""
    supplier = get_object_or_404(Supplier, pk=pk)
    today = {"verified_on": timezone.localdate()}
    return pressed(
        request,
        lambda by, at: services.change_supplier(supplier, today, by=by, at=at),
        address(supplier),
    )


@needs("assets")
def speak(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an account speak for the supplier."""
    supplier, form = get_object_or_404(Supplier, pk=pk), AccountForm(sent(request))
    return answer(
        request,
        form,
        lambda by, at: services.speak_for(supplier, form.cleaned_data["person"], by=by, at=at),
        to=lambda made: address(supplier),
        title=_("Account for {name}").format(name=supplier),
        button=_("Add"),
        back=address(supplier),
        hint=_("What the account reports concerns this supplier's services."),
        place=SECTION,
    )


@needs("assets")
@require_POST
def silence(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = get_object_or_404(
        SupplierPerson.objects.select_related("supplier"), pk=row, supplier=pk
    )
    return pressed(
        request,
        lambda by, at: services.speak_no_more(found, by=by, at=at),
        address(found.supplier),
    )


def address(supplier: Supplier) -> str:
    return reverse("supplier", args=[supplier.pk])
