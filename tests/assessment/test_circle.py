"""Who may see a case: labels, members, conflicts of interest, and the seal."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.eyes import Second
from vardkase.events import circle, queries
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Unit

type Act = Callable[[Person], Actor]


@pytest.fixture
def by(karin: Person, act: Act) -> Actor:
    return act(karin)


def sees(actor: Actor, event: Event) -> bool:
    return queries.events(actor).filter(pk=event.pk).exists()


def now(event: Event) -> Event:
    return Event.objects.select_related("unit").get(pk=event.pk)


def test_a_label_closes_the_case_to_who_is_not_cleared(
    event: Event, by: Actor, hire: Hire, hospital: Unit, act: Act
) -> None:
    uncleared = act(hire("assessor", hospital))
    circle.label(event, ["patient"], by=by, at=NOW)
    assert [sees(by, event), sees(uncleared, event)] == [True, False]
    circle.label(now(event), [], by=by, at=NOW)
    assert sees(uncleared, event)


def test_a_member_is_let_in_and_out(
    event: Event, by: Actor, hire: Hire, archive: Unit, act: Act
) -> None:
    ivan = hire("handler", archive)
    circle.add_member(event, ivan, by=by, at=NOW)
    assert sees(act(ivan), event)
    circle.remove_member(now(event), ivan, by=by, at=NOW)
    assert not sees(act(ivan), event)


def test_a_conflict_of_interest_closes_the_case_to_anyone(
    event: Event, by: Actor, hire: Hire, act: Act
) -> None:
    head = hire("ciso")
    circle.add_conflict(event, head, by=by, at=NOW)
    assert not sees(act(head), event)
    circle.remove_conflict(now(event), head, by=by, at=NOW)
    assert sees(act(head), event)


@pytest.mark.says("S2-059", "leder utredningsarbetet i de delar som rör rikets säkerhet")
def test_a_sealed_case_is_gone_for_all_but_the_head_of_protective_security(
    event: Event, by: Actor, hire: Hire, act: Act
) -> None:
    chief, ciso = act(hire("security_chief")), act(hire("ciso"))
    circle.seal(event, reason="Kan röra Sveriges säkerhet.", by=by, at=NOW)
    assert [sees(a, event) for a in (by, ciso, chief)] == [False, False, True]
    for actor in (by, ciso):
        with pytest.raises(PermissionDenied):
            circle.unseal(now(event), reason="x", by=actor, at=NOW)
    circle.unseal(
        now(event), reason="Rörde inte det.", by=chief, at=NOW, second=Second(1, ciso.key)
    )
    assert sees(by, event)


def test_who_can_see_is_told_by_name(
    event: Event, karin: Person, hire: Hire, archive: Unit
) -> None:
    chief = hire("security_chief")
    hire("assessor", archive)
    assert {actor.person for actor in circle.readers(now(event), NOW)} == {karin.pk, chief.pk}
    ivan = hire("handler", archive)
    Event.objects.filter(pk=event.pk).update(members=[ivan.pk], conflicts=[karin.pk])
    assert {actor.person for actor in circle.readers(now(event), NOW)} == {ivan.pk, chief.pk}


def test_a_receiver_labels_but_lets_nobody_in(
    event: Event, hire: Hire, hospital: Unit, act: Act
) -> None:
    receiver = act(hire("receiver", hospital, labels=["patient"]))
    circle.label(event, ["patient"], by=receiver, at=NOW)
    with pytest.raises(PermissionDenied):
        circle.add_member(now(event), hire("handler"), by=receiver, at=NOW)
