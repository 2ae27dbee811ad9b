"""A calendar program reads deadlines by a secret address that can be ended."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.delivery.services import close_feed, open_feed
from vardkase.events.models import Event
from vardkase.organisation.models import Duty, Person
from vardkase.workflow.calendar import calendar, folded
from vardkase.workflow.planning import plan


def test_the_feed_shows_numbers_and_times_and_no_title(
    incident: Event, hire: Hire, client: Client
) -> None:
    ciso = hire("ciso")
    plan(incident, NOW)
    Duty.objects.create(person=ciso, since=NOW, until=NOW + timedelta(hours=12))
    secret = open_feed(ciso, at=NOW)
    answer = client.get(f"/calendar/{secret}.ics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert f"SUMMARY:Frist {incident.number}\r\n" in text
    assert "SUMMARY:Beredskap\r\n" in text
    assert "TRIGGER:-PT2H" in text
    assert incident.what not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_new_address_kills_the_old_and_an_ended_one_is_not_there(
    hire: Hire, client: Client
) -> None:
    ciso = hire("ciso")
    first = open_feed(ciso, at=NOW)
    second = open_feed(ciso, at=NOW)
    assert client.get(f"/calendar/{first}.ics").status_code == 404
    assert client.get(f"/calendar/{second}.ics").status_code == 200
    close_feed(ciso, at=NOW)
    assert client.get(f"/calendar/{second}.ics").status_code == 404


def test_a_case_that_the_owner_may_not_read_is_not_in_it(incident: Event, hire: Hire) -> None:
    plan(incident, NOW)
    Event.objects.filter(pk=incident.pk).update(labels=["patient"])
    assert incident.number not in calendar(hire("ciso"), NOW)


def test_the_page_shows_the_address_once(hire: Hire, signed_in: Callable[[Person], Client]) -> None:
    client = signed_in(hire("ciso"))
    assert ".ics" in client.post("/konto/meddelanden/kalender", {"do": "new"}).content.decode()
    assert ".ics" not in client.get("/konto/meddelanden").content.decode()
    assert client.post("/konto/meddelanden/kalender", {"do": "end"}).status_code == 302


def test_a_long_line_is_folded() -> None:
    assert folded("X" * 200).replace("\r\n ", "") == "X" * 200
