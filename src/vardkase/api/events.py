"""Step 1 over HTTP: report, list, read."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints, model_validator

from vardkase.access.actor import Actor
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.events.search import LONGEST, search
from vardkase.lib.paging import Page
from vardkase.workflow.rates import count_report
from vardkase.workflow.report import Receipt, report

from .auth import anyone, caller
from .door import needs, once, public
from .fields import Key, Limit, Line, Past, Text, Told
from .problems import FAULTS

type State = Literal[
    "unassessed",
    "waiting",
    "possible_incident",
    "confirmed_incident",
    "not_incident",
    "merged",
    "closed",
]
type Kind = Literal[
    "incident", "near_miss", "vulnerability", "oral_disclosure", "paper_or_media", "other"
]
type ReporterKind = Literal["staff", "supplier", "other", "anonymous"]
type Source = Literal[
    "monitoring", "network_monitoring", "log_analysis", "staff", "support", "user", "external"
]
type Question = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
type Reference = Annotated[Line, StringConstraints(max_length=100)]
type UnitId = Annotated[int, Field(ge=1, lt=2**63)]
type Asked = Annotated[str, StringConstraints(max_length=LONGEST)]

router = Router(tags=["step 1: report"])


class ReportIn(Schema):
    """A report: only `what` is needed. Times carry their offset and have been."""

    what: Told
    event_kind: Kind = "incident"
    answers: dict[Question, list[Text]] = Field(
        default_factory=dict, max_length=60,
        description="Answers to the questions of the form, by the question's id: their codes, or "
        "free text. An answer that is not offered is kept as it is.",
    )  # fmt: skip
    system: Line = ""
    discovered_at: Past | None = None
    happened_at: Past | None = None
    reporter_kind: ReporterKind = "anonymous"
    source: Source = "user"
    contact: Line = ""
    reference: Reference = Field("", description="The sender's own number of the matter.")
    unit: UnitId | None = Field(None, description="Left out, the report lies at the root.")
    on_behalf_of: Line = Field("", description="For whom; takes a token that records for others.")
    reported_at: Past | None = Field(
        None, description="When it first came in, by telephone or on paper; with `on_behalf_of`."
    )

    @model_validator(mode="after")
    def early_only_for_another(self) -> Self:
        if self.reported_at and not self.on_behalf_of:
            raise ValueError("reported_at goes with on_behalf_of: say whom the report came from")
        return self

    def report(self, *, once: str) -> Report:
        said = self.model_dump(exclude={"event_kind"})
        answers = said.pop("answers")
        if "event_kind" in self.model_fields_set:
            answers.setdefault("event_kind", [self.event_kind])
        if self.system.strip():
            answers.setdefault("system", [self.system])
        if "external_source" in answers and "source" not in self.model_fields_set:
            said["source"] = "external"
        return Report(**said, kind=self.event_kind, answers=answers, once=once)


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
def create(request: HttpRequest, body: ReportIn, key: Key = None) -> Status[Receipt]:
    """Report an event. The code is shown once: with it the reporter follows the case.

    With an `Idempotency-Key` (16 characters or more that nobody else can guess) the same report
    sent again gets the same answer and is stored once.
    """
    by: Actor = request.auth  # type: ignore[attr-defined]
    count_report(caller(request))
    return Status(201, report(body.report(once=once(by, key)), by=by, at=timezone.now()))


@router.get("/events/{number}", response={200: EventOut, **FAULTS})
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
