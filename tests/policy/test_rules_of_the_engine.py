"""The nine rules that facts of law force upon the engine, one after the other (docs/law.md)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vardkase.policy.facts import still_fitting
from vardkase.policy.judge import Judgement, judge, judge_by
from vardkase.policy.parameter import SWEDEN, parse
from vardkase.policy.period import BadPeriod, after
from vardkase.policy.regime_files import catalogue, regime, regimes

KNOWN = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)
LATER = datetime(2026, 10, 24, 8, 0, tzinfo=SWEDEN)
REGION: dict[str, Any] = {
    "known_at": KNOWN,
    "org.csl_entity": True,
    "org.trust_service_provider": False,
    "org.controller": True,
    "org.sectors": ["healthcare_provider"],
    "t.personal_data": True,
}


def ask(id: str, **facts: Any) -> Judgement:
    return judge(id, REGION | facts, at=LATER)


def test_1_unknown_is_not_no_and_a_provisional_clock_runs() -> None:
    found = ask("eu-gdpr")
    assert found.verdict == "undetermined"
    (clock,) = [clock for clock in found.clocks if clock.step.id == "imy"]
    assert clock.due == KNOWN + timedelta(hours=71)  # on the clock: the night has 25 hours
    (maybe,) = [clock for clock in found.clocks if clock.step.id == "subjects"]
    assert not maybe.certain


def test_2_clocks_have_anchors_of_many_kinds() -> None:
    anchors = {
        anchor
        for id in regimes()
        for step in regime(id, KNOWN if id != "se-nis1" else KNOWN.replace(year=2025)).steps
        for branch in step.due
        for end in branch.ends
        for anchor in end.anchors
    }
    assert {"occurred_at", "detected_at", "known_at", "classified_at", "handled_at"} <= anchors
    assert "submitted:notification" in anchors


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-03-28T12:00+01:00", "PT24H", "2026-03-29T13:00+02:00"),
        ("2026-10-24T12:00+02:00", "PT24H", "2026-10-25T11:00+01:00"),
        ("2026-10-24T12:00+02:00", "P1M", "2026-11-24T12:00+01:00"),
        ("2026-12-31T12:00+01:00", "P2M", "2027-02-28T12:00+01:00"),
        ("2027-08-31T12:00+02:00", "P6M", "2028-02-29T12:00+01:00"),
        ("2026-12-15T12:00+01:00", "P12M", "2027-12-15T12:00+01:00"),
        ("2026-10-24T12:00+02:00", "P1W", "2026-10-31T11:00+01:00"),
        ("2026-10-24T12:00+02:00", "P1D", "2026-10-25T11:00+01:00"),
        ("2026-10-24T12:00+02:00", "PT30M", "2026-10-24T12:30+02:00"),
        ("2026-10-24T12:00+02:00", "PT0H", "2026-10-24T12:00+02:00"),
    ],
)
def test_3_hours_elapse_and_months_are_of_the_calendar(start: str, period: str, end: str) -> None:
    found = after(datetime.fromisoformat(start), period)
    assert found == datetime.fromisoformat(end)
    assert found.utcoffset() == datetime.fromisoformat(end).utcoffset()


def test_3_no_weekend_lengthens_a_clock() -> None:
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=SWEDEN)
    assert after(friday, "PT72H") == datetime(2026, 11, 23, 16, 0, tzinfo=SWEDEN)


@pytest.mark.parametrize("period", ["", "72", "P", "PT", "P1M1D", "P-1M", "PT1.5H", "P1Y", "pt1h"])
def test_3_nothing_else_is_a_period(period: str) -> None:
    with pytest.raises(BadPeriod):
        after(KNOWN, period)


def test_4_the_recipient_is_of_the_day_of_sending_the_version_of_awareness() -> None:
    spring = {"known_at": datetime(2026, 6, 30, 12, tzinfo=SWEDEN)}
    found = judge("se-nis2-csl", REGION | spring, at=LATER)
    assert found.version == "2026-01-15"
    assert str(found.clocks[0].recipient).startswith("FRA")


def test_5_later_facts_plan_anew_by_the_same_rule() -> None:
    first = ask("eu-dora", **{"org.dora_entity": True}).clocks[0].due
    moved = ask("eu-dora", **{"org.dora_entity": True, "classified_at": LATER}).clocks[0].due
    assert first == KNOWN + timedelta(hours=24)
    assert moved == LATER + timedelta(hours=4)


def test_6_a_breach_that_is_not_notified_is_documented_all_the_same() -> None:
    found = ask("eu-gdpr", **{"t.risk_to_individuals": "unlikely"})
    assert found.verdict == "not_reportable"
    assert [duty.id for duty in found.always] == ["register"]
    assert found.always[0].ground.ref.endswith("33.5")


def test_7_an_exclusion_may_stop_the_writing_too() -> None:
    found = ask("se-nis2-csl", **{"incident.in_security_sensitive_part": True})
    assert found.stops_recording
    assert not ask("se-nis2-csl", **{"org.dora_entity": True}).stops_recording
    assert ask("se-nis2-csl", **{"org.dora_entity": True}).verdict == "excluded"


def test_8_one_datum_feeds_many_forms_and_may_be_secret_in_each() -> None:
    forms = [
        (id, field)
        for id in regimes()
        if id != "se-nis1"
        for rows in regime(id, KNOWN).forms.values()
        for field in rows
    ]
    fed = {id for id, field in forms if "incident.measures" in field.sources}
    assert {"eu-gdpr", "se-eidas", "se-nis2-csl"} <= fed
    secrecy = {f.secrecy for _, f in forms if "incident.measures" in f.sources}
    assert {"OSL 18:8 b", "OSL 18:8 p. 3"} <= secrecy
    lessons = [f for _, f in forms if f.sources == ("lessons.items",)]
    assert any(field.may_follow_later for field in lessons)


def test_9_an_unknown_need_is_unknown_and_not_skipped() -> None:
    known = {n: v for n, v in REGION.items() if n != "org.sectors"}
    found = judge("se-nis2-csl", known | {"t.activity_limited_hours": 2}, at=LATER)
    assert "care-1h" in found.unknown
    assert found.verdict == "undetermined"


def test_9_the_earliest_of_the_branches_is_the_safe_one() -> None:
    known = {n: v for n, v in REGION.items() if n != "org.trust_service_provider"}
    found = judge("se-nis2-csl", known, at=LATER)
    assert found.clocks[1].due == (KNOWN.astimezone(UTC) + timedelta(hours=24))


def test_an_unknown_applicability_or_exclusion_stops_no_clock() -> None:
    facts = {"known_at": KNOWN, "org.sectors": ["healthcare_provider"]}
    found = judge("se-nis2-csl", facts | {"t.activity_limited_hours": 2}, at=LATER)
    assert found.verdict == "reportable"
    assert {"org.csl_entity", "incident.in_security_sensitive_part"} <= set(found.ask)


def test_an_answer_that_no_longer_fits_is_unknown_again() -> None:
    """A case answered under an earlier catalogue must open under today's."""
    kept = {"t.enisa_level": 9, "gone": 1, "org.csl_entity": True, "org.county": "malmo"}
    assert still_fitting(kept, catalogue()) == {"org.csl_entity": True}


CIRCLE = """
id = "regimes.own-circle"
unit = "regime"
sv = "Cirkel"
en = "Circle"
[[version]]
since = 2026-01-01
source = "Prov"
checked = 2026-11-22
status = "unverified"
[version.value]
version = "1"
legal = []
criteria = [{ id = "self", sv = "x", en = "x", legal = "x", level = "M", status = "unverified", if = { fact = "regime.own-circle", is = "reportable" } }]
steps = []
recipients = {}
"""  # noqa: E501


def test_a_regime_that_asks_for_itself_is_undetermined() -> None:
    found = judge_by(parse(CIRCLE), {}, at=LATER)
    assert (found.verdict, found.ask) == ("undetermined", ("regime.own-circle",))
