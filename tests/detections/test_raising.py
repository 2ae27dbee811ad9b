"""Alarms become events by rules that are data, join what is open, and are never silently lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, Hire
from tests.detections.sources import TALK
from vardkase.access.actor import Actor
from vardkase.assessment.services import join
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.detections.models import Detection, Hourly, Mute
from vardkase.detections.queries import Standing, Wanted, detections
from vardkase.detections.raising import Look, fitting, worse
from vardkase.events.models import Event, Raised
from vardkase.intake.batch import take_in
from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import parameter, parameters
from vardkase.workflow.acting import NotNow
from vardkase.workflow.detect import held, look, part, raise_event, source_kind
from vardkase.workflow.muting import mute, unmute

HOUR = int(NOW.timestamp()) // 3600
RULES: list[Any] = parameter("detections.raising").at(NOW).value["rules"]


@pytest.fixture
def server(hospital: Unit) -> Asset:
    return Asset.objects.create(
        name="Journal", other_names="srv-journal01, 10.1.2.3", kind="system", unit=hospital,
        essential=True,
    )  # fmt: skip


def group(severity: int = 5, *, count: int = 1, mark: int = 1, host: str = "") -> Detection:
    made = Detection.objects.create(
        fingerprint=mark.to_bytes(16), source="suricata", kind="alert", title="ET TROJAN Beacon",
        severity=severity, source_host="10.9.9.9", target_host=host, count=count, first_at=NOW,
        last_at=NOW, hour=HOUR, received_at=NOW, pending_since=NOW,
    )  # fmt: skip
    Hourly.objects.create(fingerprint=made.fingerprint, hour=HOUR, count=count)
    return made


def hours(*counts: int) -> tuple[int, ...]:
    return counts


@pytest.mark.says("S2-028", "IDS/IDP, antivirusprogram, honungsfällor, logganalysprogram")
@pytest.mark.says("S2-029", "brandväggar, flödesanalyser, webbfilter")
@pytest.mark.says("S2-030", "analyser av loggar tillhörande olika tjänster, servrar")
@pytest.mark.says("S2-033", "andra myndigheter")
def test_an_alarm_counts_as_the_kind_of_source_that_its_own_policy_says(region: Unit) -> None:
    kinds = {
        "suricata": "monitoring", "defender": "monitoring", "cowrie": "monitoring",
        "keyvalue": "network_monitoring", "zeek": "network_monitoring", "snort-fast": "monitoring",
        "syslog": "log_analysis", "arf": "external", "json:example": "monitoring",
        "json:gone": "monitoring", "never-was": "monitoring",
    }  # fmt: skip
    assert {name: source_kind(name, NOW) for name in kinds} == kinds
    shipped = [parameter(id).at(NOW).value["source_kind"] for id in parameters() if "intake." in id]
    assert len(shipped) == 20
    assert set(shipped) < set(Event.Source.values)
    alarm = group()
    alarm.source = "syslog"
    assert raise_event(alarm, by=Actor.system(NOW), at=NOW).source == "log_analysis"


@pytest.mark.says("S2-028", "varningar från övervakningssystem")
@pytest.mark.parametrize(
    ("look_", "rule"),
    [
        (Look(5, 1, hours(1), False, True), "critical"),
        (Look(4, 1, hours(1), True, True), "essential"),
        (Look(3, 1, hours(1), True, False), "first"),
        (Look(4, 1, hours(1), False, False), None),  # a new sensor must not flood the queue
        (Look(4, 1, hours(1), False, True), None),
        (Look(3, 100, hours(100), False, True), "many"),
        (Look(3, 99, hours(99), False, True), None),
        (Look(2, 500, hours(60, 1, 2, 1), False, True), "above_normal"),
        (Look(2, 500, hours(60, 50, 40), False, True), None),
        (Look(1, 10_000, hours(10_000), True, False), None),
    ],
)
def test_the_first_rule_that_fits_decides(look_: Look, rule: str | None) -> None:
    found = fitting(RULES, look_)
    assert (found["code"] if found else None) == rule


def test_worse_is_graver_or_many_times_more() -> None:
    assert worse((3, 10), (4, 10), 10)
    assert worse((3, 10), (3, 100), 10)
    assert not worse((3, 10), (3, 99), 10)


def test_a_critical_alarm_becomes_an_event_of_its_asset_and_the_log_names_the_rule(
    server: Asset,
) -> None:
    made = group(host="srv-journal01.region.example")
    assert look(NOW) == 1
    event = Event.objects.get()
    assert (event.source, event.system, event.unit) == ("monitoring", "Journal", server.unit)
    assert event.state == "unassessed"
    assert event.asset_links.get().asset == server
    tied = Raised.objects.get()
    assert (tied.rule, tied.detection) == ("critical", made)
    entry = Entry.objects.get(chain=event.number, kind="alarm.raised")
    assert "detections.raising since 2017-03-03" in entry.payload.content
    assert look(NOW) == 0
    assert verify().ok


def test_an_alarm_joins_the_open_event_of_the_same_asset_and_can_be_taken_out(
    server: Asset, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    group(host="10.1.2.3")
    look(NOW)
    second = group(mark=2, host="10.1.2.3")
    look(NOW + timedelta(hours=1))
    assert Event.objects.count() == 1
    assert Raised.objects.count() == 2
    tied = Raised.objects.get(detection=second)
    part(tied, reason="En annan server.", by=act(hire("assessor")), at=NOW)
    assert Raised.objects.filter(undone_at=None).count() == 1
    long_after = group(mark=3, host="10.1.2.3")
    look(NOW + timedelta(days=4))
    assert Raised.objects.get(detection=long_after).event != Raised.objects.first().event


def test_an_alarm_of_a_closed_unit_belongs_to_the_open_one_above_it(
    server: Asset, hospital: Unit
) -> None:
    Unit.objects.filter(pk=hospital.pk).update(closed_at=NOW)
    group(host="10.1.2.3")
    assert look(NOW) == 1
    assert Event.objects.get().unit == hospital.parent


@pytest.mark.django_db
def test_an_alarm_that_cannot_be_raised_keeps_nobody_else_waiting() -> None:
    """Before the set-up there is nobody to report to: law's clocks go round after this."""
    group()
    assert look(NOW) == 0
    assert Detection.objects.get().pending_since == NOW


def test_what_is_harmless_bothers_nobody(region: Unit) -> None:
    group(2)
    assert look(NOW) == 0
    assert not Event.objects.exists()
    assert not Detection.objects.exclude(pending_since=None).exists()


def test_who_has_waited_longest_is_looked_at_first_however_the_others_flood(region: Unit) -> None:
    flooding, quiet = group(2), group(2, mark=2)
    for minute in range(1, 4):
        at = NOW + timedelta(minutes=minute)
        Detection.objects.filter(pk=flooding.pk).update(pending_since=at)
        look(at, most=1)
    assert set(Detection.objects.values_list("looked_at", flat=True)) == {
        NOW + timedelta(minutes=1), NOW + timedelta(minutes=3),
    }  # fmt: skip
    quiet.refresh_from_db()
    assert quiet.looked_at == NOW + timedelta(minutes=1)


def test_what_is_counted_on_keeps_its_place_among_those_who_wait(region: Unit) -> None:
    for minute in range(3):
        take_in(TALK, b'{"rule": "x"}', received_at=NOW + timedelta(minutes=minute))
    assert Detection.objects.get().pending_since == NOW


def test_only_what_the_rules_never_looked_at_is_seen_for_the_first_time(
    server: Asset,
) -> None:
    made = group(2, host="srv-journal01")
    look(NOW)
    Detection.objects.filter(pk=made.pk).update(severity=3, pending_since=NOW)
    assert look(NOW) == 0
    group(3, mark=2, host="srv-journal01")
    assert look(NOW) == 1
    assert Raised.objects.get().rule == "first"
    for mark in range(10, 15):
        group(2, mark=mark, host="nobody")
    with CaptureQueriesContext(connection) as few:
        assert look(NOW) == 0
    asked = [q["sql"] for q in few if 'FROM "assets_asset"' in q["sql"]]
    assert len(asked) == 1, "assets are read once, not for each of many groups"


def test_a_muted_alarm_counts_on_and_is_heard_again(
    region: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    made, owner = group(), hire("assessor")
    until = NOW + timedelta(days=7)
    mute(made, until=until, reason="Penetrationstest.", owner=owner, by=act(owner), at=NOW)
    assert look(NOW) == 0
    made.refresh_from_db()
    assert made.count == 1
    unmute(made, by=act(owner), at=NOW)
    assert look(NOW) == 1
    assert Mute.objects.get().ended_at == NOW
    with pytest.raises(Refused):
        mute(made, until=NOW, reason="x", owner=owner, by=act(owner), at=NOW)


def test_no_incident_comes_back_when_it_gets_worse(region: Unit) -> None:
    made = group(5, count=3)
    look(NOW)
    Event.objects.update(state="not_incident")
    Detection.objects.filter(pk=made.pk).update(count=29, pending_since=NOW)
    assert look(NOW) == 0
    Detection.objects.filter(pk=made.pk).update(count=30, pending_since=NOW)
    assert look(NOW) == 1
    event = Event.objects.get()
    assert event.state == "unassessed"
    assert Entry.objects.filter(chain=event.number, kind="alarm.returned").count() == 1


def again(made: Detection) -> int:
    Detection.objects.filter(pk=made.pk).update(pending_since=NOW)
    return look(NOW)


def test_what_comes_again_after_its_case_was_closed_is_an_event_of_its_own(region: Unit) -> None:
    made = group(5, count=3)
    look(NOW)
    assert again(made) == 0
    Event.objects.update(state="closed")
    assert again(made) == 1
    old, new = Event.objects.order_by("pk")
    assert (old.state, new.state) == ("closed", "unassessed")
    assert list(old.alarms.values_list("ended_at", "undone_at")) == [(NOW, None)]
    assert held(made) == new.alarms.get()
    assert again(made) == 0
    wanted = Wanted(standing=Standing.IN_CASE)
    assert [one.pk for one in detections(Actor.system(NOW), wanted)] == [made.pk]


def test_an_alarm_follows_its_case_into_the_one_that_it_was_merged_into(region: Unit) -> None:
    """Open: it is counted there. No incident: it comes back there. Closed: it is something new."""
    made, system = group(5), Actor.system(NOW)
    look(NOW)
    into = raise_event(group(5, mark=2), by=system, at=NOW)
    join(Event.objects.exclude(pk=into.pk).get(), into, reason="x", by=system, at=NOW)
    for state, led, events in (
        ("possible_incident", 0, 2), ("not_incident", 0, 2), ("closed", 1, 3),
    ):  # fmt: skip
        Event.objects.filter(pk=into.pk).update(state=state)
        assert (again(made), Event.objects.count()) == (led, events), state


def test_a_finding_of_a_scanner_is_a_reported_vulnerability(region: Unit) -> None:
    made = group(5)
    Detection.objects.filter(pk=made.pk).update(kind="vulnerability")
    look(NOW)
    assert Event.objects.get().kind == "vulnerability"


def test_a_person_makes_an_event_of_it_once(
    region: Unit, hire: Hire, act: Callable[[Person], Actor], signed_in: Callable[[Person], Client]
) -> None:
    made, anna = group(1), hire("assessor")
    client = signed_in(anna)
    assert "Gör en händelse av det" in client.get(f"/larm/{made.pk}").content.decode()
    assert client.post(f"/larm/{made.pk}/rapportera").status_code == 302
    event = Event.objects.get()
    page = client.get(f"/larm/{made.pk}").content.decode()
    assert f"Hör till {event.number}" in page
    with pytest.raises(NotNow):
        raise_event(made, by=act(anna), at=NOW)
    tied = Raised.objects.get()
    client.post(f"/arenden/{event.number}/larm-fran-system/{tied.pk}/bort")
    assert "Ingen händelse än" in client.get(f"/larm/{made.pk}").content.decode()
    client.post(f"/larm/{made.pk}/rapportera")
    Event.objects.update(state="closed")
    assert "Gör en händelse av det" in client.get(f"/larm/{made.pk}").content.decode()


def test_muting_is_a_form_with_a_reason_and_an_owner(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    made, anna = group(1), hire("assessor")
    client = signed_in(anna)
    said = {"until": "2027-01-01T12:00", "owner": anna.username, "reason": "Känt och ofarligt."}
    assert client.post(f"/larm/{made.pk}/tysta", said).status_code == 302
    assert "Tystat till" in client.get(f"/larm/{made.pk}").content.decode()
    assert client.post(f"/larm/{made.pk}/hor-igen").status_code == 302
    assert signed_in(hire("reporter")).get(f"/larm/{made.pk}/tysta").status_code == 403
