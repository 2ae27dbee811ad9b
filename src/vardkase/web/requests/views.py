"""The pages of what waits for a second person: the list, one request, yes and no."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vardkase.decisionlog.eyes import rows
from vardkase.decisionlog.models import Request
from vardkase.decisionlog.requests import terms_of
from vardkase.incidents.words import refusal
from vardkase.lib.changes import Refused
from vardkase.organisation.account_queries import happenings
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.web.accounts.step_up import step_up
from vardkase.web.accounts.words import role_names, told
from vardkase.web.actor import actor
from vardkase.web.door import signed_in
from vardkase.web.forms import hang
from vardkase.web.incidents import dutywords
from vardkase.web.words import local
from vardkase.workflow import four_eyes
from vardkase.workflow.acting import NotNow

from .told import link_once

SECTION = "requests"


class WhyForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=500)


class SeenForm(forms.Form):
    """What the second person read on the page is what he confirms."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why can nobody else confirm it?"), max_length=500, required=False
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A request in words."""

    row: Request
    what: str
    about: str
    asker: str
    answerer: str


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what he has asked for, and what was answered of late."""
    reader, at = actor(request), timezone.now()
    waiting = four_eyes.mine(reader, at)
    mine = [row for row, where in waiting if where.second]
    asked = [row for row, where in waiting if not where.second]
    past = four_eyes.answered(reader, at)
    words = {told.row.pk: told for told in in_words([*mine, *asked, *past], at)}
    shown = {
        "waiting": [words[row.pk] for row in mine],
        "asked": [words[row.pk] for row in asked],
        "past": [words[row.pk] for row in past],
        "section": SECTION,
    }
    return render(request, "requests/list.html", shown)


@signed_in
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return draw(request, pk)


def draw(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
    """A request: what will be done, by whom it was asked, and what to look at before saying yes."""
    reader, at = actor(request), timezone.now()
    found = four_eyes.one(pk, reader, at)
    (words,) = in_words([found], at)
    waits = not found.answer and found.until > at
    person = Person.objects.select_related("unit").filter(pk=found.about or 0).first()
    where = four_eyes.standing(found, reader, at) if waits else None
    yes: SeenForm = more.get("yes") or SeenForm(initial={"digest": found.digest})
    yes.fields["reason"].required = where is not None and where.alone
    shown = {
        "told": words,
        "row": found,
        "waits": waits,
        "where": where,
        "facts": facts(found, at),
        "rule": rows(at).get(found.kind, {}),
        "person": person,
        "happenings": told(happenings(person, most=5)) if person else [],
        "yes": yes,
        "no": WhyForm(),
        "section": SECTION,
    }
    return render(request, "requests/one.html", shown | more, status=422 if more else 200)


@signed_in
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    found = four_eyes.one(pk, reader, at)
    if request.method != "POST":
        return redirect("request", pk)
    form = SeenForm(request.POST)
    if not form.is_valid() or form.cleaned_data["digest"] != found.digest:
        return draw(request, pk, yes=form)
    try:
        made = four_eyes.confirm(found, by=reader, at=at, reason=form.cleaned_data["reason"])
    except Refused as why:
        hang(why, form)
        return draw(request, pk, yes=form)
    except NotNow as why:
        form.add_error(None, refusal(why.code))
        return draw(request, pk, yes=form)
    if isinstance(made, str):
        return link_once(request, Person.objects.get(pk=found.about or 0), made)
    messages.success(request, _("Confirmed. It holds from now on."), "ok")
    return redirect("requests")


@signed_in
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    found = four_eyes.one(pk, reader, at)
    if request.method != "POST":
        return redirect("request", pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return draw(request, pk, no=form)
    try:
        four_eyes.decline(found, by=reader, at=at, reason=form.cleaned_data["reason"])
    except Refused as why:
        hang(why, form)
        return draw(request, pk, no=form)
    messages.success(request, _("Declined. Nothing was changed."), "ok")
    return redirect("requests")


def in_words(found: list[Request], at: datetime) -> list[Told]:
    keys = {key for row in found for key in (row.asked_by, row.answered_by, f"p{row.about}")}
    known, kinds = names(keys), rows(at)
    return [
        Told(
            row,
            local(kinds[row.kind]) if row.kind in kinds else row.kind,
            row.chain if row.about is None else known.get(f"p{row.about}", ""),
            known.get(row.asked_by, row.asked_by),
            known.get(row.answered_by, row.answered_by),
        )
        for row in found
    ]


def facts(found: Request, at: datetime) -> list[tuple[str, str]]:
    """What will be done, row by row, in the reader's words."""
    terms, shown = terms_of(found), list[tuple[str, str]]()
    labels = parameter("access.labels").at(at).value
    if "role" in terms:
        unit = Unit.objects.get(pk=terms["unit"])
        role: str = terms["role"]
        shown.append((_("Role"), role_names().get(role, role)))
        shown.append((_("Unit"), _("{unit} and below").format(unit=unit)))
    if "labels" in terms:
        cleared = ", ".join(local(labels.get(code, {})) or code for code in terms["labels"])
        shown.append((_("Labels"), cleared or _("none")))
    for name, words in (("since", _("From")), ("until", _("Until"))):
        if terms.get(name):
            shown.append((words, terms[name][:16].replace("T", " ")))
    if terms.get("second_factors"):
        shown.append((_("Also"), _("forget authenticator app, passkeys and recovery codes")))
    if "lifts" in terms:
        law = dutywords.step(f"{terms['regime']} {terms['step']}", at)
        shown += [(_("Secrecy that goes away"), terms["lifts"]), (_("The report"), law)]
        shown += [(_("Field"), terms["label"]), (_("What the report says"), terms["words"])]
    if terms.get("reason"):
        shown.append((_("Reason"), terms["reason"]))
    return shown
