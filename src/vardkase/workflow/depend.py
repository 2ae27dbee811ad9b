"""Which services a case hits for an entity: those it names, and those that hang on them (S3-06).

A fault in another's service may be ours to report (S3-07); what an entity must report of is what
it provides, or offers on to end users itself (S3-27).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from vardkase.assets.models import Asset
from vardkase.conclusions.rows import Hit
from vardkase.events.models import AssetLink, Event
from vardkase.obligations.dependence import Need, ServiceRole
from vardkase.obligations.models import Entity
from vardkase.obligations.rules import hanging, least_level


@dataclass(frozen=True, slots=True)
class ServicesHit:
    """`hit` are the entity's roles in services that the case names; `maybe` those that hang on
    what it names, each with that; `level` the least ENISA level they speak for, 0 without any."""

    hit: tuple[ServiceRole, ...]
    maybe: tuple[tuple[ServiceRole, Asset], ...]
    level: int

    @property
    def tells(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.hit or self.maybe or self.level)


def roles_of(entity: Entity, at: datetime) -> list[ServiceRole]:
    """The entity's roles in services, those included that ended after `at`."""
    if entity.pk is None:
        return []
    rows = ServiceRole.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), entity=entity)
    return list(rows.select_related("service").order_by("service__name"))


def provides(roles: Iterable[ServiceRole]) -> dict[str, bool]:
    """Whether the entity is a trust service provider, as far as its roles in services tell."""
    trust = [role.reports for role in roles if role.trust]
    return {"org.trust_service_provider": any(trust)} if trust else {}


def trust_services(roles: Iterable[ServiceRole], assets: Iterable[Hit]) -> str:
    """The trust services among what the case names, by name."""
    named = {asset.pk for asset in assets}
    return ", ".join(
        role.service.name
        for role in roles
        if role.trust and role.reports and role.service_id in named
    )


def services_hit(case: Event, entity: Entity, at: datetime) -> ServicesHit:
    roles = {role.service_id: role for role in roles_of(entity, at) if role.reports}
    if not roles:
        return ServicesHit((), (), 0)
    linked = AssetLink.objects.filter(event=case, ended_at=None)
    named = {link.asset_id: link.asset for link in linked.select_related("asset")}
    behind = {role: what for role, what in through(named).items() if role in roles}
    hit = tuple(role for pk, role in roles.items() if pk in named)
    maybe = tuple((roles[pk], what) for pk, what in behind.items())
    trust = [role.main for role in (*hit, *(role for role, _ in maybe)) if role.trust]
    counts = named and any(role.trust for role in roles.values())
    return ServicesHit(hit, maybe, least_level(trust) if counts else 0)


def through(named: dict[int, Asset]) -> dict[int, Asset]:
    """The services that hang on what is named, each with what it hangs on."""
    needs: dict[int, list[int]] = {}
    known = dict(named)
    for need in Need.objects.filter(ended_at=None).select_related("on"):
        needs.setdefault(need.service_id, []).append(need.on_id)
        known[need.on_id] = need.on
    return {service: known[on] for service, on in hanging(named, needs).items()}
