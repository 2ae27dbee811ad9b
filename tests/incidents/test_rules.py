"""The four steps with their conditions, and when an incident is the same again. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOW
from vardkase.incidents.rules import (
    Facts,
    Traits,
    conditions,
    current,
    months_back,
    recurrence,
    steps,
)
from vardkase.policy.parameter import parameter


def facts(state: str = "confirmed_incident", **more: object) -> Facts:
    known = {"state": state, "reported_at": NOW, "received_at": NOW, "opened_at": NOW}
    return Facts(**known | more)  # type: ignore[arg-type]


@pytest.mark.says(
    "S2-018",
    "Hantering av informationssäkerhetshändelser sker enligt fyra huvudsakliga steg",
)
def test_there_are_four_steps_each_with_conditions_and_times() -> None:
    found = steps(facts(assessed_at=NOW + timedelta(minutes=9)))
    assert [step.code for step in found] == ["report", "assess", "handle", "conclude"]
    assert all(step.entry and step.exit for step in found)
    assert [step.standing for step in found] == ["past", "past", "now", "ahead"]
    assert (found[1].since, found[1].until) == (NOW, NOW + timedelta(minutes=9))


@pytest.mark.parametrize(
    ("state", "more", "step"),
    [
        ("unassessed", {}, 2),
        ("waiting", {}, 2),
        ("possible_incident", {}, 3),
        ("confirmed_incident", {}, 3),
        ("confirmed_incident", {"under_control_at": NOW}, 3),
        ("confirmed_incident", {"restored_at": NOW}, 4),
        ("closed", {}, 5),
    ],
)
def test_where_a_case_is(state: str, more: dict[str, object], step: int) -> None:
    assert current(facts(state, **more)) == step


@pytest.mark.parametrize("state", ["not_incident", "merged"])
def test_what_is_no_incident_of_its_own_has_two_steps(state: str) -> None:
    assert [step.standing for step in steps(facts(state))][2:] == ["outside", "outside"]


@pytest.mark.says("S1-12", "stödjer att incidenter upptäcks, bedöms, åtgärdas och utreds")
def test_a_case_moves_on_as_its_conditions_come_to_hold() -> None:
    walked = [
        current(facts("unassessed")),
        current(facts()),
        current(facts(under_control_at=NOW, restored_at=NOW)),
        current(facts("closed", closed_at=NOW)),
    ]
    assert walked == [2, 3, 4, 5]


def test_an_open_immediate_action_keeps_the_case_in_step_3() -> None:
    assert not conditions(facts(open_actions={"immediate": 1}))["immediate_done"]
    assert conditions(facts(open_actions={"preventive": 1}))["immediate_done"]


@pytest.mark.parametrize(("effect", "asked"), [("none", 0), ("suspected", 1), ("confirmed", 1)])
def test_a_hurt_confidentiality_asks_for_its_own_answer(effect: str, asked: int) -> None:
    (*_others, last) = steps(facts(effects={"confidentiality": effect}))
    assert [c.code for c in last.exit].count("disclosure_checked") == asked


def test_every_condition_has_its_words() -> None:
    words = parameter("incidents.conditions").at(NOW).value
    assert set(words) == set(conditions(facts()))


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        ((2026, 11, 22), 12, (2025, 11, 22)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2023, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 1), 24, (2024, 12, 1)),
    ],
)
def test_months_are_those_of_the_calendar(
    day: tuple[int, int, int], months: int, earlier: tuple[int, int, int]
) -> None:
    found = months_back(datetime(*day, 9, tzinfo=UTC), months)
    assert (found.year, found.month, found.day, found.hour) == (*earlier, 9)


def traits(*assets: int, category: str = "malware", unit: int = 1, cause: str = "") -> Traits:
    return Traits(frozenset(assets), category, unit, cause)


@pytest.mark.says("S2-004", "bidra till att de inte upprepas")
@pytest.mark.parametrize(
    ("this", "earlier", "why"),
    [
        (traits(1, category=""), traits(1, 2, category="", unit=9), "same_asset"),
        (traits(cause="crime"), traits(cause="crime"), "same_cause"),
        (traits(), traits(cause="crime"), "same_kind"),
        (traits(cause="unknown"), traits(cause="crime"), "same_kind"),
        (traits(cause="fault"), traits(cause="crime"), ""),
        (traits(cause="fault", unit=2), traits(cause="fault"), ""),
        (traits(category=""), traits(category=""), ""),
        (traits(1), traits(2, category="x"), ""),
    ],
)
def test_when_an_incident_is_the_same_again(this: Traits, earlier: Traits, why: str) -> None:
    assert recurrence(this, earlier) == why
