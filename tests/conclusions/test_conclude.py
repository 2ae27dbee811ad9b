"""Step 4: what we learnt is written, what follows is assigned, and an end names what is missing."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.incidents.conftest import Make
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.conclusions.models import Conclusion
from vardkase.conclusions.queries import related
from vardkase.conclusions.rules import missing
from vardkase.conclusions.sheet import sheet
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.events.models import Event
from vardkase.incidents.models import Action, Incident
from vardkase.organisation.models import Person
from vardkase.workflow import handle
from vardkase.workflow.acting import NotNow, Overtaken
from vardkase.workflow.conclude import Review, Unfinished, close, conclude, reopen
from vardkase.workflow.handle import Judged, Task

REVIEW = Review(
    cause_kind="crime",
    cause="Stulet lösenord.",
    course="Angriparen kom in genom VPN klockan fyra.",
    direct_harm="Två dygn utan filer.",
    indirect_harm="Fakturor blev sena.",
    lessons="Tvåfaktor för alla leverantörer.",
)
WHY = {
    "immediate_done": "Görs av leverantören.",
    "under_control": "Avbröts.",
    "restored": "Systemet läggs ner.",
    "concluded": "Utreds i ett annat ärende.",
    "improvement": "Ingen behövs.",
    "disclosure_checked": "Utreds av polisen.",
}


def lacking(event: Event) -> tuple[str, ...]:
    return missing(sheet(event).facts(event))


@pytest.mark.says(
    "S2-123", "uppföljning av enskilda incidenter för att kartlägga bland annat orsak, förlopp"
)
@pytest.mark.says(
    "S2-002",
    "undvika eller begränsa påverkan på verksamheten som direkt eller indirekt kan leda till skada",
)
def test_cause_course_harm_and_lessons_are_written(incident: Event, by_ingrid: Actor) -> None:
    conclude(incident, REVIEW, by=by_ingrid, at=NOW)
    said = sheet(incident).conclusion
    assert said is not None
    assert (said.cause_kind, said.direct_harm, said.indirect_harm) == (
        "crime",
        "Två dygn utan filer.",
        "Fakturor blev sena.",
    )


@pytest.mark.says(
    "S1-10",
    "minska incidenters konsekvenser, utreda orsakerna till incidenten och därigenom förbättra"
    " skyddet",
)
def test_consequence_cause_and_improvement_are_needed_for_closing(
    incident: Event, ingrid: Person, by_ingrid: Actor
) -> None:
    assert {"concluded", "improvement"} <= set(lacking(incident))
    bare = Review(cause_kind="unknown", cause="?", course="?", lessons="?")
    conclude(incident, bare, by=by_ingrid, at=NOW)
    assert {"cause_known", "harm_written", "improvement"} <= set(lacking(incident))
    task = Task("Inför tvåfaktor", "preventive", ingrid, NOW + timedelta(days=30))
    conclude(incident, REVIEW, [task], by=by_ingrid, at=NOW)
    assert set(lacking(incident)) == {"under_control", "restored"}
    assert Action.objects.get().title == "Inför tvåfaktor"


@pytest.mark.says("S2-015", "dra lärdomar av inträffade informationssäkerhetsincidenter")
def test_an_earlier_conclusion_stays(incident: Event, by_ingrid: Actor) -> None:
    first = conclude(incident, REVIEW, by=by_ingrid, at=NOW, expected=0)
    with pytest.raises(Overtaken) as told:
        conclude(incident, REVIEW, by=by_ingrid, at=NOW, expected=0)
    assert told.value.latest == first
    conclude(incident, REVIEW, by=by_ingrid, at=NOW, expected=first.pk)
    assert Conclusion.objects.count() == 2


def test_a_case_that_nothing_is_missing_in_is_closed(
    incident: Event, ingrid: Person, by_ingrid: Actor
) -> None:
    handle.declare_under_control(incident, Judged("x", NOW), by=by_ingrid, at=NOW)
    handle.declare_restored(incident, Judged("x", NOW), by=by_ingrid, at=NOW)
    conclude(incident, REVIEW, [Task("x", "corrective", ingrid)], by=by_ingrid, at=NOW)
    incident.refresh_from_db()
    assert lacking(incident) == ()
    close(incident, {}, by=by_ingrid, at=NOW)
    incident.refresh_from_db()
    assert incident.state == "closed"
    with pytest.raises(NotNow, match="closed"):
        close(incident, {}, by=by_ingrid, at=NOW)


def test_closing_names_exactly_what_is_missing(
    make: Make, ingrid: Person, by_ingrid: Actor
) -> None:
    event = make(effects={"confidentiality": "suspected", "integrity": "none"})
    handle.assign_action(event, Task("x", "immediate", ingrid), by=by_ingrid, at=NOW)
    event.refresh_from_db()
    with pytest.raises(Unfinished) as told:
        close(event, {}, by=by_ingrid, at=NOW)
    assert (
        told.value.missing
        == told.value.unexplained
        == tuple(
            code
            for code in (
                "immediate_done",
                "under_control",
                "restored",
                "concluded",
                "disclosure_checked",
                "improvement",
            )
        )
    )
    assert not Entry.objects.filter(kind="incident.closed").exists()


def test_what_is_left_open_needs_a_reason_each_which_is_recorded(
    make: Make, ingrid: Person, by_ingrid: Actor
) -> None:
    event = make(effects={"confidentiality": "suspected"})
    handle.assign_action(event, Task("x", "immediate", ingrid), by=by_ingrid, at=NOW)
    event.refresh_from_db()
    with pytest.raises(Unfinished) as told:
        close(event, WHY | {"restored": "  "}, by=by_ingrid, at=NOW)
    assert told.value.unexplained == ("restored",)
    made = close(event, WHY | {"foreign": "x"}, text="Klart.", by=by_ingrid, at=NOW)
    assert made.left_open == WHY
    entry = Entry.objects.get(kind="incident.closed")
    assert body(entry)["facts"]["left_open"] == WHY


def test_the_answer_to_who_may_have_seen_it_is_asked_only_if_it_was_hurt(make: Make) -> None:
    assert "disclosure_checked" not in lacking(make())
    assert "disclosure_checked" in lacking(make(effects={"confidentiality": "confirmed"}))
    assert "alteration_checked" in lacking(make(effects={"integrity": "suspected"}))


def test_it_cannot_be_found_out_is_an_answer(make: Make, by_ingrid: Actor) -> None:
    event = make(effects={"confidentiality": "confirmed"})
    answered = Review(
        cause_kind="crime", cause="x", course="x", lessons="x", disclosed="unknown",
        checked_how="Loggarna är raderade.",
    )  # fmt: skip
    conclude(event, answered, by=by_ingrid, at=NOW)
    assert "disclosure_checked" not in lacking(event)


def test_a_possible_incident_is_first_confirmed_or_refuted(make: Make) -> None:
    assert "confirmed" in lacking(make(outcome="possible_incident"))


def test_a_case_is_opened_again_as_it_was_judged(make: Make, by_ingrid: Actor) -> None:
    event = make(outcome="possible_incident")
    with pytest.raises(NotNow, match="open"):
        reopen(event, "x", by=by_ingrid, at=NOW)
    close(event, WHY | {"confirmed": "Går inte att veta."}, by=by_ingrid, at=NOW)
    event.refresh_from_db()
    reopen(event, "Den kom tillbaka.", by=by_ingrid, at=NOW)
    event.refresh_from_db()
    assert event.state == "possible_incident"
    assert sheet(event).since("closed") is None


def test_after_the_end_one_may_note_and_follow_up_and_no_more(
    incident: Event, ingrid: Person, by_ingrid: Actor
) -> None:
    action = handle.assign_action(incident, Task("x", "preventive", ingrid), by=by_ingrid, at=NOW)
    incident.refresh_from_db()
    close(incident, WHY, by=by_ingrid, at=NOW)
    handle.note(incident, "Polisen ringde.", by=by_ingrid, at=NOW)
    handle.progress_action(action, "done", "", by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="closed"):
        handle.update_situation(incident, "x", by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="closed"):
        conclude(incident, REVIEW, by=by_ingrid, at=NOW)


@pytest.mark.says("S2-004", "bidra till att de inte upprepas")
def test_an_earlier_case_of_the_same_asset_or_cause_is_shown(
    make: Make, server: Asset, by_ingrid: Actor
) -> None:
    long_ago, recent = NOW - timedelta(days=500), NOW - timedelta(days=100)
    old, same_asset, same_cause = (
        make("Gammal.", at=long_ago),
        make("Samma server.", at=recent, category="technical_failure"),
        make("Samma orsak.", at=recent),
    )
    event = make()
    for case in (old, same_asset, event):
        handle.link_asset(case, server, by=by_ingrid, at=NOW)
    for case in (same_cause, event):
        conclude(case, REVIEW, by=by_ingrid, at=NOW)
    found = {
        one.event.pk: one.why for one in related(by_ingrid, event, sheet(event), at=NOW).earlier
    }
    assert found == {same_asset.pk: "same_asset", same_cause.pk: "same_cause"}
    assert Incident.objects.get(event=event).repeats in (same_asset, same_cause)


def test_an_earlier_case_that_one_may_not_see_is_not_there(
    make: Make, server: Asset, by_ingrid: Actor
) -> None:
    hidden = make("Hemlig.", at=NOW - timedelta(days=9))
    event = make()
    for case in (hidden, event):
        handle.link_asset(case, server, by=by_ingrid, at=NOW)
    Event.objects.filter(pk=hidden.pk).update(labels=["patient"])
    assert related(by_ingrid, event, sheet(event), at=NOW).earlier == ()
