"""The report form and its receipt: open to the world, and it loses nothing that was written.

Strangers get no cookie and need none: without a session a forged form gains nobody anything.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import may
from vardkase.decisionlog.services import permit
from vardkase.lib.ids import new_secret
from vardkase.lib.outage import is_outage
from vardkase.organisation.models import Organisation, Person, Unit
from vardkase.organisation.queries import documents, framed
from vardkase.organisation.units import inherited
from vardkase.policy.parameter import parameter
from vardkase.web import uploads
from vardkase.web.actor import actor
from vardkase.web.caller import caller
from vardkase.web.door import public
from vardkase.workflow.rates import TooOften, count_report, count_upload
from vardkase.workflow.report import NotSetUp, SentOtherwiseBefore, report

from .forms import ReportForm
from .receipt import of_receipt

log = logging.getLogger("django.request")
NOBODY = "reporter"
known: list[Organisation] = []  # the organisation as last read, for when the database is away


def who(request: HttpRequest) -> Actor:
    """Who reports: whoever is logged in and may, else nobody."""
    found = actor(request)
    return found if may(found, "create") else Actor.reporter(found.at)


def records_for_others(by: Actor) -> bool:
    """Whether `by` types in what came by telephone, by e-mail or on paper."""
    try:
        permit("event.recorded_for_another", scope=Scope(""), by=by)
    except PermissionDenied:
        return False
    return True


def form_of(request: HttpRequest, by: Actor) -> ReportForm:
    empty = request.method in {"GET", "HEAD"}
    sent: list[Any] = [] if empty else [request.POST, request.FILES]
    staff = by.person is not None
    return ReportForm(
        *sent, at=timezone.now(), staff=staff, records=staff and records_for_others(by)
    )


def unit_of(request: HttpRequest) -> Unit | None:
    """The unit of the short link, else that of whoever is logged in; a wrong one is nobody's."""
    named = request.POST.get("unit") or request.GET.get("unit", "")
    found = Unit.objects.filter(closed_at=None)
    if named.isascii() and named.isdigit() and len(named) < 10:
        return found.filter(pk=int(named)).first()
    user = request.user
    return found.filter(pk=user.unit_id).first() if isinstance(user, Person) else None


@csrf_exempt
@public
def create(request: HttpRequest) -> HttpResponse:
    """The form, and the receipt when it has been sent."""
    uploads.expect(request)
    try:
        if request.method in {"GET", "HEAD"}:
            return empty(request)
        return guarded(request) if request.user.is_authenticated else send(request)
    except RequestDataTooBig:
        return render(request, "report/too_big.html", status=413)
    except NotSetUp:
        return unavailable(request)
    except (DatabaseError, OSError) as fault:
        if not is_outage(fault):  # a fault of ours: the operator must know, the text stays
            log.exception("a report could not be taken in")
        return unavailable(request)


@gzip_page  # not the receipt: its code must not be guessed from its length
def empty(request: HttpRequest) -> HttpResponse:
    by = who(request)
    return draw(request, form_of(request, by), by)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    by = who(request)
    form = form_of(request, by)
    if request.POST.get("as", NOBODY) != by.key:
        form.add_error(None, other_person(by))
        return again(request, form, by)
    try:
        if not form.is_valid():
            count_upload(caller(request), form.new_bytes())
            form.hold_files()
            return again(request, form, by)
        return store(request, form, by)
    except TooOften as often:
        form.add_error(None, too_often(often))
        answer = again(request, form, by, status=429)
        answer.headers["Retry-After"] = str(often.seconds)
        return answer
    except SentOtherwiseBefore:
        form.add_error(None, sent_before())
        return again(request, form, by, status=409, once=new_secret())


guarded: Callable[[HttpRequest], HttpResponse] = csrf_protect(send)


def store(request: HttpRequest, form: ReportForm, by: Actor) -> HttpResponse:
    count_report(caller(request))
    count_upload(caller(request), form.new_bytes())
    unit = unit_of(request)
    sent = form.report(unit=unit.pk if unit else None)
    form.refuse_unstored()
    sender = Actor.reporter(by.at) if form.cleaned_data.get("nameless") else by
    files = form.cleaned_data.get("files", [])
    return of_receipt(request, report(sent, files=files, by=sender, at=form.at), sent, files)


def draw(
    request: HttpRequest, form: ReportForm, by: Actor, *, status: int = 200, once: str = ""
) -> HttpResponse:
    known[:] = [found] if (found := framed(by.at)) else []
    unit = unit_of(request)
    context = {
        **page_of(form, once or request.POST.get("once") or new_secret()),
        "sender": by,
        "unit": unit,
        "card": inherited(unit) if unit else None,
        "documents": documents("report", inside=by.person is not None),
    }
    return render(request, "report/form.html", context, status=status)


def page_of(form: ReportForm, once: str) -> dict[str, Any]:
    return {
        "form": form,
        "once": once,
        "organisation": known[0] if known else None,
        "section": "report",
        "privacy": parameter("report.privacy").at(form.at).value,
        "summary": _("The report has not been sent yet"),
    }


def again(
    request: HttpRequest, form: ReportForm, by: Actor, *, status: int = 422, once: str = ""
) -> HttpResponse:
    """The form with all that was written, and what hinders it."""
    return draw(request, form, by, status=status, once=once)


def csrf_failed(request: HttpRequest) -> HttpResponse:
    """The proof that the form is ours was too old: the same form with a fresh one."""
    by = who(request)
    form = form_of(request, by)
    form.add_error(None, _("The form was too old. Everything you wrote is here: send it again."))
    form.hold_files()
    return again(request, form, by, status=403)


create.on_csrf_failure = csrf_failed  # type: ignore[attr-defined]  # read by web.errors.csrf


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database or the disk does not answer: say what to do, and keep the text."""
    nobody = Actor.reporter(timezone.now())
    form = ReportForm(request.POST, at=nobody.at)
    form.add_error(None, _("The system is down or its disk is full, so nothing could be stored."))
    form.add_error(None, _("Call if it is urgent. Otherwise wait a minute and send again."))
    context = page_of(form, request.POST.get("once") or new_secret())
    context |= {"sender": nobody, "reader": nobody, "may": {}}
    answer = render(request, "report/form.html", context, status=503)
    answer.headers["Retry-After"] = "60"
    return answer


def other_person(by: Actor) -> str:
    if by.person is None:
        return _("You are no longer logged in. Send again to report without your name.")
    return _("You are logged in as %(name)s. Send again to report in that name.") % {
        "name": by.name
    }


def too_often(often: TooOften) -> str:
    words = _("Very many reports come from your network just now. Wait %(minutes)s min, or call.")
    return words % {"minutes": -(-often.seconds // 60)}


def sent_before() -> str:
    return _(
        "You have sent this form before, with another text. Send again to make it a new report."
    )
