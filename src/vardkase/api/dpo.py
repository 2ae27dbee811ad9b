"""Material to the data protection officer over HTTP, its receipts, and his own opinion."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from vardkase.communication.models import Opinion, Package
from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.workflow import dpo

from .door import actor, needs, once
from .fields import Id, Key, Told
from .obligations import one_of
from .problems import FAULTS

router = Router(tags=["duties to report"])
SHOWN = 50  # packages and opinions of one case


class PackageReceipt(Schema):
    person: int = Field(validation_alias="person_id")
    received_at: datetime | None


class PackageOut(Schema):
    """`content` is the report to the authority as it stood then."""

    id: int = Field(validation_alias="pk")
    content: dict[str, Any]
    digest: str
    at: datetime
    by: str
    receipts: list[PackageReceipt]

    @staticmethod
    def resolve_receipts(row: Package) -> list[Any]:
        return list(row.receipts.all())


class OpinionOut(Schema):
    text: str
    at: datetime
    by: str


class OfficerOut(Schema):
    packages: list[PackageOut]
    opinions: list[OpinionOut]


class PackageIn(Schema):
    entity: Id | None = None


class OpinionIn(Schema):
    text: Told


@router.get("/events/{number}/dpo", response={200: OfficerOut, **FAULTS})
@needs("read")
def index(request: HttpRequest, number: str) -> dict[str, Any]:
    """What was handed to the data protection officer, who has it, and what he thinks."""
    return handed(event(actor(request), number))


def handed(case: Event) -> dict[str, Any]:
    return {
        "packages": case.packages.prefetch_related("receipts").order_by("-pk")[:SHOWN],
        "opinions": case.opinions.order_by("-pk")[:SHOWN],
    }


@router.post("/events/{number}/dpo", response={201: PackageOut, **FAULTS})
@needs("inform")
def hand_over(
    request: HttpRequest, number: str, body: PackageIn, key: Key = None
) -> Status[Package]:
    """Hand over the material as it stands now."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "inform")
    who = one_of(case, body.entity)
    return Status(201, dpo.hand_over(case, entity=who, by=by, at=at, once=once(by, key)))


@router.post("/events/{number}/dpo/receipt", response={201: OfficerOut, **FAULTS})
@needs("comment")
def receive(request: HttpRequest, number: str, key: Key = None) -> Status[Any]:
    """The person who made the token has received what was handed to him."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "comment")
    dpo.receive(case, by=by, at=at, once=once(by, key))
    return Status(201, handed(case))


@router.post("/events/{number}/dpo/opinion", response={201: OpinionOut, **FAULTS})
@needs("comment")
def opine(request: HttpRequest, number: str, body: OpinionIn, key: Key = None) -> Status[Opinion]:
    """The officer's own opinion, kept beside what is decided."""
    by, at = actor(request), timezone.now()
    case = event(by, number, "comment")
    return Status(201, dpo.opine(case, body.text, by=by, at=at, once=once(by, key)))
