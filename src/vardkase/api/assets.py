"""Units, people and assets over HTTP: look them up; add and change assets with a token that may."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from vardkase.assets import queries, services
from vardkase.assets.models import Asset
from vardkase.lib.paging import Page
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.people import people
from vardkase.organisation.units import BY_NAME, units
from vardkase.suppliers.models import Supplier

from .door import needs
from .fields import Cursor, Id, Limit, Line, Long, Number
from .problems import FAULTS

router = Router(tags=["units and assets"])

Level = Annotated[int, Field(ge=0, le=4, strict=True)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Kind = Literal[
    "system", "manual_process", "archive", "service", "information", "people", "premises",
    "intangible",
]  # fmt: skip


class UnitOut(Schema):
    id: int
    name: str
    under: int | None = Field(alias="parent_id")
    phone: str
    email: str


class UnitPage(Schema):
    items: list[UnitOut]
    next: str | None


class PersonOut(Schema):
    """Whom a task or a part is given to: no more than what tells people apart."""

    id: int
    name: str
    title: str
    unit: int | None = Field(alias="unit_id")


class PersonPage(Schema):
    items: list[PersonOut]
    next: str | None


class AssetChange(Schema):
    """What is left out stays as it is; nothing else than this can be changed."""

    model_config = ConfigDict(extra="forbid")
    name: Name = ""
    kind: Kind = "system"
    unit: Id = 0
    owner: Id | None = Field(None, description="Id of a person.")
    supplier: Id | None = None
    confidentiality: Level | None = None
    integrity: Level | None = None
    availability: Level | None = None
    essential: bool = False
    crisis_plan: Long = ""
    fallback: Long = ""
    safeguards: Long = ""
    other_names: Line = ""
    note: Long = ""

    def values(self) -> dict[str, Any]:
        """The fields that were sent, rows found; raises `DoesNotExist` for one that is not."""
        sent = self.model_dump(exclude_unset=True)
        rows: dict[str, Any] = {
            "unit": Unit.objects.filter(closed_at=None),
            "owner": Person.objects.filter(is_active=True),
            "supplier": Supplier.objects.filter(closed_at=None),
        }
        for name in rows.keys() & sent.keys():
            sent[name] = rows[name].get(pk=sent[name]) if sent[name] is not None else None
        return sent


class AssetIn(AssetChange):
    name: Name
    kind: Kind
    unit: Id


class AssetOut(Schema):
    id: int
    name: str
    kind: str
    unit: int = Field(alias="unit_id")
    owner: int | None = Field(alias="owner_id")
    supplier: int | None = Field(alias="supplier_id")
    confidentiality: int | None
    integrity: int | None
    availability: int | None
    essential: bool
    crisis_plan: str
    fallback: str
    safeguards: str
    other_names: str
    note: str


class AssetPage(Schema):
    items: list[AssetOut]
    next: str | None


@router.get("/units", response={200: UnitPage, **FAULTS})
@needs("look_up")
def list_units(
    request: HttpRequest, q: Name | Literal[""] = "", after: Cursor = "", limit: Limit = 50
) -> Page[Unit]:
    """Open units by name, in Swedish order."""
    return Page.of(units(named=q), BY_NAME, after=after or None, limit=limit)


@router.get("/people", response={200: PersonPage, **FAULTS})
@needs("look_up")
def list_people(
    request: HttpRequest, q: Name | Literal[""] = "", after: Cursor = "", limit: Limit = 50
) -> Page[Person]:
    """People who work here, by name or login name, in Swedish order."""
    return Page.of(people(named=q), BY_NAME, after=after or None, limit=limit)


@router.get("/assets", response={200: AssetPage, **FAULTS})
@needs("look_up")
def list_assets(
    request: HttpRequest, q: Name | Literal[""] = "", kind: Kind | Literal[""] = "",
    essential: bool = False, after: Cursor = "", limit: Limit = 50,
) -> Page[Asset]:  # fmt: skip
    """Assets in use by name, in Swedish order."""
    wanted = queries.Wanted(named=q, kind=kind, essential=essential)
    return Page.of(queries.assets(wanted), queries.BY_NAME, after=after or None, limit=limit)


@router.get("/assets/{id}", response={200: AssetOut, **FAULTS})
@needs("look_up")
def one_asset(request: HttpRequest, id: Number) -> Asset:
    return Asset.objects.get(pk=id)


@router.post("/assets", response={201: AssetOut, **FAULTS})
@needs("assets")
def add_asset(request: HttpRequest, body: AssetIn) -> Status[Asset]:
    """Add an asset where the token may."""
    by, at = request.auth, timezone.now()  # type: ignore[attr-defined]
    return Status(201, services.add_asset(body.values(), by=by, at=at))


@router.put("/assets/{id}", response={200: AssetOut, **FAULTS})
@needs("assets")
def change_asset(request: HttpRequest, id: Number, body: AssetChange) -> Asset:
    """Change the fields that are sent."""
    by, at = request.auth, timezone.now()  # type: ignore[attr-defined]
    asset = Asset.objects.select_related("unit").get(pk=id)
    return services.change_asset(asset, body.values(), by=by, at=at)
