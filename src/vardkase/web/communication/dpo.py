"""The data protection officer: material with one click, its receipt, his own opinion."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.communication.models import Package
from vardkase.events.models import Event
from vardkase.incidents import words
from vardkase.organisation.queries import names
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.incidents.forms import ActForm, text
from vardkase.web.obligations.whose import whose
from vardkase.workflow import dpo
from vardkase.workflow.acting import NotNow, mandates

SHOWN = 50  # packages and opinions of one case


class OpinionForm(ActForm):
    text = text(
        gettext_lazy("Your opinion"),
        help_text=gettext_lazy("Is there a risk to those concerned? Should it be notified, and"
                               " should they be informed? The controller decides."),
    )  # fmt: skip


@needs("read")
@require_safe
def index(request: HttpRequest, number: str) -> HttpResponse:
    """What was handed over, who has it since when, and what the officer thinks."""
    return draw(request, case_for(request, number, "read"))


def draw(request: HttpRequest, case: Event, *, status: int = 200) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    rows = list(case.packages.prefetch_related("receipts__person").order_by("-pk")[:SHOWN])
    said = list(case.opinions.order_by("-pk")[:SHOWN])
    known = names([*(row.by for row in rows), *(row.by for row in said)])
    mine = [r for row in rows for r in row.receipts.all() if r.person_id == reader.person]
    seen = {
        "case": case,
        "rows": [(row, known.get(row.by, row.by), filled(row)) for row in rows],
        "opinions": [(row, known.get(row.by, row.by)) for row in said],
        "to": dpo.officers(case, at),
        "hands": allowed(reader, "inform", case.scope()),
        "opines": bool(mandates(case, "dpo.opined", by=reader)),
        "receives": any(not one.received_at for one in mine),
        "regime": dpo.REGIME,
        "step": dpo.FORM,
        "section": "cases",
    }
    return render(request, "communication/dpo.html", seen, status=status)


def filled(row: Package) -> list[dict[str, str]]:
    """The fields that had something in them."""
    return [field for field in row.content.get("fields", []) if field.get("text")]


def tried(request: HttpRequest, case: Event, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except NotNow as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
        return draw(request, case, status=409)
    return redirect("case-dpo", case.number)


@needs("inform")
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """One click: the report as it stands now, to the officer and whom he has named."""
    case = case_for(request, number, "inform")
    entity, by = whose(request, case), actor(request)
    return tried(
        request, case,
        partial(dpo.hand_over, case, entity=entity, by=by, at=timezone.now()),
    )  # fmt: skip


@needs("comment")
@require_POST
def receive(request: HttpRequest, number: str) -> HttpResponse:
    case = case_for(request, number, "comment")
    return tried(
        request, case, partial(dpo.receive, case, by=actor(request), at=timezone.now())
    )  # fmt: skip


@needs("comment")
def opine(request: HttpRequest, number: str) -> HttpResponse:
    """What the officer himself thinks, kept beside what is decided."""
    case, form = case_for(request, number, "comment"), OpinionForm(request.POST or None)
    heading = _("The data protection officer's own opinion")
    again = partial(
        page, request, case, form, heading=heading, button=_("Save"), back="/dataskyddsombud"
    )
    if request.method != "POST" or not form.is_valid():
        return again()
    said = form.said("text", "once")
    verb = partial(dpo.opine, case, by=actor(request), at=timezone.now(), **said)
    return attempt(case, form, verb, again, to="/dataskyddsombud")
