"""The services over HTTP: who provides them, who relies on them, and what hangs on what."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from vardkase.assets.models import Asset
from vardkase.events.queries import event
from vardkase.obligations import services
from vardkase.obligations.dependence import Need, ServiceRole
from vardkase.obligations.models import Entity
from vardkase.workflow.depend import ServicesHit, services_hit
from vardkase.workflow.duties import entities

from .door import actor, needs
from .fields import Id, Number
from .problems import FAULTS

router = Router(tags=["duties to report"])


class RoleIn(Schema):
    """What an entity is to a service; takes the place of what it was."""

    model_config = ConfigDict(extra="forbid")
    entity: Id
    service: Id = Field(description="Id of an asset.")
    role: Literal["provider", "relying"]
    trust: bool = Field(True, description="It is a trust service.")
    main: bool = Field(True, description="It is the main service or a part of it.")
    to_end_users: bool = Field(
        False, description="The relying entity provides such a service to end users itself."
    )


class RoleOut(Schema):
    id: int
    entity: int = Field(alias="entity_id")
    service: int = Field(alias="service_id")
    role: str
    trust: bool
    main: bool
    to_end_users: bool


class NeedIn(Schema):
    """`service` hangs on `on`: where that fails, so does the service."""

    model_config = ConfigDict(extra="forbid")
    service: Id
    on: Id


class NeedOut(Schema):
    id: int
    service: int = Field(alias="service_id")
    on: int = Field(alias="on_id")


class ServicesOut(Schema):
    roles: list[RoleOut]
    needs: list[NeedOut]


class PerhapsOut(Schema):
    """A service that hangs on what the case names; nobody has said yet that it is hit."""

    service: str
    hangs_on: str


class ServicesHitOut(Schema):
    """The services of one entity; `least_level` of ENISA's, 0 where none speaks for any."""

    entity: str
    hit: list[str]
    perhaps: list[PerhapsOut]
    least_level: int


class ServicesHitList(Schema):
    items: list[ServicesHitOut]


@router.get("/events/{number}/services", response={200: ServicesHitList, **FAULTS})
@needs("read")
def of_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """Which services the case hits or may hit, for each entity that it strikes."""
    at, case = timezone.now(), event(actor(request), number)
    return {"items": [hit_of(one, services_hit(case, one, at)) for one in entities(case)]}


def hit_of(entity: Entity, found: ServicesHit) -> dict[str, Any]:
    perhaps = [{"service": r.service.name, "hangs_on": on.name} for r, on in found.maybe]
    hit = [role.service.name for role in found.hit]
    return {
        "entity": entity.name, "hit": hit, "perhaps": perhaps, "least_level": found.level,
    }  # fmt: skip


@router.get("/services", response={200: ServicesOut, **FAULTS})
@needs("look_up")
def list_services(request: HttpRequest) -> dict[str, Any]:
    """All roles in services, and all that hangs on something."""
    return {
        "roles": list(ServiceRole.objects.filter(ended_at=None)),
        "needs": list(Need.objects.filter(ended_at=None)),
    }


@router.post("/services/roles", response={201: RoleOut, **FAULTS})
@needs("organisation")
def add_role(request: HttpRequest, body: RoleIn) -> Status[ServiceRole]:
    values = body.model_dump() | {
        "entity": Entity.objects.get(pk=body.entity, ended_at=None),
        "service": Asset.objects.get(pk=body.service, closed_at=None),
    }
    return Status(201, services.add_role(values, by=actor(request), at=timezone.now()))


@router.post("/services/roles/{pk}/end", response={200: RoleOut, **FAULTS})
@needs("organisation")
def end_role(request: HttpRequest, pk: Number) -> ServiceRole:
    row = ServiceRole.objects.select_related("entity", "service").get(pk=pk, ended_at=None)
    services.end_role(row, by=actor(request), at=timezone.now())
    return row


@router.post("/services/needs", response={201: NeedOut, **FAULTS})
@needs("organisation")
def add_need(request: HttpRequest, body: NeedIn) -> Status[Need]:
    """Raises a problem where the two are one, or the need is known."""
    in_use = Asset.objects.filter(closed_at=None)
    made = services.add_need(
        in_use.get(pk=body.service), in_use.get(pk=body.on), by=actor(request), at=timezone.now()
    )
    return Status(201, made)


@router.post("/services/needs/{pk}/end", response={200: NeedOut, **FAULTS})
@needs("organisation")
def end_need(request: HttpRequest, pk: Number) -> Need:
    row = Need.objects.select_related("service", "on").get(pk=pk, ended_at=None)
    services.end_need(row, by=actor(request), at=timezone.now())
    return row
