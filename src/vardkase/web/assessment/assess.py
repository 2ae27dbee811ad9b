"""Judging one event: the form, a look at the priority, one confirmation, the decision."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.access.actor import Actor
from vardkase.assessment import queries, rules, words
from vardkase.assessment.ground import Ground
from vardkase.assessment.models import Assessment
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.words import local
from vardkase.workflow import assess as step

from .case import facts
from .forms import AssessmentForm, QueueFilter
from .shown import judged

OF_A_DRAFT = {"give_reason", "choose_outcome", "choose_cell"}  # not missed before one decides
NOT_KEPT = {"csrfmiddlewaretoken", "outcome", "confirm"}


@needs("assess")
def assess(request: HttpRequest, number: str) -> HttpResponse:
    """The page, and what its buttons do. A button without an outcome decides nothing."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "assess")
    if request.method != "POST":
        return page(request, case, at)
    form = AssessmentForm(request.POST, ground=Ground.at(at))
    if not form.is_valid():
        return page(request, case, at, form, status=422)
    judgement = form.judgement()
    priority, faults = step.preview(case, judgement, at=at)
    if not judgement.outcome:
        found = [fault for fault in faults if fault.code not in OF_A_DRAFT]
        form.refuse(found)
        return page(request, case, at, form, draft=True, priority=told(priority))
    if faults:
        form.refuse(faults)
        return page(request, case, at, form, status=422)
    if unconfirmed(request, judgement, priority, at):
        return confirm(request, case, judgement, priority)
    return decide(request, case, form, judgement, by=reader, at=at)


def decide(
    request: HttpRequest,
    case: Event,
    form: AssessmentForm,
    judgement: rules.Judgement,
    *,
    by: Actor,
    at: datetime,
) -> HttpResponse:
    expected = form.cleaned_data["expected"]
    try:
        made = step.assess(case, judgement, by=by, at=at, expected=expected)
    except step.Conflict as conflict:
        return overtaken(request, case, at, form, conflict.latest)
    except step.Refused as refused:
        form.add_error(None, words.refusal(refused.code))
        return page(request, case, at, form, status=409)
    messages.success(request, summary(case, made), extra_tags="ok")
    return redirect(f"{reverse('queue')}?{back(request)}")


def page(
    request: HttpRequest,
    case: Event,
    at: datetime,
    form: AssessmentForm | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown = facts(actor(request), case, at, form)
    shown |= {"back": back(request), "section": "queue", "form": form, **more}
    return render(request, "assessment/assess.html", shown, status=status)


def unconfirmed(
    request: HttpRequest,
    judgement: rules.Judgement,
    priority: rules.Priority | None,
    at: datetime,
) -> bool:
    """Whether this priority passes the one confirmation page, and has not passed it yet."""
    if priority is None or not judgement.is_incident:
        return False
    asked: list[int] = parameter("priority.confirm").at(at).value
    return priority.value in asked and request.POST.get("confirm") != str(priority.value)


def confirm(
    request: HttpRequest,
    case: Event,
    judgement: rules.Judgement,
    priority: rules.Priority | None,
) -> HttpResponse:
    shown = {
        "case": case,
        "priority": told(priority),
        "outcome": Assessment.Outcome(judgement.outcome),
        "kept": kept(request.POST, *NOT_KEPT),
        "section": "queue",
    }
    return render(request, "assessment/confirm.html", shown)


def overtaken(
    request: HttpRequest, case: Event, at: datetime, form: AssessmentForm, latest: Assessment
) -> HttpResponse:
    """Somebody decided meanwhile: both versions stand side by side, and nothing is lost."""
    case.refresh_from_db(fields=["state", "priority", "care_harm", "category"])
    judgement, reader = form.judgement(), actor(request)
    weighed, _faults = step.preview(case, judgement, at=at)
    known = queries.facts(case, form.ground)
    mine = Assessment.of(
        case, judgement, weighed, facts=known, ground=form.ground, by=reader.key, at=at
    )
    again = AssessmentForm(ground=form.ground, initial=form.cleaned_data | {"expected": latest.pk})
    shown = facts(reader, case, at, again) | {"back": back(request), "section": "queue"}
    shown["versions"] = [shown["history"][0], judged(mine, {reader.key: reader.name})]
    return render(request, "assessment/assess.html", shown, status=409)


def told(priority: rules.Priority | None) -> dict[str, Any] | None:
    """A priority for a page: the number, and the rules in the reader's words."""
    if priority is None:
        return None
    return {"value": priority.value, "rules": [local(rule) for rule in priority.rules]}


def kept(posted: QueryDict, *without: str) -> list[tuple[str, str]]:
    """What was filled in, to be carried through the confirmation page."""
    return [(name, text) for name, row in posted.lists() if name not in without for text in row]


def summary(case: Event, made: Assessment) -> str:
    said = {"number": case.number, "outcome": made.get_outcome_display()}
    if made.priority is None or made.outcome == Assessment.Outcome.NOT_INCIDENT:
        return _("%(number)s is assessed: %(outcome)s.") % said
    said["priority"] = str(made.priority)
    return _("%(number)s is assessed: %(outcome)s, priority %(priority)s.") % said


def back(request: HttpRequest) -> str:
    """The filter of the queue that one came from; what is no filter is dropped."""
    sent = request.POST.get("back", "") if request.method == "POST" else request.GET.urlencode()
    return urlencode(QueueFilter(QueryDict(sent), reader=actor(request)).chosen())
