"""Step 1 over HTTP: report, list, read."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import StringConstraints

from vardkase.access.actor import Actor
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.events.search import LONGEST, search
from vardkase.lib.paging import Page
from vardkase.workflow.report import Receipt, report

from .auth import anyone
from .door import needs, public
from .fields import Limit, Line, Text
from .problems import Problem

type State = Literal[
    "unassessed",
    "waiting",
    "possible_incident",
    "confirmed_incident",
    "not_incident",
    "merged",
    "closed",
]
type Asked = Annotated[str, StringConstraints(max_length=LONGEST)]

router = Router(tags=["step 1: report"])
FAULTS = {400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem, 429: Problem}


class ReportIn(Schema):
    what: Text
    system: Line = ""


class ReportOut(Schema):
    number: str
    code: str


class SuggestionOut(Schema):
    """What the reporter's answers point to, each step with its reason; never a decision."""

    impact: int | None = None
    urgency: int | None = None
    care_harm: bool
    priority: int
    reasons: list[dict[str, str]]


class EventOut(Schema):
    number: str
    state: str
    title: str
    what: str
    system: str
    reported_at: datetime
    priority: int
    care_harm: bool
    category: str
    suggestion: SuggestionOut | None

    @staticmethod
    def resolve_suggestion(event: Event) -> dict[str, Any] | None:
        return event.suggestion or None  # an imported event has none


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
def index(
    request: HttpRequest, state: State | None = None, q: Asked = "", after: str = "",
    limit: Limit = 50,
) -> Page[Event]:  # fmt: skip
    """Events that the token may read, newest first; with `state=unassessed` the queue's order.

    `q` is a number, words, or a part of a title.
    """
    reader: Actor = request.auth  # type: ignore[attr-defined]
    rows = search(reader, q) if q else queries.events(reader)
    if state:
        rows = rows.filter(state=state)
    order = queries.QUEUE if state == "unassessed" else queries.NEWEST
    return Page.of(rows, order, after=after or None, limit=limit)
