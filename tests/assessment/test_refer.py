"""Who cannot judge asks one who can; who knows too little asks the reporter."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.assessment.conftest import Tell
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment import queries
from vardkase.events.models import Event
from vardkase.events.standing import answered
from vardkase.organisation.models import Person, Team, TeamMember, Unit
from vardkase.workflow.assess import Recipient, Refused, answer_referral, ask_reporter, refer

type Act = Callable[[Person], Actor]
SOON = NOW + timedelta(hours=4)


@pytest.fixture
def by(karin: Person, act: Act) -> Actor:
    return act(karin)


def now(event: Event) -> Event:
    return Event.objects.select_related("unit").get(pk=event.pk)


@pytest.mark.says(
    "S2-076", "eskaleras/överföras för bedömning hos den eller de som har kunskap att göra detta"
)
def test_the_one_who_knows_sees_the_case_and_answers(
    event: Event, by: Actor, hire: Hire, archive: Unit, act: Act
) -> None:
    ivan = hire("handler", archive)
    made = refer(
        event, Recipient(person=ivan), question="Kan det spridas?", due_at=SOON, by=by, at=NOW
    )
    assert (now(event).state, now(event).members) == ("waiting", [ivan.pk])
    assert [r.pk for r in queries.referred(act(ivan))] == [made.pk]
    made.event = now(event)
    answer = answer_referral(made, "Ja, inom en timme.", by=act(ivan), at=NOW)
    assert (answer.text, now(event).state) == ("Ja, inom en timme.", "unassessed")
    assert not queries.referred(act(ivan)).exists()
    with pytest.raises(Refused, match="answered_before"):
        answer_referral(made, "Nej.", by=act(ivan), at=NOW)


def test_a_team_is_let_in_and_those_who_already_see_the_case_are_not_added(
    event: Event, by: Actor, karin: Person, hire: Hire, hospital: Unit, archive: Unit
) -> None:
    team = Team.objects.create(name="Drift", unit=archive)
    ivan, nils = hire("handler", archive), hire("reporter", archive)
    for person in (karin, ivan, nils):
        TeamMember.objects.create(team=team, person=person)
    refer(event, Recipient(team=team), question="?", due_at=SOON, by=by, at=NOW)
    assert now(event).members == [ivan.pk]


def test_a_unit_is_let_in_through_those_who_can_answer(
    event: Event, by: Actor, hire: Hire, archive: Unit
) -> None:
    ivan = hire("handler", archive)
    refer(event, Recipient(unit=archive), question="?", due_at=SOON, by=by, at=NOW)
    assert now(event).members == [ivan.pk]


def test_nobody_is_asked_who_could_not_answer(
    event: Event, by: Actor, hire: Hire, archive: Unit
) -> None:
    nils = hire("reporter", archive)
    with pytest.raises(Refused, match="nobody_can_answer"):
        refer(event, Recipient(person=nils), question="?", due_at=SOON, by=by, at=NOW)
    assert (now(event).state, now(event).members) == ("unassessed", [])


def test_a_labelled_case_is_not_referred_to_one_without_clearance(
    tell: Tell, by: Actor, hire: Hire, archive: Unit
) -> None:
    event = tell()
    Event.objects.filter(pk=event.pk).update(labels=["patient"])
    ivan = hire("handler", archive)
    with pytest.raises(Refused, match="nobody_can_answer"):
        refer(now(event), Recipient(person=ivan), question="?", due_at=SOON, by=by, at=NOW)


def test_a_time_that_is_past_is_no_due_time(event: Event, by: Actor, karin: Person) -> None:
    with pytest.raises(Refused, match="due_passed"):
        refer(event, Recipient(person=karin), question="?", due_at=NOW, by=by, at=NOW)


def test_what_is_late_is_found(event: Event, by: Actor, karin: Person) -> None:
    refer(event, Recipient(person=karin), question="?", due_at=SOON, by=by, at=NOW)
    assert not queries.overdue(by, NOW).exists()
    assert queries.overdue(by, SOON + timedelta(minutes=1)).count() == 1


def test_a_question_to_the_reporter_waits_for_the_answer(event: Event, by: Actor) -> None:
    message = ask_reporter(event, "Vilken server?", by=by, at=NOW)
    assert (message.from_reporter, now(event).state) == (False, "waiting")
    case = now(event)
    answered(case)
    assert now(event).state == "unassessed"


def test_a_question_in_a_handled_case_does_not_send_it_back(event: Event, by: Actor) -> None:
    Event.objects.filter(pk=event.pk).update(state="confirmed_incident")
    ask_reporter(now(event), "Vilken server?", by=by, at=NOW)
    case = now(event)
    answered(case)
    assert now(event).state == "confirmed_incident"


def test_a_reporter_neither_refers_nor_asks(event: Event, hire: Hire, act: Act) -> None:
    nils = hire("reporter")
    with pytest.raises(PermissionDenied):
        refer(event, Recipient(person=nils), question="?", due_at=SOON, by=act(nils), at=NOW)
    with pytest.raises(PermissionDenied):
        ask_reporter(event, "?", by=act(nils), at=NOW)
