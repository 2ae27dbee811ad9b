"""The priority against the instruction that it comes from: one test a sentence, quoted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.assessment.ground import Ground
from vardkase.assessment.rules import (
    ASPECTS,
    EFFECTS,
    Facts,
    Judgement,
    Priority,
    faults,
    weigh,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GROUND = Ground.at(NOW)
CRITERIA = sorted(GROUND.criteria())
CRITICAL, HIGH, MEDIUM, LOW = 4, 3, 2, 1
VERY_GREAT, CONSIDERABLE, MODERATE, NONE = 4, 3, 2, 1


def judged(impact: int | None, urgency: int | None, **more: object) -> Judgement:
    given = {"outcome": "confirmed_incident", "reason": "x", **more}
    return Judgement(impact=impact, urgency=urgency, **given)  # type: ignore[arg-type]


def weighed(judgement: Judgement, facts: Facts | None = None) -> Priority:
    found = weigh(judgement, facts or Facts(), GROUND)
    assert found is not None
    return found


def rank(impact: int, urgency: int, facts: Facts | None = None, **more: object) -> int:
    return weighed(judged(impact, urgency, **more), facts).value


@pytest.mark.says(
    "S2-144", "Kritisk 1 2 3 3 Brådska - Urgency Hög Medel Låg 2 2 3 4 3 3 4 4 3 4 4 5"
)
def test_the_matrix_is_the_one_of_the_instruction() -> None:
    printed = [[rank(i, u) for u in (4, 3, 2, 1)] for i in (4, 3, 2, 1)]
    assert printed == [[1, 2, 3, 3], [2, 2, 3, 4], [3, 3, 4, 4], [3, 4, 4, 5]]


@pytest.mark.says(
    "S2-144", "Incidenter med stor påverkan och som är brådskande får högst prioritet"
)
def test_critical_and_very_urgent_is_priority_1() -> None:
    assert rank(CRITICAL, VERY_GREAT) == 1
    assert rank(LOW, NONE) == 5


@pytest.mark.says(
    "S2-146",
    "används för varje enskild incident vilket kan innebära att olika incidenter i samma system "
    "kan prioriteras olika",
)
def test_the_same_classes_give_two_incidents_their_own_priorities() -> None:
    same_system = Facts(classes={"availability": 2})
    assert [rank(HIGH, CONSIDERABLE, same_system), rank(LOW, NONE, same_system)] == [2, 5]


@pytest.mark.says(
    "S2-152",
    "Om risk för vårdskada föreligger ska incidenten automatiskt prioriteras upp och hanteras med "
    "förtur",
)
def test_a_risk_of_care_harm_raises_the_priority_and_says_so() -> None:
    assert rank(MEDIUM, MODERATE) == 4
    raised = weighed(judged(MEDIUM, MODERATE, care_harm=True))
    assert (raised.base, raised.value, raised.care_harm) == (4, 3, True)
    assert [rule["code"] for rule in raised.rules] == ["matrix", "care_harm"]
    assert raised.rules[1]["sv"].startswith("Risk för vårdskada: prioritet 4 blir 3")


def test_care_harm_raises_even_where_the_impact_is_low() -> None:
    assert rank(LOW, NONE, care_harm=True) == 4
    assert rank(CRITICAL, VERY_GREAT, care_harm=True) == 1


@pytest.mark.says("S2-139", "Risk för vårdskada föreligger")
@pytest.mark.parametrize(
    ("criterion", "risk"),
    [
        ("impact.critical.care_harm", True),
        ("impact.high.care_harm", True),
        ("impact.medium.care_harm", True),
        ("impact.low.care_harm", False),
    ],
)
def test_a_ticked_care_harm_criterion_says_the_same(criterion: str, risk: bool) -> None:
    assert weighed(judged(CRITICAL, NONE, criteria=(criterion,))).care_harm is risk


@pytest.mark.says(
    "S2-137", "ska incidenthanteringen för att åtgärda incidenten ha motsvarande prioritet"
)
def test_a_high_demand_that_cannot_be_upheld_is_a_floor() -> None:
    high = Facts(classes={"confidentiality": 3, "integrity": 1, "availability": 4})
    assert rank(LOW, NONE, high) == 5
    assert rank(LOW, NONE, high, effects={"confidentiality": "suspected"}) == 2
    assert rank(LOW, NONE, high, effects={"availability": "confirmed"}) == 1


@pytest.mark.says(
    "S2-136",
    "vilka krav organisationen har på konfidentialitet, riktighet och tillgänglighet hos den eller "
    "de informationstillgångar",
)
def test_the_floor_is_only_for_the_aspect_that_cannot_be_upheld() -> None:
    high = Facts(classes={"confidentiality": 4, "integrity": 0, "availability": 2})
    assert rank(LOW, NONE, high, effects={"integrity": "confirmed"}) == 5
    assert rank(LOW, NONE, high, effects={"confidentiality": "none"}) == 5
    assert rank(LOW, NONE, Facts(), effects={"confidentiality": "confirmed"}) == 5


@pytest.mark.says(
    "S2-140", "Två eller flera system, med lägre tillgänglighetskrav, med en kumulativ påverkan"
)
def test_incidents_that_belong_together_propose_a_greater_impact() -> None:
    alone, three = weighed(judged(LOW, NONE)), weighed(judged(LOW, NONE), Facts(linked=3))
    assert [rule["code"] for rule in three.rules] == ["matrix", "cumulative"]
    assert "Minst påverkan Hög föreslås" in three.rules[1]["sv"]
    assert three.value == alone.value, "the assessor says whether it adds up"
    assert len(weighed(judged(HIGH, NONE), Facts(linked=3)).rules) == 1


@pytest.mark.says(
    "S2-138", "Påverkan är ett mått på den effekt en incident har på verksamhetsprocesserna"
)
def test_the_highest_criterion_wins() -> None:
    ticked = judged(MEDIUM, NONE, criteria=("impact.low.cost", "impact.critical.trust"))
    (fault,) = faults(ticked, GROUND)
    assert (fault.field, fault.code) == ("impact", "below_criterion")
    assert fault.criterion is not None
    assert fault.criterion.ordinal == CRITICAL
    assert not faults(replace(ticked, impact=CRITICAL), GROUND)


@pytest.mark.says("S2-142", "det finns ingen reservplan/alternativ lösning")
@pytest.mark.says("S2-143", "Skadan som incidenten orsakar ökar snabbt i omfattning")
@pytest.mark.parametrize("code", ["urgency.immediate.workaround", "urgency.immediate.growth"])
def test_urgency_has_its_criteria_too(code: str) -> None:
    (fault,) = faults(judged(LOW, CONSIDERABLE, criteria=(code,)), GROUND)
    assert fault.field == "urgency"


def test_below_a_criterion_needs_a_priority_set_by_hand_with_a_reason() -> None:
    low = judged(LOW, NONE, criteria=("impact.critical.cost",), override=4)
    assert [f.field for f in faults(low, GROUND)] == ["override_reason"]
    said = replace(low, override_reason="Kostnaden bärs av leverantören.")
    assert not faults(said, GROUND)
    assert weighed(said).value == 4
    assert weighed(said).rules[-1]["sv"] == "Prioriteten är satt för hand till 4 i stället för 5."


@pytest.mark.says("S2-001", "på ett strukturerat sätt klassificera")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"impact": None}, "impact"),
        ({"urgency": 5}, "urgency"),
        ({"reason": " \n"}, "reason"),
        ({"outcome": "maybe"}, "outcome"),
        ({"category": "ghosts"}, "category"),
        ({"category": "malware", "example": "war"}, "example"),
        ({"example": "war"}, "example"),
        ({"effects": {"smell": "none"}}, "effects"),
        ({"effects": {"integrity": "maybe"}}, "effects"),
        ({"criteria": ("impact.critical.fun",)}, "criteria"),
        ({"override": 6, "override_reason": "x"}, "override"),
    ],
)
def test_what_policy_does_not_know_is_refused_at_its_field(
    wrong: dict[str, object], field: str
) -> None:
    assert [f.field for f in faults(replace(judged(2, 2), **wrong), GROUND)] == [field]  # type: ignore[arg-type]


def test_not_an_incident_needs_no_more_than_a_reason() -> None:
    nothing = Judgement(outcome="not_incident", reason="Övning.")
    assert not faults(nothing, GROUND)
    assert weigh(nothing, Facts(), GROUND) is None


LEVEL = st.integers(1, 4)
JUDGEMENTS = st.builds(
    Judgement,
    outcome=st.just("possible_incident"),
    impact=LEVEL,
    urgency=LEVEL,
    care_harm=st.booleans(),
    effects=st.dictionaries(st.sampled_from(ASPECTS), st.sampled_from(EFFECTS)),
    criteria=st.lists(st.sampled_from(CRITERIA), unique=True).map(tuple),
)
FACTS = st.builds(
    Facts, classes=st.dictionaries(st.sampled_from(ASPECTS[:3]), st.integers(0, 4)),
    linked=st.integers(1, 9),
)  # fmt: skip


@given(JUDGEMENTS, FACTS)
def test_a_priority_is_1_to_5_and_told_in_both_languages(
    judgement: Judgement, facts: Facts
) -> None:
    found = weighed(judgement, facts)
    assert 1 <= found.value <= found.base <= 5
    assert all(rule["sv"] and rule["en"] and "{" not in rule["sv"] for rule in found.rules)


@given(JUDGEMENTS, FACTS, LEVEL, LEVEL)
def test_worse_never_gives_a_lower_priority(
    judgement: Judgement, facts: Facts, impact: int, urgency: int
) -> None:
    worse = replace(
        judgement,
        impact=max(impact, judgement.impact or 1),
        urgency=max(urgency, judgement.urgency or 1),
    )
    assert weighed(worse, facts).value <= weighed(judgement, facts).value


@given(JUDGEMENTS, FACTS)
def test_care_harm_never_lowers(judgement: Judgement, facts: Facts) -> None:
    harm, none = (replace(judgement, care_harm=risk) for risk in (True, False))
    assert weighed(harm, facts).value <= weighed(none, facts).value


@given(JUDGEMENTS, FACTS)
def test_a_higher_demand_never_lowers(judgement: Judgement, facts: Facts) -> None:
    stricter = Facts(dict.fromkeys(ASPECTS[:3], 4), facts.linked)
    assert weighed(judgement, stricter).value <= weighed(judgement, facts).value
