"""What the fictitious region decided about reporting: old cases are settled, new ones still ask."""

from datetime import datetime, timedelta
from typing import Any

from vardkase.events.models import Event
from vardkase.obligations.models import Entity
from vardkase.organisation.queries import actor_of
from vardkase.workflow.oblige import Sent, answer, record_sent, rule, strike

from .world import World

DECIDES, PREPARES = "ingrid.sjo", "mehmet.kaya"
SETTLED = timedelta(days=4)  # younger cases are still asked about, and their clocks run
HARMLESS = {
    "t.serious_disruption": False,
    "t.financial_loss_significant": False,
    "t.harm_to_others_significant": False,
    "t.economic_damage": False,
    "t.activity_limited_hours": 0,
    "t.workaround_hours": 0,
    "t.departures_lost_pct": 0,
    "t.service_recipients_adversely_affected": False,
    "t.nis1_significant": False,
    "t.patient_data_access": False,
    "t.risk_to_individuals": "unlikely",
    "t.serious_care_injury": False,
    "t.medical_device_fault": False,
    "t.classified_disclosed": False,
    "t.security_sensitive_it_incident": False,
    "t.security_threat": False,
    "t.national_service_involved": False,
    "incident.suspected_crime": False,
}
BOARD = "Hälso- och sjukvårdsnämnden"
CSL, GDPR = "se-nis2-csl", "eu-gdpr"
FIRST = [("early_warning", timedelta(hours=4)), ("notification", timedelta(hours=26))]


def settle(event: Event, row: dict[str, Any], world: World, at: datetime) -> datetime:
    """Each law's question answered and what follows decided; when that was done."""
    by, serious = actor_of(world.people[DECIDES], at), row.get("care_harm", False)
    young = timedelta(days=row["ago"]) < SETTLED
    if serious:
        answer(event, ({} if young else HARMLESS) | {"t.serious_disruption": True}, by=by, at=at)
        board = Entity.objects.filter(name=BOARD).first()
        if young and board:
            strike(event, board, reason="Nämndens journaler berörs.", by=by, at=at)
        rule(event, CSL, "report", "Vården påverkades. Allvarlig driftsstörning.", by=by, at=at)
        steps = FIRST[:1] if young else FIRST
        return max(send(event, step, world, event.received_at + after) for step, after in steps)
    if young:
        return at
    answer(event, HARMLESS | {"t.serious_disruption": False}, by=by, at=at)
    if row["answers"].get("personal_data", ["no"])[0] != "no":
        reason = "Osannolikt att det medför någon risk för de registrerade."
        rule(event, GDPR, "no_report", reason, by=by, at=at)
    return at


def send(event: Event, step: str, world: World, at: datetime) -> datetime:
    sent = Sent(
        step, at, "CERT-SE", channel="E-tjänst", reference=f"CS-{event.number}",
        prepared_by=f"p{world.people[PREPARES].pk}",
    )  # fmt: skip
    record_sent(event, CSL, sent, by=actor_of(world.people[DECIDES], at), at=at)
    return at
