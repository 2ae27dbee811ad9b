"""A service desk hands over its ticket (S2-031): an event, once for each number of each desk."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision, permit
from vardkase.events.models import Event, Ticket
from vardkase.events.rules import Report
from vardkase.lib.changes import Refused
from vardkase.policy.parameter import parameter

from .report import Receipt, report


@dataclass(frozen=True, slots=True)
class Handed:
    """Which desk hands over which of its tickets."""

    desk: str
    number: str

    def before(self) -> Receipt | None:
        """What became of it, if it has been handed over already; the code is not told again."""
        rows = Ticket.objects.filter(desk=self.desk, number__iexact=self.number)
        found = rows.select_related("event__unit").first()
        return Receipt(found.event.number, "", found.event, new=False) if found else None


def hand_over(handed: Handed, sent: Report, *, by: Actor, at: datetime) -> Receipt:
    """The event of the ticket, new or the one it became before. Raises `Refused`, and
    `PermissionDenied` before it says which."""
    permit("ticket.handed_over", scope=Scope(""), by=by)
    desks = {row["code"]: row["sv"] for row in parameter("report.desks").at(at).value}
    if handed.desk not in desks:
        raise Refused({"desk": _("Choose one of the service desks in the list.")})
    if before := handed.before():
        return before
    sent = replace(
        sent, source=Event.Source.SUPPORT, reference=handed.number,
        on_behalf_of=sent.on_behalf_of or desks[handed.desk],
    )  # fmt: skip
    try:
        return store(handed, sent, by=by, at=at)
    except IntegrityError:  # the same ticket is being handed over by another process
        if before := handed.before():
            return before
        raise


@transaction.atomic
def store(handed: Handed, sent: Report, *, by: Actor, at: datetime) -> Receipt:
    receipt = report(sent, by=by, at=at)
    with decision("ticket.handed_over", scope=receipt.event.scope(), by=by, at=at) as log:
        made = {"desk": handed.desk, "number": handed.number}
        Ticket.objects.create(event=receipt.event, **made, at=at, by=by.key)
        log.note(desk=handed.desk, ticket=handed.number)
    return receipt
