"""Those who are told personally, over HTTP: numbers out, people in; no list ever leaves here."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.communication.affected import MOST, One, totals
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.lib.paging import Order, Page
from vardkase.workflow import affected as verbs
from vardkase.workflow.four_eyes import do

from .door import actor, needs, once
from .fields import Cursor, Key, Limit, Line, Number, Told
from .problems import FAULTS

router = Router(tags=["step 3: communication"])

BY_NUMBER = Order(("pk",))

type Personal = Literal["data_subjects", "service_recipients", "users"]
type Name = Annotated[Told, Field(max_length=200)]
type Safe = Annotated[Line, Field(max_length=200)]


class TotalsOut(Schema):
    """Names nobody. `hidden` have protected identities; without a list only `number` is known."""

    audience: str
    number: int
    reached: int
    sent: int
    returned: int
    waiting: int
    hidden: int
    listed: bool
    beyond: int = Field(description="Of the number, counted but not on the list.")


class PersonIn(Schema):
    name: Name
    address: Line = ""
    protected: bool = Field(description="Protected identity: reached by `safe_way` alone.")
    safe_way: Safe = ""


class PeopleIn(Schema):
    audience: Personal
    people: list[PersonIn] = Field(min_length=1, max_length=MOST)


class CountIn(Schema):
    audience: Personal
    number: int = Field(ge=0, le=100_000_000)


class ContactIn(Schema):
    channel: Literal["mail", "letter", "telephone", "meeting", "safe"]
    outcome: Literal["sent", "returned", "reached"]
    proof: Line = Field("", description="What proves it; no personal data.")


class ProtectIn(Schema):
    safe_way: Annotated[Safe, Field(min_length=1)]


class AllIn(Schema):
    audience: Personal
    channel: Literal["mail", "letter", "telephone", "meeting"]
    proof: Line = Field("", description="What proves it; no personal data.")


class EraseIn(Schema):
    reason: Annotated[Told, Field(max_length=500)] = Field(description="By which decision.")


class OneOut(Schema):
    """Somebody on the list, by a number that names nobody."""

    id: int = Field(validation_alias="pk")
    audience: str
    outcome: Literal["waiting", "sent", "returned", "reached"]
    protected: bool


class ListOut(Schema):
    items: list[OneOut]
    next: str | None


def told(case: Event) -> list[Any]:
    return totals(case)


@router.get("/events/{number}/affected", response={200: list[TotalsOut], **FAULTS})
@needs("affected")
def index(request: HttpRequest, number: str) -> list[Any]:
    """How many of each audience, and how it went."""
    return told(event(actor(request), number, "affected"))


@router.get("/events/{number}/affected/people", response={200: ListOut, **FAULTS})
@needs("affected")
def people(
    request: HttpRequest, number: str, after: Cursor | None = None, limit: Limit = 100
) -> Any:
    """Who is left to reach, by number alone: the names are on the page."""
    rows = event(actor(request), number, "affected").affected.filter(erased_at=None)
    return Page.of(rows, BY_NUMBER, after=after, limit=limit)


@router.post("/events/{number}/affected", response={201: list[TotalsOut], **FAULTS})
@needs("affected")
def enlist(request: HttpRequest, number: str, body: PeopleIn, key: Key = None) -> Status[Any]:
    """Add people to the list."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected")
    people = [One(**row.model_dump()) for row in body.people]
    verbs.enlist(case, body.audience, people, by=by, at=at, once=once(by, key))
    return Status(201, told(case))


@router.post("/events/{number}/affected/number", response={201: list[TotalsOut], **FAULTS})
@needs("affected")
def count(request: HttpRequest, number: str, body: CountIn, key: Key = None) -> Status[Any]:
    """Say how many, where no list is kept."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected")
    verbs.count(case, body.audience, body.number, by=by, at=at, once=once(by, key))
    return Status(201, told(case))


@router.post("/events/{number}/affected/{pk}/contact", response={201: list[TotalsOut], **FAULTS})
@needs("affected")
def reach(
    request: HttpRequest, number: str, pk: Number, body: ContactIn, key: Key = None
) -> Status[Any]:
    """How one person was contacted, and how it went."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected")
    row = case.affected.select_related("event__unit").get(pk=pk)
    verbs.reach(row, by=by, at=at, once=once(by, key), **body.model_dump())
    return Status(201, told(case))


@router.post("/events/{number}/affected/{pk}/protect", response={201: list[TotalsOut], **FAULTS})
@needs("affected")
def protect(
    request: HttpRequest, number: str, pk: Number, body: ProtectIn, key: Key = None
) -> Status[Any]:
    """Mark a protected identity, and the one way by which it is reached."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected")
    row = case.affected.select_related("event__unit").get(pk=pk, erased_at=None)
    verbs.protect(row, body.safe_way, by=by, at=at, once=once(by, key))
    return Status(201, told(case))


@router.post("/events/{number}/affected/all", response={201: list[TotalsOut], **FAULTS})
@needs("affected")
def reach_all(request: HttpRequest, number: str, body: AllIn, key: Key = None) -> Status[Any]:
    """Everybody not contacted yet was sent it so, but for protected identities."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected")
    verbs.reach_all(case, by=by, at=at, once=once(by, key), **body.model_dump())
    return Status(201, told(case))


@router.post("/events/{number}/affected/erasure", response={201: list[TotalsOut], **FAULTS})
@needs("affected_protected")
def erase(request: HttpRequest, number: str, body: EraseIn, key: Key = None) -> Status[Any]:
    """Names, addresses and proofs go; the numbers stay. Where policy wants two persons (409), a
    person asks for it on the page."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "affected_protected")
    terms = {"number": case.number, "reason": body.reason}
    do("affected.erased", terms, by=by, at=at, once=once(by, key))
    return Status(201, told(case))
