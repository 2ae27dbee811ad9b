"""Step 1 over HTTP: report, list, read."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from vardkase.access.actor import Actor
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.paging import Page
from vardkase.workflow.report import Receipt, report

from .auth import anyone
from .door import needs, public
from .fields import Limit, Line, Text
from .problems import Problem

router = Router(tags=["step 1: report"])
FAULTS = {400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem, 429: Problem}


class ReportIn(Schema):
    what: Text
    system: Line = ""


class ReportOut(Schema):
    number: str
    code: str


class EventOut(Schema):
    number: str
    state: str
    title: str
    what: str
    system: str
    reported_at: datetime
    priority: int
    care_harm: bool


class EventPage(Schema):
    items: list[EventOut]
    next: str | None


@router.post("/reports", auth=anyone, response={201: ReportOut, **FAULTS})
@public
def create(request: HttpRequest, body: ReportIn) -> Status[Receipt]:
    """Report an event. The code is shown once: with it the reporter follows the case."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    return Status(201, report(Report(**body.model_dump()), by=by, at=timezone.now()))


@router.get("/events/{number}", response={200: EventOut, 404: Problem, **FAULTS})
@needs("read")
def detail(request: HttpRequest, number: str) -> Event:
    """One event."""
    return queries.event(request.auth, number)  # type: ignore[attr-defined]


@router.get("/events", response={200: EventPage, **FAULTS})
@needs("read")
def index(request: HttpRequest, state: str = "", after: str = "", limit: Limit = 50) -> Page[Event]:
    """Events that the token may read, newest first; with `state=unassessed` the queue's order."""
    rows = queries.events(request.auth)  # type: ignore[attr-defined]
    order = queries.NEWEST
    if state:
        rows = rows.filter(state=state)
    if state == Event.State.UNASSESSED:
        order = queries.QUEUE
    return Page.of(rows, order, after=after or None, limit=limit)
