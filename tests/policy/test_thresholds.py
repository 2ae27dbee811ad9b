"""Every threshold of (EU) 2024/2690 and MCFFS 2026:8, on it and just over it."""

from datetime import datetime
from typing import Any

import pytest

from vardkase.policy.judge import judge
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime_files import on, parameter_of

NIS2 = "se-nis2-csl"
KNOWN = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)
QUIET = dict.fromkeys(
    ("t.serious_disruption", "t.financial_loss_significant", "t.harm_to_others_significant"), False
)
PROVIDER: dict[str, Any] = {
    "org.trust_service_provider": True,
    "org.sectors": [],
    "t.planned_maintenance": False,
}


def sector(*names: str) -> dict[str, Any]:
    return {
        "org.csl_entity": True,
        "org.trust_service_provider": False,
        "org.sectors": list(names),
    }


def t(**facts: Any) -> dict[str, Any]:
    return {f"t.{name}": value for name, value in facts.items()}


# criterion, who, what does not reach it, what does
EU = [
    ("tsp-20min", t(trust_service_down_minutes=20), t(trust_service_down_minutes=21)),
    (
        "tsp-week-60min",
        t(trust_service_down_minutes_in_calendar_week=60),
        t(trust_service_down_minutes_in_calendar_week=60.5),
    ),
    (
        "tsp-limited",
        t(tsp_users_limited_pct=1, tsp_users_limited_count=200_000),
        t(tsp_users_limited_pct=1.1),
    ),
    (
        "tsp-limited",
        t(tsp_users_limited_pct=0.5, tsp_users_limited_count=0),
        t(tsp_users_limited_pct=0.5, tsp_users_limited_count=200_001),
    ),
    (
        "tsp-physical",
        t(tsp_physical_access_compromised=False),
        t(tsp_physical_access_compromised=True),
    ),
    ("tsp-cia", t(tsp_users_cia_pct=0.1, tsp_users_cia_count=100), t(tsp_users_cia_pct=0.11)),
    ("tsp-cia", t(tsp_users_cia_pct=0, tsp_users_cia_count=0), t(tsp_users_cia_count=101)),
    (
        "eu-loss",
        t(direct_loss_eur=500_000, direct_loss_turnover_pct=5),
        t(direct_loss_eur=500_001),
    ),
    (
        "eu-loss",
        t(direct_loss_eur=1, direct_loss_turnover_pct=5),
        t(direct_loss_turnover_pct=5.1),
    ),
    ("eu-trade-secrets", t(trade_secrets_exfiltrated=False), t(trade_secrets_exfiltrated=True)),
    ("eu-death", t(death=False), t(death=True)),
    ("eu-health", t(health_damage_considerable=False), t(health_damage_considerable=True)),
    ("eu-malicious-access", t(malicious_access_severe=False), t(malicious_access_severe=True)),
    (
        "eu-recurring",
        t(same_cause_incidents_six_months=1, same_cause_loss_over_limit=True),
        t(same_cause_incidents_six_months=2, same_cause_loss_over_limit=True),
    ),
    (
        "eu-recurring",
        t(same_cause_incidents_six_months=5, same_cause_loss_over_limit=False),
        t(same_cause_incidents_six_months=5, same_cause_loss_over_limit=True),
    ),
]
LIMITED, WORKAROUND = "activity_limited_hours", "workaround_hours"
SWEDISH = [
    ("pubadm-4h", "public_administration", t(**{LIMITED: 4}), t(**{LIMITED: 4.1})),
    ("pubadm-workaround", "public_administration", t(**{WORKAROUND: 12}), t(**{WORKAROUND: 13})),
    ("care-1h", "healthcare_provider", t(**{LIMITED: 1}), t(**{LIMITED: 1.01})),
    ("care-workaround", "healthcare_provider", t(**{WORKAROUND: 6}), t(**{WORKAROUND: 6.5})),
    (
        "care-ambulance",
        "healthcare_provider",
        t(ambulance_unavailable=False),
        t(ambulance_unavailable=True),
    ),
    ("water-4h", "waste_water", t(critical_system_down_hours=4), t(critical_system_down_hours=5)),
    ("water-workaround", "drinking_water", t(**{WORKAROUND: 8}), t(**{WORKAROUND: 9})),
    (
        "energy-users",
        "electricity",
        t(end_users_affected_count=1_999, end_users_affected_pct=49, end_users_affected_hours=9),
        t(end_users_affected_count=2_000, end_users_affected_hours=2.1),
    ),
    (
        "energy-users",
        "district_heating",
        t(end_users_affected_pct=50, end_users_affected_hours=2),
        t(end_users_affected_pct=50, end_users_affected_hours=3),
    ),
    ("energy-workaround", "electricity", t(**{WORKAROUND: 6}), t(**{WORKAROUND: 7})),
    ("energy-control", "gas", t(control_lost_hours=1), t(control_lost_hours=1.5)),
    ("oil-2h", "oil", t(control_lost_hours=2), t(control_lost_hours=2.5)),
    ("transport-1h", "air", t(**{LIMITED: 1}), t(**{LIMITED: 2})),
    (
        "transport-external",
        "road",
        t(external_service_down_hours=2, end_users_affected_count=999, affected_area_km2=9_999),
        t(external_service_down_hours=2, affected_area_km2=10_000),
    ),
    (
        "transport-external",
        "water_transport",
        t(external_service_down_hours=1, end_users_affected_count=5_000),
        t(external_service_down_hours=1.1, end_users_affected_count=1_000),
    ),
    ("transport-workaround", "road", t(**{WORKAROUND: 6}), t(**{WORKAROUND: 8})),
    ("rail-departures", "rail", t(departures_lost_pct=5), t(departures_lost_pct=6)),
    ("rail-departures", "public_transport", t(departures_lost_pct=5), t(departures_lost_pct=6)),
    ("general-12h", "food", t(**{LIMITED: 12}), t(**{LIMITED: 13})),
    ("general-workaround", "waste", t(**{WORKAROUND: 48}), t(**{WORKAROUND: 49})),
    (
        "general-information",
        "public_administration",
        t(protected_information_hit=False),
        t(protected_information_hit=True),
    ),
    (
        "general-others-information",
        "public_administration",
        t(others_protected_information_hit=False, protected_information_persons=499),
        t(protected_information_persons=500),
    ),
    ("general-cost", "chemicals", t(direct_loss_turnover_pct=5), t(direct_loss_turnover_pct=6)),
    (
        "general-environment",
        "waste",
        t(environmental_damage=False),
        t(environmental_damage=True),
    ),
    (
        "general-other-provider",
        "electricity",
        t(other_provider_in_crisis_mode=False),
        t(other_provider_in_crisis_mode=True),
    ),
    ("general-injury", "rail", t(death=False, health_damage_considerable=False), t(death=True)),
    (
        "general-recurring",
        "research",
        t(same_cause_incidents_six_months=1, same_cause_loss_over_limit=True),
        t(same_cause_incidents_six_months=2, same_cause_loss_over_limit=True),
    ),
    ("sector-review", "manufacturing", t(sector_threshold_met=False), t(sector_threshold_met=True)),
    ("pts-review", "post", t(sector_threshold_met=False), t(sector_threshold_met=True)),
]
CASES = [(id, PROVIDER, under, over) for id, under, over in EU] + [
    (id, sector(name), under, over) for id, name, under, over in SWEDISH
]


@pytest.mark.parametrize(("id", "who", "under", "over"), CASES, ids=lambda x: str(x)[:40])
def test_on_the_threshold_is_not_over_it(
    id: str, who: dict[str, Any], under: dict[str, Any], over: dict[str, Any]
) -> None:
    below = judge(NIS2, {"known_at": KNOWN, **who, **QUIET, **under}, at=KNOWN)
    above = judge(NIS2, {"known_at": KNOWN, **who, **QUIET, **over}, at=KNOWN)
    assert id not in below.hits + below.unknown
    assert id in above.hits
    assert above.verdict == "reportable"


@pytest.mark.parametrize(("id", "who", "under", "over"), CASES, ids=lambda x: str(x)[:40])
def test_a_threshold_is_only_for_those_it_speaks_of(
    id: str, who: dict[str, Any], under: dict[str, Any], over: dict[str, Any]
) -> None:
    """MCF's thresholds are not for trust services and digital infrastructure (CSF 37, 39 §§)."""
    other = sector("digital_infrastructure" if who is PROVIDER else "digital_providers")
    if id == "pts-review":
        other = sector("food")
    assert id not in judge(NIS2, {"known_at": KNOWN, **other, **over}, at=KNOWN).hits


def test_every_threshold_is_tried() -> None:
    edition = on(parameter_of(NIS2), KNOWN.date())
    tried = {id for id, *_ in CASES} | {"law", "law-any-damage", "care-lexmaria"}
    assert tried == {criterion.id for criterion in edition.criteria}


PLANNED = {"tsp-20min", "tsp-week-60min", "tsp-limited", "tsp-cia", "eu-loss", "eu-recurring"}


@pytest.mark.parametrize(("id", "under", "over"), EU, ids=lambda x: str(x)[:40])
def test_what_was_planned_is_not_counted_and_what_nobody_plans_is(
    id: str, under: dict[str, Any], over: dict[str, Any]
) -> None:
    """(EU) 2024/2690 art. 3.2: interruptions and consequences that were planned; no death is."""
    facts = {"known_at": KNOWN, **PROVIDER, **QUIET, **over}
    planned = judge(NIS2, facts | {"t.planned_maintenance": True}, at=KNOWN)
    assert (id in planned.hits) is (id not in PLANNED)
    unsure = judge(NIS2, {k: v for k, v in facts.items() if "planned" not in k}, at=KNOWN)
    assert (id in unsure.unknown) is (id in PLANNED)


def test_the_swedish_thresholds_begin_in_july_and_the_european_with_the_act() -> None:
    spring = datetime(2026, 3, 2, 10, 0, tzinfo=SWEDEN)
    care = {"known_at": spring, **sector("healthcare_provider"), **t(activity_limited_hours=99)}
    assert judge(NIS2, care, at=spring).unknown == ("law", "law-any-damage")
    provider = {"known_at": spring, **PROVIDER, **t(trust_service_down_minutes=21)}
    assert judge(NIS2, provider, at=spring).hits == ("tsp-20min",)


@pytest.mark.parametrize("name", ["serious_disruption", "harm_to_others_significant"])
def test_the_statute_itself_is_enough(name: str) -> None:
    """Below a threshold is not the same as not reportable: "har orsakat eller kan orsaka"."""
    facts = {"known_at": KNOWN, **sector("digital_providers"), f"t.{name}": True}
    assert judge(NIS2, facts, at=KNOWN).hits == ("law",)


def test_any_economic_damage_is_asked_for_although_none_is_significant() -> None:
    """CSL 2:5 says "ekonomisk skada", without "betydande"."""
    facts = {"known_at": KNOWN, **sector("digital_providers"), **QUIET}
    quiet = judge(NIS2, facts, at=KNOWN)
    assert (quiet.verdict, quiet.ask) == ("not_reportable", ("t.economic_damage",))
    assert judge(NIS2, facts | t(economic_damage=True), at=KNOWN).hits == ("law-any-damage",)
    assert judge(NIS2, facts | t(economic_damage=False), at=KNOWN).ask == ()


def test_the_three_broad_questions_are_asked_before_the_narrow_ones_they_hold() -> None:
    facts = {"known_at": KNOWN, **PROVIDER}
    asked = judge(NIS2, facts, at=KNOWN).ask
    assert set(QUIET) <= set(asked)
    assert not {"t.death", "t.trade_secrets_exfiltrated", "t.direct_loss_eur"} & set(asked)


def test_a_narrow_answer_stands_against_the_broad_one() -> None:
    facts = {"known_at": KNOWN, **PROVIDER, **QUIET, "t.death": True}
    assert "eu-death" in judge(NIS2, facts, at=KNOWN).hits
