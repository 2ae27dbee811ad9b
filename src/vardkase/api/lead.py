"""Who leads a case over HTTP: handed to the crisis organisation, taken, handed back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.communication.models import Handover
from vardkase.communication.queries import handovers, lead
from vardkase.events.queries import event
from vardkase.workflow import lead as verbs

from .actions import responsible
from .door import actor, needs, once
from .fields import Id, Key, Told
from .problems import FAULTS

router = Router(tags=["step 3: lead"])


class HandoverOut(Schema):
    """`entries` is how long the log was, `frozen` what was known and decided just then."""

    id: int = Field(validation_alias="pk")
    to_crisis: bool
    person: int = Field(validation_alias="person_id")
    state: str
    entries: int
    frozen: dict[str, Any]
    at: datetime
    by: str
    taken_at: datetime | None
    taken_by: str
    ended_at: datetime | None


class LeadOut(Schema):
    with_crisis: bool = Field(description="Whether the crisis organisation leads now.")
    handovers: list[HandoverOut] = Field(description="Newest first.")


class LeadIn(Schema):
    to_crisis: bool
    state: Told
    person: Id | None = Field(None, description="Left out: the first in line is asked.")


@router.get("/events/{number}/lead", response={200: LeadOut, **FAULTS})
@needs("read")
def index(request: HttpRequest, number: str) -> dict[str, Any]:
    """Who leads the case, and how the lead has gone."""
    case = event(actor(request), number)
    return {"with_crisis": lead(case).is_with_crisis, "handovers": list(handovers(case))}


@router.post("/events/{number}/lead", response={201: HandoverOut, **FAULTS})
@needs("assign")
def hand_over(request: HttpRequest, number: str, body: LeadIn, key: Key = None) -> Status[Handover]:
    """Offer the lead; it passes when the receiver, or the next in line, takes it."""
    by, at = actor(request), timezone.now()
    case, to = event(by, number, "assign"), responsible(body.person) if body.person else None
    made = verbs.hand_over(
        case, body.state, to_crisis=body.to_crisis, to=to, by=by, at=at, once=once(by, key)
    )
    return Status(201, made)


@router.post("/events/{number}/lead/take", response={200: HandoverOut, **FAULTS})
@needs("comment")
def take(request: HttpRequest, number: str) -> Handover:
    """Take the lead that was offered."""
    by = actor(request)
    return verbs.take(event(by, number, "comment"), by=by, at=timezone.now())
