"""Communication over HTTP: the same verbs as the pages, and nothing that a page would not tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.conftest import Call
from tests.conftest import Hire

from vardkase.events.models import Event
from vardkase.policy.parameter import DATA, overlay

TEXT = {"audience": "media", "heading": "Läget", "text": "Vi arbetar.", "milestone": "confirmed"}


@pytest.mark.says("S2-119", "lämnas ut till egna medarbetare och journalister")
def test_a_program_writes_has_it_approved_and_tells_that_it_left(
    incident: Event, call: Call
) -> None:
    at = f"/events/{incident.number}/information"
    before = call("GET", at, role="ciso").json()
    assert "media" in {one["audience"] for one in before["prompts"]}
    made = call("POST", at, TEXT, role="ciso").json()
    one = f"{at}/{made['id']}"
    assert made["state"] == "draft"
    left = {"sent_at": "2026-11-22T09:00:00Z", "channel": "Webbplatsen"}
    assert call("POST", f"{one}/sent", left, role="ciso").status_code == 409
    said = {"approved": True, "expected": made["version"]}
    own = call("POST", f"{one}/verdict", said, role="ciso")
    assert (own.status_code, "yourself" in own.json()["detail"]) == (409, True)
    unread = call("POST", f"{one}/verdict", {"approved": True}, role="media_contact")
    assert unread.status_code == 422
    call("POST", f"{one}/verdict", said, role="media_contact")
    assert call("POST", f"{one}/sent", left, role="ciso").json()["state"] == "sent"
    after = call("GET", at, role="ciso").json()
    assert "media" not in {row["audience"] for row in after["prompts"]}
    assert [row["channel"] for row in after["texts"][0]["sent"]] == ["Webbplatsen"]


def test_the_lead_and_the_officer_are_told_of(incident: Event, call: Call, hire: Hire) -> None:
    hire("tib")
    at = f"/events/{incident.number}"
    made = call("POST", f"{at}/lead", {"to_crisis": True, "state": "x"}, role="ciso")
    assert (made.status_code, made.json()["taken_at"]) == (201, None)
    assert call("POST", f"{at}/lead/take", {}, role="tib").status_code == 200
    assert call("GET", f"{at}/lead", role="ciso").json()["with_crisis"]
    found = call("GET", f"{at}/dpo", role="ciso").json()
    assert found == {"packages": [], "opinions": []}


def test_the_list_goes_in_and_only_numbers_come_out(incident: Event, call: Call) -> None:
    at = f"/events/{incident.number}/affected"
    people = [{"name": "Anna Al", "protected": True}]
    body = {"audience": "data_subjects", "people": people}
    made = call("POST", at, body, role="dpo")
    assert (made.status_code, made.json()[0]["hidden"]) == (201, 1)
    assert "Anna" not in call("GET", at, role="dpo").content.decode()
    assert call("GET", at, role="ciso").status_code == 403


@pytest.fixture
def one_erases(tmp_path: Path) -> Iterator[None]:
    """An organisation whose policy lets one person erase the list."""
    rows = (DATA / "four_eyes.toml").read_text()
    erased = '[version.value.kinds."affected.erased"]'
    before, _, after = rows.partition(erased)
    (tmp_path / "four_eyes.toml").write_text(before + after[after.index("[version.value.kinds") :])
    overlay(tmp_path)
    yield
    overlay(None)


def test_a_program_erases_only_where_policy_lets_one_alone(
    incident: Event, call: Call, one_erases: None
) -> None:
    at = f"/events/{incident.number}/affected"
    people = [{"name": "Anna Al", "protected": False}]
    call("POST", at, {"audience": "data_subjects", "people": people}, role="dpo")
    sent = {"reason": "Gallringsbeslut 2026:4"}
    gone = call("POST", f"{at}/erasure", sent, role="dpo", key="an-erasure-of-its-own")
    assert (gone.status_code, gone.json()[0]["number"]) == (201, 1)
    assert list(incident.affected.values_list("name", flat=True)) == [""]
    again = call("POST", f"{at}/erasure", sent, role="dpo", key="an-erasure-of-its-own")
    assert (again.status_code, again.json()["title"]) == (409, "Done before")
