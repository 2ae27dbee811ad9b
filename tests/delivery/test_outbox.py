"""What is to be told leaves once, by the right way, and says nothing of the case."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from email import message_from_bytes

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from tests.conftest import NOW, Hire
from tests.delivery.mailserver import Inbox, free_port, mail_server
from vardkase.access.actor import Actor
from vardkase.delivery import outbox, rules
from vardkase.delivery.models import Channel, Notice, Sending
from vardkase.delivery.services import (
    MOST,
    TESTS,
    Occasion,
    add_channel,
    end_channel,
    secret,
    seen,
    tell,
)
from vardkase.delivery.services import test as send_test
from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person, Team, Unit

BOSS = Actor.system(NOW)
ALARM = Occasion(
    once="alarm:2026-0412:7", kind="alarm", path="/arenden/2026-0412", case="2026-0412",
    priority=1, loud=True,
)  # fmt: skip
REMINDER = Occasion(once="r:1", kind="reminder", path="/arenden/2026-0412", case="2026-0412")


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    with mail_server(Inbox()) as (found, port):
        monkeypatch.setattr(settings, "MAIL_HOST", "127.0.0.1")
        monkeypatch.setattr(settings, "MAIL_PORT", port)
        monkeypatch.setattr(settings, "MAIL_TLS", "none")
        monkeypatch.setattr(settings, "MAIL_FROM", "vardkase@region.example")
        yield found


@pytest.fixture
def karin(hire: Hire, act: Callable[[Person], Actor]) -> Person:
    person = hire("tib")
    person.email = "karin@region.example"
    person.save()
    return person


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_an_alarm_is_number_priority_and_link_and_no_more(inbox: Inbox, karin: Person) -> None:
    tell(ALARM, [karin], at=NOW)
    assert outbox.run(at(NOW)) == 1
    (letter,) = [message_from_bytes(raw) for raw in inbox.letters]
    assert letter["Subject"] == "P1 2026-0412 Larm"
    body = str(letter.get_payload())
    assert body.startswith("P1 2026-0412 Larm. http")
    assert "/kvittera/" in body
    assert letter["Auto-Submitted"] == "auto-generated"


def test_the_same_occasion_is_told_the_same_person_once(inbox: Inbox, karin: Person) -> None:
    assert len(tell(ALARM, [karin], at=NOW)) == 1
    assert tell(ALARM, [karin], at=NOW + timedelta(hours=1)) == []
    outbox.run(at(NOW))
    outbox.run(at(NOW + timedelta(hours=2)))
    assert len(inbox.letters) == 1


@pytest.mark.parametrize("mood", ["refuse", "drop"])
def test_only_the_servers_yes_counts_as_sent(inbox: Inbox, karin: Person, mood: str) -> None:
    inbox.mood = mood
    tell(ALARM, [karin], at=NOW)
    assert outbox.run(at(NOW)) == 0
    sending = Sending.objects.get()
    assert sending.sent_at is None
    assert sending.tries == 1
    assert sending.fault.startswith("mail: ")
    inbox.mood = "well"
    assert outbox.run(at(NOW + timedelta(minutes=1))) == 1
    assert len(inbox.letters) == 1


def test_a_server_that_does_not_answer_is_tried_again(
    karin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "MAIL_PORT", free_port())
    tell(REMINDER, [karin], at=NOW)
    assert outbox.run(at(NOW)) == 0
    assert Sending.objects.get().due_at == NOW + rules.FIRST_PAUSE


def test_the_name_of_a_letter_is_the_same_at_every_try(inbox: Inbox, karin: Person) -> None:
    """A server that took it but lost the line knows the letter again."""
    tell(ALARM, [karin], at=NOW)
    outbox.run(at(NOW))
    Sending.objects.update(sent_at=None)
    outbox.run(at(NOW))
    names = {message_from_bytes(raw)["Message-ID"] for raw in inbox.letters}
    assert len(inbox.letters) == 2
    assert len(names) == 1


@pytest.mark.says(
    "S1-20", "Hur får de som arbetar med incidenter eller motsvarande kännedom om incidenten?"
)
def test_what_fails_three_times_goes_by_the_next_way_too(
    inbox: Inbox, karin: Person, act: Callable[[Person], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_channel(karin, "sms", "+46 70 123 45 67", by=act(karin), at=NOW)
    add_channel(karin, "email", "hemma@region.example", by=act(karin), at=NOW)
    tell(REMINDER, [karin], at=NOW)
    assert Sending.objects.count() == 1
    moment = NOW
    for _try in range(4):
        outbox.run(at(moment))
        moment += timedelta(minutes=3)
    assert Sending.objects.filter(channel__kind="email").get().sent_at is not None
    assert "cannot leave by SMS" in Channel.objects.get(kind="sms").fault
    assert len(inbox.letters) == 1


def test_a_loud_message_goes_by_every_way_at_once(
    karin: Person,
) -> None:
    for kind, address in [("email", "a@b.se"), ("sms", "+46701234567"), ("ntfy", "ntfys://x.se/k")]:
        add_channel(karin, kind, address, by=BOSS, at=NOW)
    tell(ALARM, [karin], at=NOW)
    assert Sending.objects.count() == 3


def test_a_case_that_not_everybody_sees_goes_by_no_service_that_others_read(
    karin: Person,
) -> None:
    add_channel(karin, "ntfy", "ntfys://x.se/k", by=BOSS, at=NOW)
    tell(
        Occasion(once="a:1", kind="alarm", path="/", case="2026-0001", loud=True, discreet=True),
        [karin], at=NOW,
    )  # fmt: skip
    (sending,) = Sending.objects.all()
    assert sending.channel is None  # by mail to himself


def test_an_address_is_stored_sealed(karin: Person) -> None:
    add_channel(karin, "ntfy", "ntfys://secret-topic.example/k", by=BOSS, at=NOW)
    assert "secret-topic" not in Channel.objects.get().address


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "nobody"), ("email", "a b@c.se"), ("sms", "ring mig"), ("ntfy", "file:///etc"),
        ("slack", "mailto://a:b@c.se"), ("teams", "json://127.0.0.1/"), ("ntfy", "ntfys://"),
    ],
)  # fmt: skip
def test_an_address_of_another_kind_is_refused(karin: Person, kind: str, address: str) -> None:
    with pytest.raises(Refused):
        add_channel(karin, kind, address, by=BOSS, at=NOW)


def test_a_person_gives_himself_mail_and_telephone_and_no_service_of_anybodys(
    karin: Person, act: Callable[[Person], Actor]
) -> None:
    """Our own server would call whatever address he writes."""
    with pytest.raises(Refused):
        add_channel(karin, "ntfy", "ntfys://10.0.0.1:5432/x", by=act(karin), at=NOW)


def test_ways_and_tests_are_bounded(karin: Person, act: Callable[[Person], Actor]) -> None:
    by = act(karin)
    made = [add_channel(karin, "email", f"a{n}@b.se", by=by, at=NOW) for n in range(MOST)]
    with pytest.raises(Refused):
        add_channel(karin, "email", "one.more@b.se", by=by, at=NOW)
    for channel in made[:TESTS]:
        send_test(channel, by=by, at=NOW)
    with pytest.raises(Refused):
        send_test(made[-1], by=by, at=NOW)
    assert Sending.objects.count() == TESTS


def test_a_teams_link_says_seen_for_all_of_them(hospital: Unit, client: Client) -> None:
    team = Team.objects.create(name="Drift", unit=hospital)
    (notice,) = tell(ALARM, [team], at=NOW)
    assert client.post(f"/kvittera/{secret(notice.once)}").status_code == 302
    assert Notice.objects.get().seen_by == f"g{team.pk}"


def test_an_ended_channel_sends_nothing_more(
    inbox: Inbox, karin: Person, act: Callable[[Person], Actor]
) -> None:
    channel = add_channel(karin, "email", "a@b.se", by=act(karin), at=NOW)
    tell(REMINDER, [karin], at=NOW)
    end_channel(channel, by=act(karin), at=NOW)
    assert outbox.run(at(NOW)) == 0
    assert inbox.letters == []


def test_what_was_seen_need_not_leave_any_more(inbox: Inbox, karin: Person) -> None:
    (notice,) = tell(ALARM, [karin], at=NOW)
    assert seen(notice, by=karin.key, at=NOW)
    assert not seen(notice, by=karin.key, at=NOW)
    assert outbox.run(at(NOW)) == 0
    assert Notice.objects.get().seen_by == karin.key


def test_quiet_hours_hold_back_what_is_not_loud(
    inbox: Inbox, karin: Person, act: Callable[[Person], Actor]
) -> None:
    night = datetime(2026, 11, 22, 23, 30, tzinfo=rules.SWEDEN)
    quiet = (time(22), time(7))
    add_channel(karin, "email", "a@b.se", quiet=quiet, by=act(karin), at=NOW)
    tell(REMINDER, [karin], at=night)
    assert Sending.objects.get().due_at == datetime(2026, 11, 23, 7, tzinfo=rules.SWEDEN)
    tell(ALARM, [karin], at=night)
    assert outbox.run(at(night)) == 1


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=rules.SWEDEN)
)


@tried(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moments, st.times(), st.times(), st.booleans())
def test_a_message_never_leaves_in_quiet_hours_nor_more_than_a_day_late(
    moment: datetime, start: time, end: time, loud: bool
) -> None:
    due = rules.may_leave(moment, start, end, loud=loud)
    assert moment.timestamp() <= due.timestamp() <= moment.timestamp() + 25 * 3600 + 1
    assert loud is False or due == moment
    if due != moment:
        assert not rules.quiet(due, start, end)


@tried(deadline=None)
@given(st.integers(1, rules.MOST_TRIES - 1))
def test_tries_come_more_seldom_but_never_further_apart_than_ten_minutes(tries: int) -> None:
    following = rules.again(tries, NOW)
    assert following is not None
    assert rules.FIRST_PAUSE <= following - NOW <= rules.LONGEST_PAUSE
