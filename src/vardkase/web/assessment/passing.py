"""When one cannot judge alone: merge cases, refer to one who knows, ask the reporter."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vardkase.access.actor import Actor
from vardkase.assessment import queries, words
from vardkase.assessment.models import Merge
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.events.queries import messages as letters
from vardkase.organisation.models import Person, Team, Unit
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.report.shown import topics
from vardkase.workflow import assess as step

from .forms import MergeForm, ReferForm, SayForm

ALIKE = 10  # cases proposed to merge with


@needs("assess")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Join the report with another case; likely ones are proposed."""
    reader = actor(request)
    case = event(reader, number, "assess")
    form, status = MergeForm(request.POST or None), 422
    if request.method == "POST" and form.is_valid() and (into := target(reader, form)):
        try:
            step.merge(case, into, reason=form.cleaned_data["reason"], by=reader, at=timezone.now())
        except step.Refused as refused:
            form.add_error("into", words.refusal(refused.code))
            status = 409
        else:
            told = _("%(number)s now feeds %(into)s. Its words are kept.")
            messages.success(
                request, told % {"number": number, "into": into.number}, extra_tags="ok"
            )
            return redirect("queue")
    shown = {
        "case": case,
        "form": form,
        "alike": queries.alike(reader, case)[:ALIKE],
        "feeds": queries.feeds(reader, case),
        "merged_here": queries.merged_here(reader, case),
        "section": "queue",
    }
    return render(request, "assessment/merge.html", shown, status=status if form.errors else 200)


def target(reader: Actor, form: MergeForm) -> Event | None:
    """The case that the form names; a hidden one is told of as one that never was."""
    try:
        return event(reader, form.cleaned_data["into"].strip(), "assess")
    except (ObjectDoesNotExist, PermissionDenied):
        form.add_error("into", _("There is no such case, or it is not yours to assess."))
    return None


@needs("assess")
@require_POST
def unmerge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Undo a merge of this report."""
    reader = actor(request)
    case = event(reader, number, "assess")
    found = Merge.objects.select_related("event__unit", "into__unit").get(pk=pk, event=case)
    try:
        step.unmerge(found, by=reader, at=timezone.now())
    except step.Refused as refused:
        messages.warning(request, words.refusal(refused.code), extra_tags="warn")
    return redirect("merge", number)


@needs("assign")
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Transfer the assessment to a person, a team or a unit, with a time to answer by."""
    reader, at = actor(request), timezone.now()
    case = event(reader, number, "assign")
    form, status = ReferForm(request.POST or None), 422
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            step.refer(
                case,
                recipient(said["to"]),
                question=said["question"],
                due_at=said["due_at"],
                by=reader,
                at=at,
            )
        except step.Refused as refused:
            form.add_error("due_at" if "due" in refused.code else "to", words.refusal(refused.code))
            status = 409
        else:
            messages.success(request, _("The question is sent."), extra_tags="ok")
            return redirect("referred")
    shown = {
        "case": case,
        "form": form,
        "referrals": queries.referrals(case),
        "at": at,
        "section": "queue",
    }
    return render(request, "assessment/refer.html", shown, status=status if form.errors else 200)


def recipient(chosen: str) -> step.Recipient:
    """Whom a choice such as `team-3` names."""
    kind, _dash, pk = chosen.partition("-")
    if kind == "person":
        return step.Recipient(person=Person.objects.get(pk=pk))
    if kind == "team":
        return step.Recipient(team=Team.objects.get(pk=pk))
    return step.Recipient(unit=Unit.objects.get(pk=pk))


@needs("comment")
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What the one who was asked must know to answer, and the field for it."""
    reader = actor(request)
    case = event(reader, number, "comment")
    referral = queries.referral(case, pk)
    form, status = SayForm(request.POST or None, label=_("Your answer")), 422
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["text"]
            step.answer_referral(referral, text, by=reader, at=timezone.now())
        except step.Refused as refused:
            form.add_error(None, words.refusal(refused.code))
            status = 409
        else:
            messages.success(request, _("Your answer is saved."), extra_tags="ok")
            return redirect("referred")
    shown = {
        "case": case,
        "referral": referral,
        "topics": topics(case),
        "form": form,
        "section": "queue",
    }
    return render(request, "assessment/answer.html", shown, status=status if form.errors else 200)


@needs("comment")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the reporter; the event waits for the answer."""
    reader = actor(request)
    case = event(reader, number, "comment")
    form = SayForm(request.POST or None, label=_("Question to the reporter"))
    if request.method == "POST" and form.is_valid():
        step.ask_reporter(case, form.cleaned_data["text"], by=reader, at=timezone.now())
        messages.success(
            request, _("The question is sent. The event waits for the answer."), extra_tags="ok"
        )
        return redirect("queue")
    shown = {"case": case, "form": form, "letters": letters(case), "section": "queue"}
    return render(request, "assessment/ask.html", shown, status=422 if form.errors else 200)
