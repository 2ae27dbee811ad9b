"""The answers suggest an assessment, with the reason; they never decide."""

import pytest
from tests.conftest import NOW

from vardkase.events.rules import UNKNOWN_PRIORITY, Answers, Suggestion, suggest
from vardkase.policy.parameter import parameter


def suggested(answers: Answers) -> Suggestion:
    ids = {
        "table": "report.suggestion",
        "matrix": "priority.matrix",
        "care_raise": "priority.care_harm_raise",
    }
    return suggest(answers, **{k: parameter(id).at(NOW) for k, id in ids.items()})


@pytest.mark.says("S2-040", "rätt frågor ställs som behövs för att underlätta bedömningen")
def test_answers_give_a_suggestion_with_its_reasons() -> None:
    found = suggested({"work": ["cannot"], "affected": ["availability"]})
    assert (found.impact, found.urgency, found.priority) == (3, 4, 2)
    assert "Verksamheten kan inte arbeta." in {reason["sv"] for reason in found.reasons}


def test_no_answer_is_not_the_lowest_priority() -> None:
    assert suggested({}).priority == UNKNOWN_PRIORITY
    assert suggested({"work": ["unknown"]}).reasons == ()


@pytest.mark.says(
    "S2-152", "Om risk för vårdskada föreligger ska incidenten automatiskt prioriteras upp"
)
def test_harm_raises_the_suggestion_too() -> None:
    calm = suggested({"work": ["hampered"], "affected": ["integrity"]})
    harm = suggested({"work": ["hampered"], "affected": ["integrity"], "harm": ["yes"]})
    assert (calm.care_harm, harm.care_harm) == (False, True)
    assert harm.priority < calm.priority


@pytest.mark.parametrize("row", parameter("report.suggestion").at(NOW).value, ids=lambda r: r["en"])
def test_every_row_of_the_policy_can_be_reached(row: dict[str, dict[str, list[str]]]) -> None:
    answers = {question: codes[:1] for question, codes in row["when"].items()}
    assert row["sv"] in [reason["sv"] for reason in suggested(answers).reasons]


def test_codes_that_nobody_offered_suggest_nothing() -> None:
    assert suggested({"work": ["'; DROP TABLE"], "nosuch": ["yes"]}).reasons == ()
