"""Step 3: what is done to a case is a decision with its entry, and nothing is overwritten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW
from tests.incidents.conftest import LATER, Make
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.conclusions.sheet import sheet
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.events.models import Event
from vardkase.incidents.models import Action, Milestone, Situation
from vardkase.incidents.services import SentBefore
from vardkase.organisation.models import Person
from vardkase.workflow import handle
from vardkase.workflow.acting import NotNow, Overtaken, mandates
from vardkase.workflow.handle import Chain, Judged, Task

type Act = Callable[[Person], Actor]


def last(event: Event) -> Entry:
    return Entry.objects.filter(chain=event.number).order_by("-place")[0]


def facts(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = body(last(event))["facts"]
    return found


@pytest.mark.says("S2-077", "Loggning av beslut och händelser ska göras löpande")
def test_a_note_is_an_entry_and_the_chain_holds(incident: Event, by_ingrid: Actor) -> None:
    handle.note(incident, "Återläsning börjar 10.15.", by=by_ingrid, at=NOW)
    assert last(incident).kind == "case.noted"
    assert facts(incident) == {"text": "Återläsning börjar 10.15."}
    assert verify(incident.number).ok


@pytest.mark.says(
    "S2-163", "entydig härledning av utförda aktiviteter till en identifierad användare"
)
def test_an_entry_names_the_person_and_not_the_role(incident: Event, by_ingrid: Actor) -> None:
    handle.note(incident, "x", by=by_ingrid, at=NOW)
    assert last(incident).by == f"p{by_ingrid.person}"


def test_a_note_may_tell_of_an_earlier_hour_but_of_no_later(
    incident: Event, by_ingrid: Actor
) -> None:
    handle.note(incident, "Ringde i natt.", by=by_ingrid, at=NOW - timedelta(hours=6))
    assert last(incident).at == NOW - timedelta(hours=6)
    with pytest.raises(NotNow, match="future"):
        handle.note(incident, "x", by=by_ingrid, at=NOW + timedelta(hours=1))


def test_a_note_needs_no_incident(make: Make, by_ingrid: Actor) -> None:
    event = make(outcome=None)
    handle.note(event, "Ringde rapportören.", by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="no_incident"):
        handle.update_situation(event, "x", by=by_ingrid, at=NOW)


def test_a_form_sent_twice_is_stored_once(incident: Event, by_ingrid: Actor) -> None:
    handle.note(incident, "x", by=by_ingrid, at=NOW, once="a")
    count = Entry.objects.count()
    with pytest.raises(SentBefore):
        handle.note(incident, "x", by=by_ingrid, at=NOW, once="a")
    assert Entry.objects.count() == count
    handle.note(incident, "y", by=by_ingrid, at=NOW, once="a")  # edited: nothing is lost
    handle.note(incident, "x", by=by_ingrid, at=NOW, once="b")
    assert Entry.objects.count() == count + 2


@pytest.mark.says(
    "S2-092",
    "Behörighet att stänga ner hela eller delar av system och nätverk regleras genom"
    " delegationsordningen eller särskilt tilldelat förordnande",
)
def test_a_decision_stores_the_mandate_it_stands_on(incident: Event, by_ingrid: Actor) -> None:
    handle.decide(
        incident, "G: kopplas bort.", appointment="Förordnande 2026:7", by=by_ingrid, at=NOW
    )
    said = body(last(incident))
    assert said["facts"]["role"] == "incident_manager"
    assert said["facts"]["appointment"] == "Förordnande 2026:7"
    assert said["grounds"][0].startswith("delegation since 2017-03-03")


def test_nobody_decides_without_a_mandate(incident: Event, assessor: Person, act: Act) -> None:
    assert mandates(incident, "case.decided", by=act(assessor)) == []
    with pytest.raises(PermissionDenied):
        handle.decide(incident, "x", by=act(assessor), at=NOW)
    assert not Entry.objects.filter(kind="case.decided").exists()


def test_nobody_decides_in_a_role_he_does_not_hold(incident: Event, by_ingrid: Actor) -> None:
    with pytest.raises(NotNow, match="no_mandate"):
        handle.decide(incident, "x", role="ciso", by=by_ingrid, at=NOW)


def test_another_unit_s_manager_does_nothing_here(
    incident: Event, stranger: Person, act: Act
) -> None:
    with pytest.raises(PermissionDenied):
        handle.note(incident, "x", by=act(stranger), at=NOW)


def test_the_second_of_two_writers_is_told(incident: Event, by_ingrid: Actor) -> None:
    first = handle.update_situation(incident, "a", by=by_ingrid, at=NOW, expected=0)
    with pytest.raises(Overtaken) as told:
        handle.update_situation(incident, "b", by=by_ingrid, at=NOW, expected=0)
    assert told.value.latest == first
    handle.update_situation(incident, "b", by=by_ingrid, at=NOW, expected=first.pk)
    assert [row.text for row in Situation.objects.all()] == ["a", "b"]


@pytest.mark.says("S2-017", "Hot Orsakar Oönskad händelse Utnyttjar Sårbarhet")
def test_the_relation_map_is_rows_and_the_last_counts(incident: Event, by_ingrid: Actor) -> None:
    handle.draw_relation(incident, Chain(threat="Inbrott"), by=by_ingrid, at=NOW, expected=0)
    chain = Chain("Utpressare", "Stulet konto", "VPN utan tvåfaktor", "Ingen kommer åt filer")
    handle.draw_relation(incident, chain, by=by_ingrid, at=NOW)
    drawn = sheet(incident).relation
    assert drawn is not None
    assert (drawn.threat, drawn.vulnerability) == ("Utpressare", "VPN utan tvåfaktor")


def test_an_asset_is_linked_once_and_its_end_stays(
    incident: Event, server: Asset, by_ingrid: Actor
) -> None:
    for _ in range(2):
        handle.link_asset(incident, server, by=by_ingrid, at=NOW)
    assert [asset.name for asset in sheet(incident).assets] == ["Filserver G:"]
    handle.unlink_asset(incident, server, by=by_ingrid, at=NOW)
    assert sheet(incident).assets == ()
    assert incident.asset_links.get().ended_at == NOW


def test_an_asset_out_of_use_is_not_linked(
    incident: Event, server: Asset, by_ingrid: Actor
) -> None:
    server.closed_at = NOW
    with pytest.raises(NotNow, match="asset_closed"):
        handle.link_asset(incident, server, by=by_ingrid, at=NOW)


@pytest.mark.says("S2-109", "tilldelas en ansvarig")
def test_an_action_has_one_owner_who_can_see_the_case(
    incident: Event, hugo: Person, by_ingrid: Actor, act: Act
) -> None:
    with pytest.raises(PermissionDenied):
        handle.note(incident, "x", by=act(hugo), at=NOW)
    task = Task("Koppla bort G:", "immediate", hugo, LATER)
    action = handle.assign_action(incident, task, by=by_ingrid, at=NOW)
    assert facts(incident)["members"] == [hugo.key]
    incident.refresh_from_db()
    handle.progress_action(action, "done", "Bortkopplad 09.40.", by=act(hugo), at=NOW)
    action.refresh_from_db()
    assert (action.state, action.progress.get().note) == ("done", "Bortkopplad 09.40.")


@pytest.mark.says("S2-110", "Vissa åtgärder syftar till att förhindra att incidenten återupprepas")
def test_actions_are_of_four_kinds() -> None:
    assert set(Action.Kind.values) == {"immediate", "recovery", "corrective", "preventive"}


def test_nobody_gets_a_task_in_a_case_that_is_closed_to_him(
    incident: Event, hire: Callable[..., Person], by_ingrid: Actor
) -> None:
    task = Task("x", "recovery", hire("auditor"))
    with pytest.raises(NotNow, match="cannot_work_there"):
        handle.assign_action(incident, task, by=by_ingrid, at=NOW)
    assert not Action.objects.exists()


def test_an_action_can_change_owner_and_time(
    incident: Event, hugo: Person, ingrid: Person, by_ingrid: Actor
) -> None:
    action = handle.assign_action(incident, Task("x", "recovery", ingrid), by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="nothing_new"):
        handle.hand_over_action(action, ingrid, None, by=by_ingrid, at=NOW)
    handle.hand_over_action(action, hugo, LATER, by=by_ingrid, at=NOW)
    action.refresh_from_db()
    assert (action.owner, action.due_at) == (hugo, LATER)
    assert facts(incident)["owner"] == hugo.key


@pytest.mark.says("S2-116", "Ansvarig för utredning är den förvaltning där incidenten inträffat")
def test_somebody_can_take_over_the_investigation(
    incident: Event, hugo: Person, by_ingrid: Actor, act: Act
) -> None:
    part = handle.set_part(incident, hugo, "investigation_lead", by=by_ingrid, at=NOW)
    assert [taking.name for taking in sheet(incident).parts] == [hugo.name]
    with pytest.raises(NotNow, match="holds_part"):
        handle.set_part(incident, hugo, "investigation_lead", by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="unknown_part"):
        handle.set_part(incident, hugo, "king", by=by_ingrid, at=NOW)
    handle.end_part(part, by=by_ingrid, at=NOW)
    assert sheet(incident).parts == ()
    with pytest.raises(NotNow, match="left_part"):
        handle.end_part(part, by=by_ingrid, at=NOW)


@pytest.mark.says("S2-105", "en bedömning göras om incidenten är under kontroll")
def test_under_control_has_decider_time_and_criteria_and_can_be_revoked(
    incident: Event, by_ingrid: Actor
) -> None:
    since = NOW - timedelta(minutes=30)
    judged = Judged("G: är bortkopplad.", since, ("not_spreading", "immediate_done"))
    made = handle.declare_under_control(incident, judged, by=by_ingrid, at=NOW)
    assert (made.by, made.reached_at, len(made.criteria)) == (by_ingrid.key, since, 2)
    assert facts(incident)["role"] == "incident_manager"
    with pytest.raises(NotNow, match="reached_before"):
        handle.declare_under_control(incident, judged, by=by_ingrid, at=NOW)
    handle.revoke_control(incident, "Det sprider sig igen.", by=by_ingrid, at=NOW)
    assert sheet(incident).standing("under_control") is None
    assert [row.reached for row in Milestone.objects.all()] == [True, False]
    with pytest.raises(NotNow, match="not_reached"):
        handle.revoke_control(incident, "x", by=by_ingrid, at=NOW)


def test_a_criterion_that_is_not_in_policy_counts_for_nothing(
    incident: Event, by_ingrid: Actor
) -> None:
    with pytest.raises(NotNow, match="unknown_criterion"):
        handle.declare_under_control(incident, Judged("x", NOW, ("luck",)), by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="future"):
        handle.declare_under_control(incident, Judged("x", LATER), by=by_ingrid, at=NOW)


@pytest.mark.says("S1-28", "så att verksamhetens funktion återställs")
@pytest.mark.says("S2-089", "återgå till normalläge så snart som möjligt")
def test_restored_is_another_thing_than_closed(incident: Event, by_ingrid: Actor) -> None:
    judged = Judged("Alla kommer åt sina filer.", NOW, ("function_works",))
    handle.declare_restored(incident, judged, by=by_ingrid, at=NOW)
    incident.refresh_from_db()
    assert incident.state == "confirmed_incident"
    assert sheet(incident).since("restored") == NOW
    assert sheet(incident).since("closed") is None
    handle.revoke_restored(incident, "Det stannade igen.", by=by_ingrid, at=NOW)
    assert sheet(incident).since("restored") is None


def test_a_unit_s_head_may_judge_and_decide(
    incident: Event, hire: Callable[..., Person], act: Act
) -> None:
    head = act(hire("unit_head", incident.unit))
    handle.decide(incident, "Avdelningen stängs.", by=head, at=NOW)
    handle.declare_under_control(incident, Judged("x", NOW), by=head, at=NOW)
    assert facts(incident)["role"] == "unit_head"
