"""A text on paper, without a word about the case."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.communication.queries import Kept
from vardkase.decisionlog.services import record_read
from vardkase.lib.pdf import pdf
from vardkase.lib.text import named
from vardkase.organisation.queries import organisation
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents.acting import case_for

from .views import found

TEMPLATE = Path(__file__).with_name("bulletin.typ")


@needs("inform")
@require_safe
def as_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The text on paper, without a word about the case; that it was taken out stands in the log."""
    case, at = case_for(request, number, "inform"), timezone.now()
    kept = found(case, pk)
    facts = {"information": pk, "format": "pdf"}
    record_read("information.printed", scope=case.scope(), by=actor(request), at=at, **facts)
    head = {"Content-Disposition": f'attachment; filename="information-{pk}.pdf"'}
    return HttpResponse(pdf(TEMPLATE, on_paper(kept)), "application/pdf", headers=head)


def on_paper(kept: Kept) -> dict[str, Any]:
    at = timezone.localtime(kept.version.at)
    found: dict[str, Any] = named(
        {
            "title": kept.version.heading,
            "text": kept.version.text,
            "organisation": str(organisation() or ""),
            "language": get_language() or "sv",
            "date": [at.year, at.month, at.day],
            "when": date_format(at, "DATETIME_FORMAT"),
            "draft": "" if kept.may_leave else _("Draft: not approved"),
        }
    )
    return found
