"""A service desk's system hands over its tickets (S2-031)."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field

from vardkase.events.rules import Report
from vardkase.workflow.report import Receipt
from vardkase.workflow.tickets import Handed, hand_over

from .door import actor, needs
from .fields import Code, Id, Line, Past, Told, refuse_blank
from .problems import FAULTS

type TicketNumber = Annotated[
    Line, Field(min_length=1, max_length=100), AfterValidator(refuse_blank)
]

router = Router(tags=["step 1: report"])


class TicketIn(Schema):
    desk: Code = Field(description="One of the service desks of policy `report.desks`.")
    ticket: TicketNumber
    what: Told
    system: Line = ""
    reporter: Line = Field("", description="Who told the service desk.")
    contact: Line = ""
    reported_at: Past | None = Field(None, description="When the service desk was told.")
    unit: Id | None = None

    def report(self) -> Report:
        return Report(
            what=self.what,
            answers={"system": [self.system]} if self.system.strip() else {},
            system=self.system,
            on_behalf_of=self.reporter,
            contact=self.contact,
            reported_at=self.reported_at,
            reporter_kind="staff",
            unit=self.unit,
        )


class TicketOut(Schema):
    number: str = Field(description="The case.")
    code: str = Field(description="For the reporter, the first time only.")
    new: bool = Field(description="False: the ticket had been handed over before.")


@router.post("/tickets", response={200: TicketOut, 201: TicketOut, **FAULTS})
@needs("create")
def create(request: HttpRequest, body: TicketIn) -> Status[Receipt]:
    """Hand over a ticket. The same number of the same desk again answers with the first case."""
    handed = Handed(body.desk, body.ticket.strip())
    made = hand_over(handed, body.report(), by=actor(request), at=timezone.now())
    return Status(201 if made.new else 200, made)
