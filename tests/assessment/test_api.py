"""Step 2 over HTTP, as the contract says it, for programs that hold a token."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.assessment.conftest import Tell
from tests.conftest import LONG_AGO, NOW, Hire
from vardkase.assessment.models import Assessment
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Token, Unit

BODY = {
    "outcome": "confirmed_incident",
    "impact": 4,
    "urgency": 3,
    "care_harm": False,
    "category": "malware",
    "reason": "Pågående kryptering.",
}
FOREVER = NOW + timedelta(days=36500)

type Call = Callable[..., Any]


@pytest.fixture
def token(region: Unit) -> Callable[..., str]:
    """A token of a role: `token("assessor", hospital)` gives its secret."""

    def make(role: str, unit: Unit | None = None) -> str:
        secret = f"secret-{role}-{Token.objects.count()}"
        Token.objects.create(
            name=role, role=role, unit=unit or region, digest=fingerprint(secret),
            created_at=LONG_AGO, expires_at=FOREVER, by="system",
        )  # fmt: skip
        return secret

    return make


@pytest.fixture
def call(client: Client, token: Callable[..., str]) -> Call:
    """`call("POST", path, body, role="assessor", unit=hospital)`."""
    shown: dict[tuple[str, Unit | None], str] = {}

    def one(
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str = "assessor",
        unit: Unit | None = None,
    ) -> Any:
        secret = shown.setdefault((role, unit), token(role, unit))
        return client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body),
            "application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return one


def path(event: Event, rest: str = "assessments") -> str:
    return f"/events/{event.number}/{rest}"


def test_an_assessment_answers_priority_rules_and_policy(event: Event, call: Call) -> None:
    answer = call("POST", path(event), BODY)
    said = answer.json()
    assert answer.status_code == 201
    assert said["priority"] == 2
    assert [rule["code"] for rule in said["rules"]] == ["matrix"]
    assert said["policy"]["priority.matrix"] == "2017-03-03"
    assert call("GET", f"/events/{event.number}").json()["state"] == "confirmed_incident"


def test_care_harm_is_among_the_rules(event: Event, call: Call) -> None:
    said = call("POST", path(event), BODY | {"impact": 1, "urgency": 1, "care_harm": True}).json()
    assert said["priority"] == 4
    assert said["rules"][1]["code"] == "care_harm"
    assert said["rules"][1]["en"].startswith("Risk of harm to a patient")


@pytest.mark.parametrize("outcome", ["possible_incident", "not_incident"])
def test_the_other_outcomes_pass_the_same_door(event: Event, call: Call, outcome: str) -> None:
    assert call("POST", path(event), BODY | {"outcome": outcome}).json()["priority"] == 2
    assert call("GET", f"/events/{event.number}").json()["state"] == outcome


def test_the_history_is_every_row_newest_first(event: Event, call: Call) -> None:
    for outcome in ("possible_incident", "not_incident"):
        call("POST", path(event), BODY | {"outcome": outcome})
    rows = call("GET", path(event)).json()
    assert [row["outcome"] for row in rows] == ["not_incident", "possible_incident"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"impact": 5}, "impact"),
        ({"impact": True}, "impact"),
        ({"impact": None}, "impact"),
        ({"urgency": "4"}, "urgency"),
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"reason": "\ud800"}, "reason"),
        ({"reason": "x" * 20_001}, "reason"),
        ({"category": "ghosts"}, "category"),
        ({"category": "\x00"}, "category"),
        ({"effects": {"smell": "none"}}, "effects"),
        ({"criteria": ["impact.critical.fun"]}, "criteria"),
        ({"override": 1}, "override_reason"),
        ({"expected": -1}, "expected"),
        ({"expected": 10**30}, "expected"),
        ({"impact": 1, "criteria": ["impact.critical.trust"]}, "impact"),
    ],
)
def test_what_is_no_assessment_is_refused_at_its_field(
    event: Event, call: Call, wrong: dict[str, Any], field: str
) -> None:
    answer = call("POST", path(event), BODY | wrong)
    assert (answer.status_code, answer["content-type"]) == (422, "application/problem+json")
    assert any(field in row["field"] for row in answer.json()["errors"]), answer.json()
    assert not Assessment.objects.exists()


def test_the_faults_are_told_in_english(event: Event, call: Call) -> None:
    body = BODY | {"impact": 1, "criteria": ["impact.critical.trust"]}
    (row,) = call("POST", path(event), body).json()["errors"]
    assert "Very serious or catastrophic loss of trust" in row["message"]
    assert row["message"].startswith("You ticked")


def test_what_one_may_not_see_is_not_there(
    event: Event, call: Call, archive: Unit, tell: Tell
) -> None:
    assert call("POST", path(event), BODY, unit=archive).status_code == 404
    assert call("POST", "/events/2026-9999/assessments", BODY).status_code == 404
    assert call("POST", "/events/2026%00/assessments", BODY).status_code == 404
    Event.objects.filter(pk=event.pk).update(sealed=True)
    assert call("POST", path(event), BODY, role="ciso").status_code == 404
    assert call("POST", path(event), BODY, role="security_chief").status_code == 201


@pytest.mark.parametrize("role", ["receiver", "tib", "auditor", "integration"])
def test_who_is_not_delegated_is_refused(event: Event, call: Call, role: str) -> None:
    assert call("POST", path(event), BODY, role=role).status_code == 403


def test_nobody_is_asked_for_a_token(event: Event, client: Client) -> None:
    assert client.post(f"/api/v1{path(event)}", BODY, "application/json").status_code == 401


def test_an_overtaken_assessment_is_a_conflict(event: Event, call: Call) -> None:
    first = call("POST", path(event), BODY | {"expected": 0}).json()
    second = call("POST", path(event), BODY | {"expected": 0})
    assert second.status_code == 409
    assert f"expected: {first['id']}" in second.json()["detail"]
    assert call("POST", path(event), BODY | {"expected": first["id"]}).status_code == 201


def test_merge_and_undo(tell: Tell, call: Call) -> None:
    report, case = tell("a"), tell("b")
    made = call("POST", path(report, "merges"), {"into": case.number, "reason": "Samma."})
    assert (made.status_code, made.json()["state"]) == (201, "merged")
    assert call("POST", path(report), BODY).status_code == 409
    again = call("POST", path(report, "merges"), {"into": case.number})
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "The event is already merged with that case.",
    )
    undone = call("POST", path(report, f"merges/{case.number}/undo"))
    assert (undone.status_code, undone.json()["state"]) == (200, "unassessed")
    assert call("POST", path(report, f"merges/{case.number}/undo")).status_code == 404


def test_refer_and_answer(event: Event, call: Call, hire: Hire, archive: Unit) -> None:
    ivan = hire("handler", archive)
    body = {"person": ivan.pk, "question": "Kan det spridas?", "due_at": "2036-01-01T00:00:00Z"}
    assert call("POST", path(event, "referrals"), body).status_code == 409  # more than a year off
    late = body | {"due_at": "2020-01-01T00:00:00Z"}
    assert call("POST", path(event, "referrals"), late).status_code == 409
    naive = body | {"due_at": "2027-01-01T00:00:00"}
    assert call("POST", path(event, "referrals"), naive).status_code == 422


def test_a_referral_is_answered_once(event: Event, call: Call, hire: Hire, archive: Unit) -> None:
    due = (timezone.now() + timedelta(hours=4)).isoformat()
    ivan = hire("handler", archive)
    body = {"person": ivan.pk, "question": "Kan det spridas?", "due_at": due}
    made = call("POST", path(event, "referrals"), body)
    assert made.status_code == 201
    answer = path(event, f"referrals/{made.json()['id']}/answer")
    assert call("POST", answer, {"text": "Ja."}).status_code == 201
    assert call("POST", answer, {"text": "Nej."}).status_code == 409
    assert call("POST", path(event, "referrals/999/answer"), {"text": "Ja."}).status_code == 404


def test_a_question_makes_the_event_wait(event: Event, call: Call) -> None:
    assert call("POST", path(event, "questions"), {"text": "Vilken server?"}).status_code == 201
    assert call("GET", f"/events/{event.number}").json()["state"] == "waiting"


# The queue


def test_the_queue_is_care_harm_first_then_priority_then_the_oldest(tell: Tell, call: Call) -> None:
    calm = tell("a", answers={"work": ["as_usual"]})
    harm = tell("b", answers={"harm": ["yes"], "work": ["as_usual"]})
    stop = tell("c", answers={"work": ["cannot"], "affected": ["availability"]})
    items = call("GET", "/events?state=unassessed").json()["items"]
    assert [item["number"] for item in items] == [harm.number, stop.number, calm.number]
    assert items[0]["suggestion"]["care_harm"] is True
    assert items[1]["suggestion"]["reasons"][0]["sv"]


@pytest.mark.says("S2-019", "via personer eller automatiska funktioner")
def test_people_s_and_machines_reports_stand_in_one_queue(tell: Tell, call: Call) -> None:
    tell("En dator larmar.", source="monitoring")
    tell("Jag såg det.", source="user")
    assert len(call("GET", "/events?state=unassessed").json()["items"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "state=open",
        "state=%00",
        "limit=0",
        "limit=201",
        "limit=x",
        "after=x",
        "after=WzEsMl0",  # [1,2]: not a moment
        "state=unassessed&after=WyIyMDI2LTAxLTAxVDAwOjAwWiIsMSwyXQ",  # a moment for a rank
        "state=unassessed&after=WyJhIiwxLDJd",
        f"q={'x' * 201}",
    ],
)
def test_a_question_that_cannot_be_answered_is_told_so(
    event: Event, call: Call, query: str
) -> None:
    assert call("GET", f"/events?{query}").status_code == 422


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=%27%22%3B--", "q=(%7C%26!"])
def test_an_odd_question_is_answered(event: Event, call: Call, query: str) -> None:
    assert call("GET", f"/events?{query}").status_code == 200


def test_a_question_finds_number_and_words(event: Event, tell: Tell, call: Call) -> None:
    tell("En skärm visar fel tid.")
    for asked in (event.number, "krypterade"):
        items = call("GET", f"/events?q={asked}&state=unassessed").json()["items"]
        assert [item["number"] for item in items] == [event.number]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    ranks=st.lists(
        st.tuples(st.booleans(), st.integers(1, 5), st.integers(0, 3)), min_size=0, max_size=12
    ),
    limit=st.integers(1, 5),
    state=st.sampled_from(["unassessed", ""]),
)
def test_pages_neither_skip_nor_repeat(
    hospital: Unit, call: Call, ranks: list[tuple[bool, int, int]], limit: int, state: str
) -> None:
    Event.objects.all().delete()
    Event.objects.bulk_create(
        Event(
            number=f"2026-{n:04d}", title="x", what="x", unit=hospital, care_harm=harm,
            priority=priority, reported_at=NOW - timedelta(hours=hours), received_at=NOW,
        )
        for n, (harm, priority, hours) in enumerate(ranks)
    )  # fmt: skip
    seen, after = list[str](), ""
    for _ in range(len(ranks) + 1):
        query = f"state={state}&" if state else ""
        page = call("GET", f"/events?{query}limit={limit}&after={after}").json()
        seen += [item["number"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(seen) == [f"2026-{n:04d}" for n in range(len(ranks))]
