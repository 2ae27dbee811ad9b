"""A case shows the alarms of machines that belong to it, and says that no person reported it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from tests.detections.test_raising import group
from vardkase.detections.models import Detection
from vardkase.events.models import Event, Raised
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.detect import look


@pytest.fixture
def raised(region: Unit) -> Detection:
    made = group()
    look(NOW)
    return made


@pytest.mark.says(
    "S1-26", "upptäckta incidenter anmäls i tekniska system eller manuellt av anmälare"
)
def test_what_a_rule_raised_is_shown_as_a_machine_s_with_its_source(
    raised: Detection, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    event = Event.objects.get()
    assert event.reporter_kind == Event.ReporterKind.MACHINE
    client = signed_in(hire("ciso"))
    for page in (f"/handelser/{event.number}/bedom", f"/arenden/{event.number}/sammanfattning"):
        shown = client.get(page).content.decode()
        assert "larm, automatiskt" in shown.lower()
        assert "Patient" not in shown
        assert "Fråga anmälaren" not in shown  # nobody would answer
        assert "suricata" in shown
        assert "Kritiskt larm" in shown
    shown = client.get(f"/arenden/{event.number}").content.decode()
    assert f'href="/larm/{raised.pk}"' in shown
    assert "Kritiskt larm" in shown
    kept = client.get(f"/arenden/{event.number}/sammanfattning.json").json()
    assert kept["what"]["alarms"][0]["source"] == "suricata"
    assert kept["who"]["reporter_kind"] == "machine"


def test_an_alarm_is_taken_out_from_the_case_s_own_page(
    raised: Detection, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    event, client = Event.objects.get(), signed_in(hire("ciso"))
    tied = Raised.objects.get()
    sent = client.post(f"/arenden/{event.number}/larm-fran-system/{tied.pk}/bort", {"to": "case"})
    assert sent.headers["Location"] == f"/arenden/{event.number}"
    assert "Larm från system" not in client.get(f"/arenden/{event.number}").content.decode()
