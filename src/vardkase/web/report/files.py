"""Files of a case, for those who may read evidence: never shown inline, and each reading logged."""

from typing import cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from vardkase.decisionlog.services import record_read
from vardkase.events import queries
from vardkase.lib.files import Altered, Missing, checked, safe_name
from vardkase.web.actor import actor
from vardkase.web.door import needs

SANDBOX = "sandbox; default-src 'none'"


@needs("evidence_read")
@require_safe
def download(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The bytes as they came, if they still are the same."""
    by, at = actor(request), timezone.now()
    case = queries.event(by, number, "evidence_read")
    attachment = queries.attachments(case).get(pk=pk)
    try:
        path = checked(settings.FILES, attachment.sha256)
    except (Missing, Altered) as fault:
        context = {"case": case, "attachment": attachment, "gone": isinstance(fault, Missing)}
        return render(request, "report/file_fault.html", context, status=409)
    facts = {"attachment": attachment.pk, "sha256": attachment.sha256}
    record_read("evidence.read", scope=case.scope(), by=by, at=at, **facts)
    answer = FileResponse(path.open("rb"), content_type="application/octet-stream")
    name = content_disposition_header(True, safe_name(attachment.name))
    answer.headers["Content-Disposition"] = name or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return cast(HttpResponse, answer)
