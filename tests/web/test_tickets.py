"""A service desk hands over its ticket with its number, and each number is one event (S2-031)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.conftest import LONG_AGO, NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event, Ticket
from vardkase.events.rules import Report
from vardkase.events.search import search
from vardkase.lib.changes import Refused
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit
from vardkase.web.report.tickets import address
from vardkase.workflow.tickets import Handed, hand_over

PAGE = "/rapportera/supportarende"
SAID = {
    "desk": "servicedesk", "ticket": "INC0012345", "what": "Flera kan inte logga in.",
    "system": "Journal", "reporter": "Maja Sten", "contact": "010-1",
    "reported_at": "2026-11-20T08:15",
}  # fmt: skip


@pytest.mark.says("S2-031", "eskaleringar av händelser som inrapporterats av supportpersonal")
def test_a_ticket_becomes_an_event_with_its_number(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(hire("assessor"))
    filled = client.get(f"{PAGE}?ticket=INC7&what=Hej").content.decode()
    assert 'value="INC7"' in filled
    page = client.post(PAGE, SAID).content.decode()
    event = Event.objects.get()
    assert (event.source, event.reference, event.on_behalf_of) == (
        "support", "INC0012345", "Maja Sten"
    )  # fmt: skip
    assert event.reported_at < event.received_at
    assert event.number in page
    again = client.post(PAGE, SAID | {"what": "Nu ännu fler.", "ticket": " inc0012345 "})
    assert "redan överlämnat" in again.content.decode()
    assert event.number in again.content.decode()
    assert Event.objects.count() == 1
    assert verify(event.number).ok
    for shown in (f"/arenden/{event.number}", f"/handelser/{event.number}/bedom"):
        assert "INC0012345" in client.get(shown).content.decode()
    assert event.number in client.get("/sok?q=inc0012345").content.decode()


def test_only_who_records_for_others_hands_over(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client], client: Client
) -> None:
    assert signed_in(hire("reporter")).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code in (302, 404)
    assert signed_in(hire("receiver")).post(PAGE, SAID | {"ticket": " "}).status_code == 422


def test_each_desk_has_its_own_numbers_and_must_be_known(
    region: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    by = act(hire("assessor"))
    with pytest.raises(Refused):
        hand_over(Handed("unknown", "1"), Report(what="x"), by=by, at=NOW)
    made = hand_over(Handed("servicedesk", "1"), Report(what="x"), by=by, at=NOW)
    assert made.event.on_behalf_of == "Servicedesk"
    other = Event.objects.create(
        number="2026-9999", title="x", what="x", unit=region, reported_at=NOW, received_at=NOW
    )
    Ticket.objects.create(event=other, desk="other", number="1", at=NOW, by="p1")
    assert not hand_over(Handed("servicedesk", "1"), Report(what="y"), by=by, at=NOW).new


def test_search_by_ticket_shows_what_one_may_read(
    region: Unit, hospital: Unit, archive: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    sent = Report(what="x", unit=hospital.pk)
    by = act(hire("assessor"))
    hand_over(Handed("servicedesk", "INC-9"), sent, by=by, at=NOW)
    assert search(act(hire("assessor", hospital)), "inc-9").count() == 1
    assert search(act(hire("assessor", archive)), "inc-9").count() == 0


def test_the_way_back_is_policy_and_harmless() -> None:
    assert address("https://desk.example/t/{ticket}", "A/1 2") == "https://desk.example/t/A%2F1%202"
    assert address("javascript:alert(1)//{ticket}", "1") == ""
    assert address("", "1") == ""


def test_the_desk_s_system_hands_over_by_itself(region: Unit, client: Client) -> None:
    Token.objects.create(
        name="x", role="receiver", unit=region, digest=fingerprint("s"), created_at=LONG_AGO,
        expires_at=NOW.replace(year=2099), by="system",
    )  # fmt: skip

    def post(**more: Any) -> Any:
        body = {"desk": "servicedesk", "ticket": "INC1", "what": "x"} | more
        return client.post(
            "/api/v1/tickets", body, content_type="application/json",
            headers={"Authorization": "Bearer s"},
        )  # fmt: skip

    first, again = post(), post(what="y")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert (first.json()["code"] != "", again.json()["code"]) == (True, "")
    assert post(desk="nowhere").status_code == 422


def test_who_may_not_hand_over_is_not_told_what_became_of_a_ticket(
    region: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    hand_over(Handed("servicedesk", "1"), Report(what="x"), by=act(hire("assessor")), at=NOW)
    by = act(hire("reporter"))
    with pytest.raises(PermissionDenied):
        hand_over(Handed("servicedesk", "1"), Report(what="x"), by=by, at=NOW)
