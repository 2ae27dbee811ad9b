"""What the case itself already knows of the facts that regimes ask about: nobody is asked twice.

An answer that a person gave goes before what we draw from the report.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from vardkase.conclusions.sheet import Sheet, sheet
from vardkase.events.models import Event
from vardkase.events.queries import answers
from vardkase.obligations.dependence import ServiceRole
from vardkase.obligations.models import Answer, Entity, Obligation, Submission
from vardkase.organisation.queries import organisation
from vardkase.policy.facts import Words, outgrown, still_fitting
from vardkase.policy.parameter import NotInForce, parameter
from vardkase.policy.regime_files import catalogue, parameter_of, repeated

from .depend import provides, roles_of, trust_services

ONGOING = {"worse": True, "yes": True, "no": False}
PERSONAL = {"sensitive": True, "other": True, "no": False}
VERDICT_OF = {"report": "reportable", "no_report": "not_reportable"}
ON_PURPOSE = {"yes": True, "no": False}

type Facts = dict[str, Any]


def facts(case: Event, entity: Entity) -> Facts:
    """The facts of `case` as they concern `entity`, without what was sent by each regime."""
    return told(case, entity)[0]


def told(case: Event, entity: Entity) -> tuple[Facts, list[Words]]:
    """The facts, and a complaint of each answer that was kept and no longer fits its question."""
    page, since = sheet(case), aware(case)
    roles = roles_of(entity, since)
    drawn = {name: value for name, value in of_case(case, page) if value not in (None, "")}
    if services := trust_services(roles, page.assets):
        drawn["incident.services[trust]"] = services
    said = of_entity(entity, since, roles) | answered(case, entity)
    about, misfits = still_fitting(said, catalogue()), outgrown(said, catalogue())
    return {**in_register(entity), **drawn, **about}, misfits


def aware(case: Event) -> datetime:
    """When the organisation was first told: what held of us then holds for the case."""
    return min(case.reported_at, case.received_at)


def in_register(entity: Entity) -> Facts:
    said = {
        "org.name": entity.name, "org.number": entity.number, "org.postal_address": entity.address,
        "roles.authority_contact": entity.contact,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def of_entity(entity: Entity, at: datetime, roles: Iterable[ServiceRole] | None = None) -> Facts:
    """What holds of the entity at a moment: its kind's facts by policy, over them what its roles
    in services say, over both its own answers."""
    us = organisation() if entity.own and not entity.kind else None
    kind = us.kind if us else entity.kind
    found = of_kind(kind, at) | provides(roles_of(entity, at) if roles is None else roles)
    if entity.pk is not None:
        rows = entity.facts.filter(since__lte=at).order_by("since", "pk")
        found |= dict(rows.values_list("name", "value"))
    return {name: value for name, value in found.items() if value is not None}


def of_kind(kind: str, at: datetime) -> Facts:
    try:
        return dict(parameter("entity").at(at).value.get(kind, {}))
    except NotInForce:  # a case of before the policy
        return {}


def answered(case: Event, entity: Entity) -> Facts:
    """What people answered: the newest answer to each question, this entity's own before all's."""
    rows = Answer.objects.filter(event=case).order_by("pk").values_list("entity", "name", "value")
    found: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for whose, name, value in rows:
        if whose in (None, entity.pk):
            (own if whose else found)[name] = value
    return {name: value for name, value in (found | own).items() if value is not None}


def of_case(case: Event, page: Sheet) -> Iterator[tuple[str, Any]]:
    """Each fact that stands somewhere in the case."""
    told = {question: given[0] for question, given in answers(case).items() if given}
    yield from times(case, page, told)
    yield from texts(case, page, told)
    yield "incident.priority", case.priority
    yield "t.personal_data", PERSONAL.get(told.get("personal_data", ""))
    purpose = ON_PURPOSE.get(told.get("intent", ""))
    yield "incident.suspected_malicious", purpose
    yield "incident.suspected_crime", purpose
    for aspect in ("confidentiality", "integrity"):
        yield f"incident.{aspect}_effect", page.effects.get(aspect)


def times(case: Event, page: Sheet, told: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Known to the organisation when it was first told, whoever wrote it down later."""
    restored = page.since("restored")
    yield "known_at", aware(case)
    yield "detected_at", case.discovered_at
    yield "occurred_at", case.happened_at
    yield "handled_at", restored
    yield "significance_decided_at", page.assessed_at
    yield "incident.occurred_at", case.happened_at
    yield "incident.detected_at", case.discovered_at or case.reported_at
    yield "incident.ended_at", case.ended_at or restored
    yield "incident.ongoing", False if restored else ONGOING.get(told.get("ongoing", ""))


def texts(case: Event, page: Sheet, told: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    yield "incident.reference", case.number
    yield "incident.category", case.category
    yield "incident.description", case.what
    yield "incident.detected_how", told.get("how")
    yield "incident.assets", ", ".join(asset.name for asset in page.assets) or case.system
    if page.situation:
        yield "incident.timeline.summary", page.situation.text
    done = [action.title for action in page.actions if not action.is_open]
    yield "incident.measures", "\n".join([*filter(None, [told.get("done")]), *done])
    leads = [taking.name for taking in page.parts if "manager" in taking.part]
    yield "roles.incident_manager", leads[0] if leads else None
    if page.conclusion:
        yield "investigation.root_cause", page.conclusion.cause
        yield "lessons.items", page.conclusion.lessons


def sent(kept: Obligation | None) -> dict[str, datetime]:
    """When each step of the regime was first sent, of one that repeats last: the anchors of the
    steps after it."""
    rows = sorted(kept.submissions.all(), key=by_time) if kept else []
    again = repeated(parameter_of(kept.regime)) if kept and rows else ()
    found: dict[str, datetime] = {}
    for row in rows:
        if row.step in again or f"submitted:{row.step}" not in found:
            found[f"submitted:{row.step}"] = row.sent_at
    return found


def decided(kept: Iterable[Obligation]) -> Facts:
    """What people have decided of each regime, which another may ask about: the last of ours."""
    found: Facts = {}
    for row in kept:
        for ruling in row.rulings.all():
            if not ruling.of_authority:
                found[f"regime.{row.regime}"] = VERDICT_OF[ruling.outcome]
    return found


def by_time(row: Submission) -> datetime:
    return row.sent_at
