"""PH04: IRIS CVE-2026-42540, CVE-2026-22783, Znuny CVE-2025-43926: more fields sent than asked."""

import json

import pytest
from django.test import Client

from tests.conftest import Hire
from vardkase.events.models import Event
from vardkase.organisation.models import Unit

FIELDS = {
    "number": "2020-0001", "state": "closed", "priority": 1, "care_harm": True, "sealed": True,
    "labels": ["patient"], "members": [1], "conflicts": [1], "reporter": 1, "reporter_id": 1,
    "id": 1, "pk": 1, "title": "Annan titel", "category": "malware", "code_digest": "x",
    "once": "x", "imported": {"a": 1}, "suggestion": {"priority": 1}, "rank": 0,
    "received_at": "2001-01-01T00:00:00Z", "search": "x", "unit_id": 1,
}  # fmt: skip


def left_alone(event: Event) -> None:
    found = (
        event.state,
        event.sealed,
        event.labels,
        event.members,
        event.conflicts,
        event.category,
    )
    assert found == ("unassessed", False, [], [], [], "")
    assert event.reporter_id is None
    assert event.imported is None
    assert event.number.startswith("2026-")
    assert event.title == "En dator är borta."
    assert event.received_at.year > 2020


def test_a_report_sets_its_own_fields_only(region: Unit, hire: Hire, client: Client) -> None:
    hire("ciso")
    body = {"what": "En dator är borta."} | FIELDS
    answer = client.post("/api/v1/reports", json.dumps(body), "application/json")
    if answer.status_code == 201:
        left_alone(Event.objects.get())
    else:
        assert answer.status_code == 422
        assert not Event.objects.exists()


@pytest.mark.parametrize("page", ["/rapportera", "/en/report"])
def test_the_form_sets_its_own_fields_only(
    region: Unit, hire: Hire, client: Client, page: str
) -> None:
    hire("ciso")
    extra = {name: str(value) for name, value in FIELDS.items()}
    client.post(page, {"what": "En dator är borta."} | extra)
    for event in Event.objects.all():
        left_alone(event)
