"""The pages of step 3, as people meet them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow import handle
from vardkase.workflow.handle import Chain, Judged, Task

type SignedIn = Callable[[Person], Client]


@pytest.fixture
def client_of(signed_in: SignedIn, ingrid: Person) -> Client:
    return signed_in(ingrid)


@pytest.fixture
def busy(incident: Event, server: Asset, ingrid: Person) -> Event:
    """An incident in full course."""
    at = timezone.now()
    by = actor_of(ingrid, at)
    handle.link_asset(incident, server, by=by, at=at)
    handle.update_situation(incident, "Filserver G: är bortkopplad.", by=by, at=at)
    chain = Chain("Utpressare", "Stulet konto", "VPN utan tvåfaktor", "Ingen når sina filer")
    handle.draw_relation(incident, chain, by=by, at=at)
    task = Task("Koppla bort G:", "immediate", ingrid, at - timedelta(hours=1))
    handle.assign_action(incident, task, by=by, at=at)
    incident.refresh_from_db()
    handle.decide(incident, "G: kopplas bort.", by=by, at=at)
    handle.declare_under_control(incident, Judged("Sprider sig inte.", at), by=by, at=at)
    return incident


def test_the_case_page_shows_what_stands_now(client_of: Client, busy: Event) -> None:
    answer = client_of.get(f"/arenden/{busy.number}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f"<title>Ärende {busy.number} –" in html  # a tab and a history tell no more
    for words in (
        "Filserver G: är bortkopplad.",
        "VPN utan tvåfaktor",
        "Skriv på papper, blankett 7.",
        "Krisplan för driftstopp",
        "Koppla bort G:",
        "Försenad",
        "Ej verifierad",
        "Kedjan är hel",
        "Under kontroll",
        "Beslut:",
    ):
        assert words in html, words


def test_the_summary_is_a_pdf_and_data_and_both_stand_in_the_log(
    client_of: Client, busy: Event, ingrid: Person
) -> None:
    at = timezone.now()
    handle.note(busy, "dolt \u202e tecken", by=actor_of(ingrid, at), at=at)
    paper = client_of.get(f"/arenden/{busy.number}/sammanfattning.pdf")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    data = client_of.get(f"/arenden/{busy.number}/sammanfattning.json").json()
    assert data["what"]["statements"][0]["status"] == "unverified"
    assert [one["kind"] for one in data["decisions"]].count("case.decided") == 1
    assert Entry.objects.filter(chain=busy.number, kind="export.made").count() == 2


def test_a_case_page_costs_few_statements_whatever_its_log(
    client_of: Client, busy: Event, ingrid: Person
) -> None:
    at = timezone.now()
    for n in range(190):
        handle.note(busy, f"rad {n}", by=actor_of(ingrid, at), at=at)
    client_of.get(f"/arenden/{busy.number}")
    with CaptureQueriesContext(connection) as seen:
        answer = client_of.get(f"/arenden/{busy.number}")
    assert answer.status_code == 200
    assert len(seen) <= 15, "\n".join(q["sql"][:150] for q in seen)
