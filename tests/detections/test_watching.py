"""Heightened monitoring: alarms of the asset come to the case, until the time is up (S2-112)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import NOW, Hire
from tests.detections.test_raising import group
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.delivery.models import Notice
from vardkase.detections.models import Detection
from vardkase.events.models import Event, Raised
from vardkase.incidents.models import Action, Incident, Watch
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.acting import NotNow
from vardkase.workflow.detect import look
from vardkase.workflow.handle import Task, assign_action, hand_over_action, progress_action
from vardkase.workflow.watching import look_after

UNTIL = NOW + timedelta(days=7)


@pytest.fixture
def journal(region: Unit) -> Asset:
    return Asset.objects.create(name="Journal", kind="system", unit=region, other_names="srv-j")


@pytest.fixture
def ciso(hire: Hire) -> Person:
    return hire("ciso")


@pytest.fixture
def watch(journal: Asset, ciso: Person, act: Callable[[Person], Actor]) -> Action:
    """The journal system is monitored more closely after an incident that people reported."""
    event = Event.objects.create(
        number="2026-0001", title="Intrång", what="x", unit=journal.unit,
        state="confirmed_incident", received_at=NOW, reported_at=NOW,
    )  # fmt: skip
    Incident.objects.create(event=event, opened_at=NOW)
    task = Task("Extra övervakning: Journal", "immediate", ciso, UNTIL, (journal,))
    return assign_action(event, task, by=act(ciso), at=NOW)


@pytest.mark.says("S2-112", "extra övervakning ska sättas in på berörda system")
def test_new_alarms_of_the_asset_are_joined_to_the_case(watch: Action) -> None:
    mild = group(2, host="srv-j")
    assert look(NOW) == 1
    tied = Raised.objects.get(detection=mild)
    assert (tied.event.number, tied.rule) == ("2026-0001", "watched")
    assert Entry.objects.filter(chain="2026-0001", kind="alarm.joined").count() == 1
    group(1, mark=2, host="srv-j")  # mere information
    group(2, mark=3, host="srv-other")
    assert look(NOW) == 0


def test_a_muted_alarm_is_joined_too(watch: Action) -> None:
    made = group(3, host="srv-j")
    Detection.objects.update(muted_until=UNTIL)
    assert look(NOW) == 1
    assert Raised.objects.get().detection == made


def test_it_ends_by_itself_and_its_owner_is_reminded_before(watch: Action) -> None:
    assert look_after(NOW) == 0
    assert look_after(UNTIL - timedelta(hours=23)) == 1
    assert look_after(UNTIL - timedelta(hours=22)) == 0  # told once
    told = Notice.objects.get()
    assert (told.kind, told.person, told.case) == ("watch_ends", watch.owner, "2026-0001")
    assert look_after(UNTIL) == 1
    watch.refresh_from_db()
    assert watch.state == Action.State.DONE
    entry = Entry.objects.get(chain="2026-0001", kind="action.progressed")
    assert entry.by == "system"
    group(2, host="srv-j")
    assert look(UNTIL) == 0


def test_it_ends_by_a_word_or_is_prolonged_and_told_of_anew(
    watch: Action, ciso: Person, act: Callable[[Person], Actor]
) -> None:
    look_after(UNTIL - timedelta(hours=1))
    longer = UNTIL + timedelta(days=7)
    hand_over_action(watch, ciso, longer, by=act(ciso), at=NOW)
    assert look_after(UNTIL) == 0
    assert look_after(longer - timedelta(hours=1)) == 1
    with pytest.raises(NotNow, match="endless_watch"):
        hand_over_action(watch, ciso, None, by=act(ciso), at=NOW)
    progress_action(watch, "dropped", "Servern är bytt.", by=act(ciso), at=NOW)
    group(2, host="srv-j")
    assert look(NOW) == 0


def test_it_has_an_end(
    watch: Action, journal: Asset, ciso: Person, act: Callable[[Person], Actor]
) -> None:
    for due in (None, NOW):
        task = Task("x", "immediate", ciso, due, (journal,))
        with pytest.raises(NotNow, match="endless_watch"):
            assign_action(watch.incident.event, task, by=act(ciso), at=NOW)


def test_it_stands_on_the_pages_of_the_case_the_asset_and_the_rules(
    watch: Action, journal: Asset, ciso: Person, hire: Hire,
    signed_in: Callable[[Person], Client],
) -> None:  # fmt: skip
    ahead = timezone.now() + timedelta(days=2)
    Action.objects.update(due_at=ahead)
    made = group(2, host="srv-j")
    look(NOW)
    client = signed_in(ciso)
    case = client.get("/arenden/2026-0001").content.decode()
    assert "Extra övervakning" in case
    assert made.title in case
    assert "Under extra övervakning" in client.get(f"/tillgangar/{journal.pk}").content.decode()
    assert "2026-0001" in client.get("/larm/regler").content.decode()
    assert made.title in client.get(f"/larm?tillgang={journal.pk}").content.decode()
    stranger = signed_in(hire("sysadmin"))  # sees alarms and assets, and no case
    assert "2026-0001" not in stranger.get("/larm/regler").content.decode()
    assert "2026-0001" not in stranger.get(f"/tillgangar/{journal.pk}").content.decode()


def test_it_is_set_in_on_a_form_of_its_own(
    watch: Action, journal: Asset, ciso: Person, signed_in: Callable[[Person], Client]
) -> None:
    client, page = signed_in(ciso), "/arenden/2026-0001/extra-overvakning"
    assert "Börja" in client.get(page).content.decode()
    said = {"owner": ciso.username, "due_at": "2099-01-01T12:00"}
    assert client.post(page, said).status_code == 422
    assert client.post(page, said | {"other": "Finns inte"}).status_code == 422
    assert (
        client.post(page, said | {"other": "journal", "due_at": "2020-01-01T12:00"}).status_code
        == 409
    )
    said |= {
        "other": "journal",
        "due_at": (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(page, said).status_code == 302
    assert Watch.objects.count() == 2
    assert Action.objects.latest("pk").title == "Extra övervakning: Journal"
