"""Muted alarms over HTTP: read, mute for a time, hear again."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from vardkase.detections import queries
from vardkase.detections.models import Detection, Mute
from vardkase.organisation.people import meant
from vardkase.workflow import muting

from .door import actor, needs
from .fields import Line, refuse_blank
from .problems import FAULTS

type Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
type Reason = Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(refuse_blank)]
type Owner = Annotated[Line, Field(min_length=1)]

router = Router(tags=["detections"])


class MutingIn(Schema):
    until: AwareDatetime = Field(description="At most a year ahead.")
    reason: Reason
    owner: Owner = Field(description="Login name of the person who answers for it.")


class MutingOut(Schema):
    fingerprint: str
    title: str
    reason: str
    owner: str
    at: datetime
    until: datetime
    counted: int = Field(validation_alias="meanwhile", description="Alarms since it was muted.")

    @staticmethod
    def resolve_fingerprint(row: Mute) -> str:
        return bytes(row.detection.fingerprint).hex()

    @staticmethod
    def resolve_title(row: Mute) -> str:
        return row.detection.title

    @staticmethod
    def resolve_owner(row: Mute) -> str:
        return row.owner.username


def group(request: HttpRequest, fingerprint: str) -> Detection:
    """Raises `Detection.DoesNotExist` where the token may not see it."""
    return queries.detections(actor(request)).get(fingerprint=bytes.fromhex(fingerprint))


@router.get("/detections/mutings", response={200: list[MutingOut], **FAULTS})
@needs(queries.READ)
def index(request: HttpRequest) -> list[Mute]:
    """What is muted now, that ends first before others; at most 200."""
    rows = queries.mutings(actor(request))
    return list(rows.filter(ended_at=None, until__gt=timezone.now())[:200])


@router.post("/detections/{fingerprint}/mute", response={201: MutingOut, **FAULTS})
@needs("mute_detections")
def mute(request: HttpRequest, fingerprint: Fingerprint, body: MutingIn) -> Status[Mute]:
    """Let nobody be bothered with the group for a time. It is counted on."""
    by, owner = actor(request), meant(body.owner)
    found, at = group(request, fingerprint), timezone.now()
    made = muting.mute(found, until=body.until, reason=body.reason, owner=owner, by=by, at=at)
    return Status(201, queries.mutings(by).get(pk=made.pk))


@router.post("/detections/{fingerprint}/unmute", response={204: None, **FAULTS})
@needs("mute_detections")
def unmute(request: HttpRequest, fingerprint: Fingerprint) -> Status[None]:
    """Hear the group again."""
    muting.unmute(group(request, fingerprint), by=actor(request), at=timezone.now())
    return Status(204, None)
