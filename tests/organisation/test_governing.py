"""What governs a step is shown in that step, to those whom it concerns (S1-17)."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor, Grant
from vardkase.assessment.rules import Judgement
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation import services
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

BOSS = Actor("p1", "Chef", NOW, (Grant("ciso", "/"),))
JUDGED = Judgement(
    outcome="confirmed_incident", impact=2, urgency=2, category="malware", reason="x"
)


@pytest.fixture
def laid_down(region: Unit) -> None:
    for step, title in (
        ("report", "Så rapporterar du"),
        ("assess", "Så bedömer vi"),
        ("handle", "Så hanterar vi"),
        ("conclude", "Så lär vi"),
        ("all", "Säkerhetspolicyn"),
    ):
        values = {"title": title, "step": step, "version": "3", "since": NOW.date()}
        values["link"] = f"https://example.org/{step}"
        services.add_document(values, by=BOSS, at=NOW)


@pytest.fixture
def event(hospital: Unit) -> Event:
    sent = Report(what="Filer krypterade.", unit=hospital.pk)
    return report(sent, by=Actor.reporter(NOW), at=NOW).event


def told(client: Client, url: str) -> set[str]:
    """The titles that the page shows."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    titles = ("Så rapporterar du", "Så bedömer vi", "Så hanterar vi", "Så lär vi")
    page = answer.content.decode()
    return {title for title in (*titles, "Säkerhetspolicyn") if title in page}


@pytest.mark.says(
    "S1-17",
    "Informationssäkerhetspolicy, riktlinjer, instruktioner eller andra styrdokument",
)
def test_each_step_shows_its_documents(
    laid_down: None, event: Event, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    boss = signed_in(hire("ciso"))
    number = event.number
    assert told(boss, "/rapportera") == {"Så rapporterar du", "Säkerhetspolicyn"}
    assert told(boss, f"/handelser/{number}/bedom") == {"Så bedömer vi", "Säkerhetspolicyn"}
    assess(event, JUDGED, by=BOSS, at=NOW)
    assert told(boss, f"/arenden/{number}") == {"Så hanterar vi", "Säkerhetspolicyn"}
    for page in ("slutsatser", "avsluta"):
        assert told(boss, f"/arenden/{number}/{page}") == {"Så lär vi", "Säkerhetspolicyn"}


@pytest.mark.parametrize("url", ["/rapportera", "/rad"])
def test_outsiders_see_what_was_linked_to_reporting_alone(
    laid_down: None, client: Client, url: str
) -> None:
    assert told(client, url) == {"Så rapporterar du"}


def test_a_withdrawn_document_is_shown_nowhere(region: Unit, client: Client) -> None:
    values = {"title": "Så rapporterar du", "step": "report", "link": "https://example.org/"}
    made = services.add_document(values | {"since": NOW.date()}, by=BOSS, at=NOW)
    services.end_document(made, by=BOSS, at=NOW)
    assert told(client, "/rapportera") == set()
