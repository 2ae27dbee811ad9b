"""Legal entities over HTTP: who they are, what holds of them, and which a case strikes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from vardkase.events.models import Event
from vardkase.events.queries import event
from vardkase.obligations import services
from vardkase.obligations.models import Entity, Registration, Struck
from vardkase.workflow import oblige
from vardkase.workflow.known import of_entity

from .door import actor, needs, once
from .fields import Id, Key, Line, Long, Number, refuse_blank
from .obligations import Fact, FactValue
from .problems import FAULTS

router = Router(tags=["duties to report"])

Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[Line, StringConstraints(min_length=1), AfterValidator(refuse_blank)]
Kind = Literal[
    "region", "municipality", "committee", "authority", "trust_service_provider", "company"
]


class EntityChange(Schema):
    """What is left out stays as it is; nothing else than this can be changed."""

    model_config = ConfigDict(extra="forbid")
    name: Name = ""
    number: Annotated[Line, StringConstraints(max_length=20)] = ""
    kind: Kind | Literal[""] = ""
    address: Line = ""
    signers: Annotated[Long, Field(max_length=1000)] = ""
    contact: Line = ""


class EntityIn(EntityChange):
    name: Name
    kind: Kind


class RegistrationIn(Schema):
    """That an authority knows the entity by a law: `regime` is its id, `se-nis2-csl`."""

    model_config = ConfigDict(extra="forbid")
    regime: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
    authority: Name
    number: Annotated[Line, StringConstraints(max_length=100)] = ""
    contact: Line = ""
    registered_on: date | None = None


class RegistrationOut(Schema):
    id: int
    regime: str
    authority: str
    number: str
    contact: str
    registered_on: date | None


class EntityOut(Schema):
    """`facts` are those that hold now, by the names of the catalogue of facts."""

    id: int
    name: str
    number: str
    kind: str
    own: bool
    address: str
    signers: list[str] = Field(alias="signing")
    contact: str
    ended_at: datetime | None
    facts: dict[str, Any]
    registrations: list[RegistrationOut]

    @staticmethod
    def resolve_facts(row: Entity) -> dict[str, Any]:
        return of_entity(row, timezone.now())

    @staticmethod
    def resolve_registrations(row: Entity) -> QuerySet[Registration]:
        return row.registrations.filter(ended_at=None)


class EntitiesOut(Schema):
    items: list[EntityOut]


class SaidIn(Schema):
    """Answers that hold for the entity's cases known at `since` or later; null takes one back."""

    facts: dict[Fact, FactValue] = Field(min_length=1, max_length=100)
    since: AwareDatetime


class StruckIn(Schema):
    entity: Id
    reason: Reason


class EndIn(Schema):
    reason: Reason


class StruckOut(Schema):
    entity: int = Field(alias="entity_id")
    name: str = Field(alias="entity.name")
    reason: str
    at: datetime
    by: str
    ended_at: datetime | None
    ended_because: str


class StruckList(Schema):
    items: list[StruckOut]


@router.get("/entities", response={200: EntitiesOut, **FAULTS})
@needs("look_up")
def list_entities(request: HttpRequest) -> dict[str, Any]:
    """The organisation first, once it has a row, then the others by name."""
    return {"items": list(Entity.objects.all()[:1000])}


@router.post("/entities", response={201: EntityOut, **FAULTS})
@needs("organisation")
def add(request: HttpRequest, body: EntityIn) -> Status[Entity]:
    made = services.change_entity(
        Entity(), body.model_dump(exclude_unset=True), by=actor(request), at=timezone.now()
    )
    return Status(201, made)


@router.patch("/entities/{pk}", response={200: EntityOut, **FAULTS})
@needs("organisation")
def change(request: HttpRequest, pk: Number, body: EntityChange) -> Entity:
    values = body.model_dump(exclude_unset=True)
    return services.change_entity(
        Entity.objects.get(pk=pk), values, by=actor(request), at=timezone.now()
    )


@router.post("/entities/{pk}/facts", response={200: EntityOut, **FAULTS})
@needs("organisation")
def say(request: HttpRequest, pk: Number, body: SaidIn) -> Entity:
    """What laws ask of the entity itself, answered once for all its cases from a moment on."""
    row = Entity.objects.get(pk=pk)
    services.say_of(row, body.facts, since=body.since, by=actor(request), at=timezone.now())
    return row


@router.post("/entities/{pk}/registrations", response={201: RegistrationOut, **FAULTS})
@needs("organisation")
def register(request: HttpRequest, pk: Number, body: RegistrationIn) -> Status[Registration]:
    """Where the entity is registered, and whom the authority calls."""
    row = Entity.objects.get(pk=pk)
    made = services.register(row, body.model_dump(), by=actor(request), at=timezone.now())
    return Status(201, made)


@router.post("/entities/{pk}/end", response={200: EntityOut, **FAULTS})
@needs("organisation")
def end(request: HttpRequest, pk: Number) -> Entity:
    """Take the entity out of choices; its cases keep it."""
    row = Entity.objects.get(pk=pk, own=False)
    services.end_entity(row, ended=True, by=actor(request), at=timezone.now())
    row.refresh_from_db()
    return row


@router.get("/events/{number}/entities", response={200: StruckList, **FAULTS})
@needs("read")
def struck(request: HttpRequest, number: str) -> dict[str, Any]:
    """Which entities the case strikes besides the organisation itself, and which it did not."""
    return {"items": rows_of(event(actor(request), number))}


@router.post("/events/{number}/entities", response={201: StruckList, **FAULTS})
@needs("edit")
def strike(request: HttpRequest, number: str, body: StruckIn, key: Key = None) -> Status[Any]:
    """The case strikes this entity too, with duties of its own."""
    by = actor(request)
    case, entity = event(by, number, "edit"), Entity.objects.get(pk=body.entity)
    oblige.strike(case, entity, reason=body.reason, by=by, at=timezone.now(), once=once(by, key))
    return Status(201, {"items": rows_of(case)})


@router.post("/events/{number}/entities/{pk}/end", response={200: StruckList, **FAULTS})
@needs("edit")
def unstrike(
    request: HttpRequest, number: str, pk: Number, body: EndIn, key: Key = None
) -> dict[str, Any]:
    """The entity was not struck after all; what was decided and sent for it stays."""
    by = actor(request)
    case = event(by, number, "edit")
    row = Struck.objects.select_related("entity").filter(event=case, entity=pk).last()
    if row is None:
        raise Struck.DoesNotExist
    oblige.unstrike(
        case, row.entity, reason=body.reason, by=by, at=timezone.now(), once=once(by, key)
    )
    return {"items": rows_of(case)}


def rows_of(case: Event) -> list[Struck]:
    return list(Struck.objects.filter(event=case).select_related("entity").order_by("pk"))
