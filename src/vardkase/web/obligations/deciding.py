"""Decisions to report or not, what was sent, and what the authority answered."""

from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.events.models import Event
from vardkase.obligations.models import Entity, Ruling, Submission
from vardkase.policy.regime_files import regimes
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.incidents import dutywords
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.workflow import oblige
from vardkase.workflow.duties import of_entity
from vardkase.workflow.planning import judged

from .forms import ReplyForm, RulingForm, SentForm
from .whose import whose

BACK = "/rapportering"


@needs("report_authority")
def decide(request: HttpRequest, number: str, regime: str) -> HttpResponse:
    """Report, or not, with a reason."""
    case = duty(request, number, regime)
    entity = whose(request, case)
    form = RulingForm(request.POST or None, initial={"signer": next(iter(entity.signing), "")})
    law = dutywords.regime_name(regime, case.received_at)
    heading = f"{_('Report or not?')} {law} ({entity})"
    again = partial(page, request, case, form, heading=heading, button=_("Decide"))
    if request.method != "POST" or not form.is_valid():
        return again()
    said = form.said("outcome", "reason", "of_authority", "signer", "number", "once")
    verb = partial(
        oblige.rule, case, regime, entity=entity, by=actor(request), at=timezone.now(), **said
    )
    return attempt(case, form, verb, again, to=BACK)


@needs("report_authority")
def sent(request: HttpRequest, number: str, regime: str, step: str) -> HttpResponse:
    """What was sent, when, by which way; the clock stops."""
    case, at = duty(request, number, regime), timezone.now()
    entity = whose(request, case)
    first = {"sent_at": at, "recipient": to_whom(case, entity, regime, step, at)}
    first["signer"] = who_signed(case, entity, regime)
    law = judged(case, entity, regime, at)
    past = oblige.goes_past(law, step, case, actor(request))
    signers = entity.signing if oblige.takes_signer(law, step, entity) else []
    form = SentForm(request.POST or None, initial=first, past=past, signers=signers)
    heading = f"{_('Report sent')}: {dutywords.step_name(step, regime, case.received_at)}"
    again = partial(page, request, case, form, heading=heading, button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return again()
    said = {k: v for k, v in form.cleaned_data.items() if k in oblige.Sent.__dataclass_fields__}
    who = said.pop("prepared_by")
    what = oblige.Sent(step=step, prepared_by=who.key if who else "", **said)
    verb = partial(
        oblige.record_sent, case, regime, what, entity=entity, by=actor(request), at=at,
        **form.said("once"),
    )  # fmt: skip
    return attempt(case, form, verb, again, to=BACK)


@needs("report_authority")
def reply(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What the authority answered to what was sent."""
    case = case_for(request, number, "report_authority")
    rows = Submission.objects.select_related("obligation__event__unit")
    made = get_object_or_404(rows, pk=pk, obligation__event=case)
    form = ReplyForm(request.POST or None)
    heading = _("The answer of {name}").format(name=made.recipient)
    again = partial(page, request, case, form, heading=heading, button=_("Save"))
    if request.method != "POST" or not form.is_valid():
        return again()
    verb = partial(
        oblige.record_reply, made, by=actor(request), at=timezone.now(),
        **form.said("text", "reference", "once"),
    )  # fmt: skip
    return attempt(case, form, verb, again, to=BACK)


def who_signed(case: Event, entity: Entity, regime: str) -> str:
    """Who signed the decision to report: proposed for the report too."""
    rows = Ruling.objects.filter(obligation__event=case, obligation__entity=entity.pk)
    last = rows.filter(obligation__regime=regime, of_authority=False).last()
    return last.signer if last else ""


def to_whom(case: Event, entity: Entity, regime: str, step: str, at: datetime) -> str:
    clocks = (
        c for one in of_entity(case, entity, at) if one.judgement.regime == regime
        for c in one.judgement.clocks if c.step.id == step
    )  # fmt: skip
    return next((c.recipient or "" for c in clocks if c.recipients), "")


def duty(request: HttpRequest, number: str, regime: str) -> Event:
    case = case_for(request, number, "report_authority")
    if regime not in regimes():
        raise Http404
    return case
