"""A service desk hands over a ticket: a short form that its own system may fill in by a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.access.actor import Scope
from vardkase.access.rules import allowed
from vardkase.decisionlog.services import permit
from vardkase.events.rules import Report
from vardkase.lib.changes import Refused
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.forms import hang, status
from vardkase.web.words import local
from vardkase.workflow.tickets import Handed, hand_over

from . import fields


class TicketForm(forms.Form):
    """What the desk knows: its number and what was told; the rest is asked later."""

    desk = forms.ChoiceField(label=gettext_lazy("Service desk"))
    ticket = forms.CharField(label=gettext_lazy("Ticket number"), max_length=100)
    what = fields.text(label=gettext_lazy("What has happened?"), rows=5)
    system = forms.CharField(
        label=gettext_lazy("System, equipment or place"), required=False, max_length=300
    )
    reporter = forms.CharField(
        label=gettext_lazy("Who told the service desk?"), required=False, max_length=300
    )
    contact = forms.CharField(
        label=gettext_lazy("How to reach the reporter"), required=False, max_length=300
    )
    reported_at = fields.Moment(label=gettext_lazy("When was it told?"), required=False)

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        desks = [(row["code"], local(row)) for row in parameter("report.desks").at(at).value]
        self.fields["desk"].choices = desks  # type: ignore[attr-defined]

    def handed(self) -> Handed:
        return Handed(self.cleaned_data["desk"], self.cleaned_data["ticket"])

    def report(self) -> Report:
        said = self.cleaned_data
        return Report(
            what=said["what"],
            answers={"system": [said["system"]]} if said["system"] else {},
            system=said["system"],
            on_behalf_of=said["reporter"],
            contact=said["contact"],
            reported_at=said["reported_at"],
            reporter_kind="staff",
        )


@needs("create")
def create(request: HttpRequest) -> HttpResponse:
    """The form, filled in as the link says; then the event, the first one if it came before."""
    by, at = actor(request), timezone.now()
    permit("ticket.handed_over", scope=Scope(""), by=by)
    names = TicketForm.base_fields
    first = {name: text[:1000] for name, text in request.GET.items() if name in names}
    form = TicketForm(request.POST or None, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = hand_over(form.handed(), form.report(), by=by, at=at)
        except Refused as refused:
            hang(refused, form)
        else:
            sees = allowed(by, "read", made.event.scope())
            shown = {"made": made, "ticket": form.cleaned_data["ticket"], "sees": sees}
            return render(request, "report/handed_over.html", shown)
    shown = {
        "form": form,
        "title": _("Hand over a ticket"),
        "button": _("Hand over"),
        "back": "/rapportera",
        "hint": _("The same number again shows the case that it became the first time."),
    }
    return render(request, "organisation/form.html", shown, status=status(form))


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket in words, with the way back to it in the desk's own system, if policy knows one."""

    desk: str
    number: str
    link: str


def linked(tickets: Iterable[Any], at: datetime) -> list[Linked]:
    desks = {row["code"]: row for row in parameter("report.desks").at(at).value}
    return [
        Linked(
            local(desks[one.desk]) if one.desk in desks else one.desk,
            one.number,
            address(desks.get(one.desk, {}).get("link", ""), one.number),
        )
        for one in tickets
    ]


def address(link: str, number: str) -> str:
    """Where the ticket lies; only where browsers go without harm."""
    if not link.startswith(("https://", "http://")):
        return ""
    return link.replace("{ticket}", quote(number, safe=""))
