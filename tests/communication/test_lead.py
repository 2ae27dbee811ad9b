"""The lead passes to the crisis organisation and back, taken with one tap (S1-24)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.communication.models import Handover
from vardkase.communication.queries import lead
from vardkase.decisionlog.models import Chain, Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.delivery.models import Notice
from vardkase.delivery.services import secret
from vardkase.events.models import Event
from vardkase.incidents.models import Part
from vardkase.organisation.models import Duty, Person, Team, TeamMember, Unit
from vardkase.organisation.queries import actor_of
from vardkase.web.incidents.summary import context, printed
from vardkase.workflow import handle, planning
from vardkase.workflow.acting import NotNow
from vardkase.workflow.alarm import pass_on
from vardkase.workflow.handle import set_part
from vardkase.workflow.lead import hand_over, take
from vardkase.workflow.prefill import digest

type Act = Callable[[Person], Actor]
type SignIn = Callable[[Person], Client]

MINUTE = timedelta(minutes=1)
STATE = "Filservern är bortkopplad. Beslut om stopp av VPN väntar."


@pytest.fixture
def karin(hire: Hire) -> Person:
    """The duty officer on duty; another comes after her."""
    person, following = hire("tib"), hire("tib")
    Duty.objects.create(person=person, since=NOW - 60 * MINUTE, until=NOW + 600 * MINUTE)
    Duty.objects.create(person=following, since=NOW + 600 * MINUTE, until=NOW + 900 * MINUTE)
    return person


@pytest.fixture
def offered(incident: Event, karin: Person, by_ingrid: Actor) -> Handover:
    return hand_over(incident, STATE, to_crisis=True, by=by_ingrid, at=NOW)


def asked() -> list[Person | None]:
    return [n.person for n in Notice.objects.filter(kind="handover").order_by("pk")]


@pytest.mark.says(
    "S1-24",
    "har organisationen bestämt hur överlämningen till exempelvis krisorganisationen ser ut",
)
def test_the_lead_passes_when_the_duty_officer_takes_it_and_not_before(
    incident: Event, offered: Handover, karin: Person, act: Act
) -> None:
    assert (asked(), offered.state) == ([karin], STATE)
    assert not lead(incident).is_with_crisis
    take(incident, by=act(karin), at=NOW + 2 * MINUTE)
    now = lead(incident)
    assert now.is_with_crisis
    assert now.taken
    assert (now.taken.taken_by, now.taken.taken_at) == (karin.key, NOW + 2 * MINUTE)
    kinds = Entry.objects.filter(chain=incident.number).values_list("kind", flat=True)
    assert {"lead.handed_over", "lead.taken"} <= set(kinds)
    assert verify(incident.number).ok
    assert not Notice.objects.filter(kind="handover", seen_at=None).exists()


def test_one_tap_on_the_notice_takes_it_without_login(
    incident: Event, offered: Handover, karin: Person
) -> None:
    notice = Notice.objects.get(kind="handover")
    link, client = f"/kvittera/{secret(notice.once)}", Client()
    page = client.get(link).content.decode()
    assert "Jag tar över" in page
    assert STATE not in page
    assert client.post(link).status_code == 302
    taken = lead(incident).taken
    assert taken
    assert taken.taken_by == karin.key


def test_what_nobody_takes_goes_on_to_the_next_on_the_roster(
    incident: Event, offered: Handover, karin: Person, act: Act
) -> None:
    pass_on(NOW + 11 * MINUTE)
    first, following = asked()
    assert first == karin
    assert following
    assert following != karin
    later = NOW + 12 * MINUTE
    take(incident, by=actor_of(following, later), at=later)
    assert lead(incident).is_with_crisis
    pass_on(NOW + 60 * MINUTE)
    assert len(asked()) == 2


def test_it_comes_back_to_the_incident_manager_with_the_state(
    incident: Event, offered: Handover, karin: Person, ingrid: Person, by_ingrid: Actor, act: Act
) -> None:
    set_part(incident, ingrid, "incident_manager", by=by_ingrid, at=NOW)
    take(incident, by=act(karin), at=NOW)
    with pytest.raises(NotNow, match="leads_already"):
        hand_over(incident, "x", to_crisis=True, by=by_ingrid, at=NOW)
    back = hand_over(
        incident, "Krisledningen är avvecklad.", to_crisis=False, by=act(karin), at=NOW
    )
    assert back.person == ingrid
    assert lead(incident).is_with_crisis
    take(incident, by=by_ingrid, at=NOW + MINUTE)
    assert not lead(incident).is_with_crisis


def test_another_offer_ends_the_first(
    incident: Event, offered: Handover, by_ingrid: Actor, hire: Hire
) -> None:
    other = hire("tib")
    hand_over(incident, "x", to_crisis=True, to=other, by=by_ingrid, at=NOW + MINUTE)
    offered.refresh_from_db()
    assert offered.ended_at
    pass_on(NOW + 5 * MINUTE)
    assert [one.person for one in [lead(incident).waiting] if one] == [other]


def test_nobody_takes_what_was_not_offered_or_without_the_mandate(
    incident: Event, karin: Person, by_ingrid: Actor, hire: Hire, act: Act
) -> None:
    with pytest.raises(NotNow, match="nothing_to_take"):
        take(incident, by=act(karin), at=NOW)
    with pytest.raises(NotNow, match="cannot_work_there"):
        hand_over(incident, "x", to_crisis=True, to=hire("reporter"), by=by_ingrid, at=NOW)
    hand_over(incident, "x", to_crisis=True, by=by_ingrid, at=NOW)
    with pytest.raises(PermissionDenied):
        take(incident, by=act(hire("assessor")), at=NOW)


def test_the_page_of_the_case_shows_who_leads_now(
    incident: Event, offered: Handover, karin: Person, ingrid: Person,
    signed_in: Callable[[Person], Client],
) -> None:  # fmt: skip
    officer, manager = signed_in(karin), signed_in(ingrid)
    at = f"/arenden/{incident.number}"
    assert "inte övertagen än" in manager.get(at).content.decode()
    assert "Jag tar över" not in manager.get(at).content.decode(), "who gave it away asks others"
    assert "Jag tar över" in officer.get(at).content.decode()
    assert officer.post(f"{at}/ledning/ta-over").status_code == 302
    assert "Krisorganisationen leder:" in manager.get(at).content.decode()
    assert STATE in officer.get(f"{at}/ledning").content.decode()


@pytest.mark.says(
    "S1-24",
    "har organisationen bestämt hur överlämningen till exempelvis krisorganisationen ser ut",
)
def test_what_was_known_and_decided_is_frozen_with_the_handover(
    incident: Event, karin: Person, by_ingrid: Actor, ingrid: Person, signed_in: SignIn
) -> None:
    handle.decide(incident, "Stäng VPN.", role="incident_manager", by=by_ingrid, at=NOW)
    handle.assign_action(
        incident, handle.Task("Spärra konton", "immediate", ingrid), by=by_ingrid, at=NOW
    )
    planning.plan(incident, NOW)
    before = Chain.objects.get(key=incident.number)
    held = hand_over(incident, STATE, to_crisis=True, by=by_ingrid, at=NOW)
    handle.note(incident, "Efteråt.", by=by_ingrid, at=NOW)
    stood = held.frozen
    assert (stood["priority"], stood["state"]) == (incident.priority, "confirmed_incident")
    assert stood["log"] == {"entries": before.length, "head": before.head}
    assert [one["text"] for one in stood["decisions"]] == ["Stäng VPN."]
    assert [one["title"] for one in stood["actions"]] == ["Spärra konton"]
    assert stood["clocks"]
    entry = Entry.objects.get(chain=incident.number, kind="lead.handed_over")
    assert body(entry)["facts"]["digest"] == digest(stood)
    client = signed_in(ingrid)
    html = client.get(f"/arenden/{incident.number}/ledning").content.decode()
    assert "Vad som var känt och beslutat då" in html
    assert before.head in html
    shown = printed(context(by_ingrid, incident, NOW), by_ingrid, NOW)
    assert before.head in str(shown["parts"])


@pytest.mark.says("S2-093", "Hanteringen av större incidenter ska ske i samverkan")
def test_the_crisis_organisation_s_roster_is_asked_first_and_takes_part(
    incident: Event, karin: Person, by_ingrid: Actor, ingrid: Person, hire: Hire, region: Unit,
    act: Act, signed_in: SignIn,
) -> None:  # fmt: skip
    team = Team.objects.create(name="Krisledning", unit=region, crisis=True)
    leader, deputy = hire("tib"), hire("tib")
    Duty.objects.create(team=team, person=leader, since=NOW, until=NOW + 600 * MINUTE)
    TeamMember.objects.create(team=team, person=deputy)
    hand_over(incident, STATE, to_crisis=True, by=by_ingrid, at=NOW)
    pass_on(NOW + 11 * MINUTE)
    pass_on(NOW + 22 * MINUTE)
    assert asked() == [leader, deputy, karin]
    take(incident, by=act(leader), at=NOW)
    part = Part.objects.get(incident__event=incident, part="crisis_contact")
    assert part.person == leader
    assert leader.pk in Event.objects.get(pk=incident.pk).members
    page = signed_in(ingrid).get(f"/arenden/{incident.number}").content.decode()
    assert "Större incident" in page
    duty = signed_in(ingrid).get("/beredskap").content.decode()
    assert "Krisledning" in duty
