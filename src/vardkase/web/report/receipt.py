"""The receipt: number and code, shown once, and what to do meanwhile. As a page and as PDF."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.events.hits import essential
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.files import Received
from vardkase.lib.ids import plain_code
from vardkase.lib.pdf import Busy, pdf
from vardkase.lib.sensitive import holds_any, holds_identity_number, holds_password
from vardkase.organisation.queries import organisation
from vardkase.policy.parameter import SWEDEN, parameter
from vardkase.web.door import public
from vardkase.web.strangers import without_cookies
from vardkase.web.twins import here
from vardkase.web.words import local
from vardkase.workflow.rates import TooOften
from vardkase.workflow.report import Receipt

from .codes import case_of, locked, unknown
from .forms import MoreForm

TEMPLATE = Path(__file__).with_name("receipt.typ")


def of_receipt(
    request: HttpRequest, receipt: Receipt, sent: Report, files: Sequence[Received]
) -> HttpResponse:
    event = receipt.event
    context = {
        "essential": bool(request.user.is_authenticated and essential(event)),
        "event": event,
        "code": receipt.code,
        "files": files,
        "guidance": guidance(event.kind, event.received_at),
        "warnings": warnings(texts(sent), event.received_at),
        "unanswered": unanswered(sent),
    }
    return render(request, "report/receipt.html", context)


def texts(sent: Report) -> str:
    """All that the reporter wrote himself."""
    given = [answer for answers in sent.answers.values() for answer in answers]
    return "\n".join([sent.what, sent.contact, *given])


def warnings(text: str, at: Any) -> list[str]:
    """What the text seems to hold that the reporter was asked not to write."""
    found = []
    if holds_identity_number(text):
        found.append(_("It looks as if the text holds a personal identity number."))
    if holds_password(text):
        found.append(_("It looks as if the text holds a password."))
    policy = parameter("report.sensitive").at(at).value
    if not policy["approved"] and holds_any(text, policy["words"]):
        found.append(_("It looks as if the text tells of somebody's health."))
    return found


def unanswered(sent: Report) -> list[str]:
    """Questions that follow from the answers and have none yet."""
    known = sent.answers | {"reporter_kind": [sent.reporter_kind]}
    return [str(one.field.label) for one in MoreForm(at=timezone.now(), known=known).follow_ups()]


def guidance(kind: str, at: Any) -> dict[str, Any]:
    """What to do now after an event of that kind, in the reader's language."""
    rows = parameter("report.guidance").at(at).value
    row = rows.get(kind) or rows.get("other") or {"steps": []}
    return {"heading": local(row), "steps": [local(step) for step in row["steps"]]}


@without_cookies
@public
@require_POST
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The receipt to keep, for whoever shows the code."""
    try:
        event = case_of(request)
    except TooOften as often:
        return locked(request, often)
    if event is None:
        return unknown(request)
    try:
        made = pdf(TEMPLATE, words_of(event, request))
    except Busy:
        return render(request, "report/busy.html", status=503)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="kvitto-{event.number}.pdf"'},
    )


def words_of(event: Event, request: HttpRequest) -> dict[str, Any]:
    """All that the document says: nothing of what was reported."""
    ours, received = organisation(), event.received_at.astimezone(SWEDEN)
    told = guidance(event.kind, event.received_at)
    return {
        "lang": get_language() or "sv",
        "date": [received.year, received.month, received.day],
        "title": _("Receipt for report %(number)s") % {"number": event.number},
        "organisation": ours.name if ours else "",
        "rows": [
            [_("Case"), event.number],
            [_("Received"), date_format(received, "DATETIME_FORMAT")],
            [_("Your code"), plain_code(request.POST["code"])],
            [_("Follow the case at"), request.build_absolute_uri(here("follow"))],
            [_("Help around the clock:").rstrip(":"), ours.duty_phone if ours else ""],
        ],
        "note": _("Whoever has the code can read what you reported. Keep this paper to yourself."),
        "heading": told["heading"],
        "steps": told["steps"],
    }
