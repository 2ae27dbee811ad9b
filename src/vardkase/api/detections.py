"""Machines send what they saw, and whoever may reads it back in groups."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router, Schema
from ninja.security import HttpBearer
from pydantic import StringConstraints

from vardkase.access.actor import Actor
from vardkase.detections import queries
from vardkase.detections.models import Detection
from vardkase.detections.once import Once
from vardkase.detections.senders import (
    BadSignature,
    Sender,
    check_signature,
    sender,
    signing_key,
)
from vardkase.intake.batch import take_in
from vardkase.intake.registry import source as named
from vardkase.lib.paging import Page
from vardkase.policy.parameter import parameter

from .auth import refuse_large
from .door import needs
from .fields import Limit
from .problems import FAULTS

type Name = Annotated[str, StringConstraints(max_length=80)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$")]
Signature = Annotated[str | None, Header(alias="X-Vardkase-Signature", max_length=300)]

router = Router(tags=["detections"])
ANY: Any = {"schema": {}}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": ANY, "application/x-ndjson": ANY, "text/plain": ANY},
    }
}


class Sending(HttpBearer):
    """Makes `request.auth` the actor of the token, and remembers what it is bound to."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        refuse_large(request)
        found = sender(token, timezone.now())
        request.sender = found  # type: ignore[attr-defined]
        return found.actor if found else None


class Rejected(Schema):
    line: int
    error: str


class AnswerOut(Schema):
    """What became of a batch; `received` is the sum of the rest."""

    received: int
    new: int
    folded: int
    skipped: int
    set_aside: int
    rejected: list[Rejected]


class DetectionOut(Schema):
    fingerprint: str
    source: str
    kind: str
    title: str
    severity: str
    count: int
    first_at: datetime
    last_at: datetime
    rule: str
    source_host: str
    target_host: str
    user: str
    ref: str
    asset: str | None

    @staticmethod
    def resolve_fingerprint(row: Detection) -> str:
        return bytes(row.fingerprint).hex()

    @staticmethod
    def resolve_severity(row: Detection) -> str:
        return Detection.Severity(row.severity).name.lower()

    @staticmethod
    def resolve_asset(row: Detection) -> str | None:
        return row.asset.name if row.asset else None


class DetectionPage(Schema):
    items: list[DetectionOut]
    next: str | None


@router.post("/detections", auth=Sending(), response={200: AnswerOut, **FAULTS}, openapi_extra=BODY)
@needs("detections")
def send(
    request: HttpRequest, source: Name, key: Key = None, signature: Signature = None
) -> HttpResponse:
    """Send what a detector saw: a JSON object, a JSON array, JSON lines, or the lines themselves.

    At most 2,000 messages and 2 MB, packed with gzip or not. Everything is stored when the answer
    comes. With an `Idempotency-Key` the same batch sent again gets the same answer and is stored
    once. `source` is one of the names that the answer to a wrong one tells.
    """
    found: Sender = request.sender  # type: ignore[attr-defined]
    kind = named(source)
    found.may_send(source)
    body, at = request.body, found.actor.at
    if signature or found.signed:
        key = verified(found, signature or "", body)
    once = Once.of(found.actor.key, key, source=source, body=body) if key else None
    answer = take_in(kind, body, received_at=at, once=once)
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def verified(found: Sender, signature: str, body: bytes) -> str:
    """The key of a signed batch: of its signature, so that a copied one sends nothing twice."""
    if not signature:
        raise BadSignature("Sign the body: X-Vardkase-Signature: t=SECONDS,v1=HEX.")
    actor = found.actor
    slack = parameter("detections.limits").at(actor.at).value["signature_seconds"]
    key = signing_key(actor.key)
    return f"signed:{check_signature(signature, body, key=key, at=actor.at, slack=slack)}"


@router.get("/detections", response={200: DetectionPage, **FAULTS})
@needs("read_detections")
def index(
    request: HttpRequest,
    source: Name = "",
    standing: queries.Standing | Literal[""] = "",
    after: str = "",
    limit: Limit = 50,
) -> Page[Detection]:
    """Groups of like alarms that the token may see, in the order in which they were opened.

    `standing` narrows them to those that are muted, heard, in a case, or without one.
    """
    reader: Actor = request.auth  # type: ignore[attr-defined]
    rows = queries.detections(reader, queries.Wanted(source=source, standing=standing))
    return Page.of(rows, queries.AS_OPENED, after=after or None, limit=limit)
