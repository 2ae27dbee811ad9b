"""Two persons: what one may not decide alone waits for a second, who is nobody's puppet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from tests.conftest import NOW

from vardkase.access.actor import Actor
from vardkase.decisionlog import requests
from vardkase.decisionlog.eyes import NeedsSecond, Second
from vardkase.decisionlog.models import Entry, Request
from vardkase.decisionlog.queries import body
from vardkase.delivery.models import Notice
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.changes import Refused
from vardkase.organisation import accounts, grants
from vardkase.organisation.models import Grant, Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow import four_eyes
from vardkase.workflow.four_eyes import confirm, decline, do, mine, standing
from vardkase.workflow.report import report

type Hire = Callable[..., Person]
type Act = Callable[[Person], Actor]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def staff(hire: Hire) -> Hire:
    """As `hire`, and able to log in."""

    def hire_one(*args: Any, **more: Any) -> Person:
        person = hire(*args, **more)
        person.set_unusable_password()
        person.password = "hashed"
        person.save()
        return person

    return hire_one


def role(person: Person, unit: Unit, code: str = "ciso", **more: Any) -> dict[str, Any]:
    terms = {"labels": [], "since": None, "until": None, "reason": "Ny tjänst"}
    return terms | {"person": person.pk, "unit": unit.pk, "role": code} | more


def roles(person: Person) -> frozenset[str]:
    return actor_of(person, LATER).roles


def facts(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = body(Entry.objects.filter(kind=kind).latest("pk"))["facts"]
    return found


def test_a_powerful_role_waits_for_a_second_person(region: Unit, staff: Hire, act: Act) -> None:
    anna, bo, cecilia = staff("sysadmin"), staff("ciso"), staff("reporter")
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    assert isinstance(asked, Request)
    assert "ciso" not in roles(cecilia)
    assert [row for row, _ in mine(act(bo), NOW)] == [asked]
    told = Notice.objects.get()
    assert (told.person, told.path, told.case) == (bo, f"/att-bekrafta/{asked.pk}", "")
    made = confirm(asked, by=act(bo), at=LATER)
    assert "ciso" in roles(cecilia)
    assert (made.by, made.confirmed_by) == (anna.key, bo.key)
    given = facts("grant.given")
    assert (given["second"], given["request"]) == (bo.key, asked.pk)
    assert facts("request.made")["digest"] == facts("request.confirmed")["digest"]


def test_a_small_role_needs_one_person(region: Unit, staff: Hire, act: Act) -> None:
    anna, dan = staff("sysadmin"), staff("reporter")
    for code in ("handler", "reporter"):
        assert isinstance(do("grant.given", role(dan, region, code), by=act(anna), at=NOW), Grant)
    cleared = role(dan, region, "handler", labels=["patient"])
    assert isinstance(do("grant.given", cleared, by=act(anna), at=NOW), Request)


def test_no_door_goes_around_it(region: Unit, staff: Hire, act: Act) -> None:
    """Not the verb itself, and not a word that nobody gave: the one door for change asks."""
    anna, dan = staff("sysadmin"), staff("reporter")
    with pytest.raises(NeedsSecond):
        grants.give(dan, "ciso", unit=region, reason="x", by=act(anna), at=NOW)
    assert not Grant.objects.filter(person=dan, role="ciso").exists()
    assert not Entry.objects.filter(kind="grant.given").exists()


def test_the_console_is_root_already(region: Unit, staff: Hire) -> None:
    dan = staff("reporter")
    grants.give(dan, "ciso", unit=region, reason="x", by=Actor.system(NOW), at=NOW)
    assert "ciso" in roles(dan)


def test_who_asks_or_gains_never_confirms(region: Unit, staff: Hire, act: Act) -> None:
    anna, bo, cecilia = staff("sysadmin"), staff("ciso"), staff("sysadmin")
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    for somebody in (anna, cecilia, staff("assessor"), staff("auditor")):
        with pytest.raises(PermissionDenied):
            confirm(asked, by=act(somebody), at=LATER, reason="Det är bråttom")
    assert standing(asked, act(bo), LATER).may_confirm
    assert not standing(asked, act(anna), LATER).may_confirm


@pytest.mark.parametrize("code", ["sysadmin", "ciso", "security_chief"])
def test_a_person_made_up_by_the_asker_says_no_yes(
    region: Unit, staff: Hire, act: Act, code: str
) -> None:
    """His role was given by one alone: for a fortnight he is nobody's second."""
    anna = staff("sysadmin")
    puppet, gain = staff("reporter"), staff("reporter")
    asked = do("grant.given", role(puppet, region, code), by=act(anna), at=NOW)
    confirm(asked, by=act(anna), at=NOW, reason="Jag är ensam")
    more = do("grant.given", role(gain, region), by=act(anna), at=LATER)
    with pytest.raises(PermissionDenied):
        confirm(more, by=actor_of(puppet, LATER), at=LATER)
    seen = NOW + timedelta(days=15)
    again = do("grant.given", role(gain, region, "tib"), by=actor_of(anna, seen), at=seen)
    assert standing(again, actor_of(puppet, seen), seen).second


def test_whom_two_persons_stand_behind_is_a_second_at_once(
    region: Unit, staff: Hire, act: Act
) -> None:
    anna, bo, new, gain = staff("sysadmin"), staff("ciso"), staff("reporter"), staff("reporter")
    confirm(do("grant.given", role(new, region), by=act(anna), at=NOW), by=act(bo), at=NOW)
    more = do("grant.given", role(gain, region), by=act(anna), at=LATER)
    assert standing(more, actor_of(new, LATER), LATER).second


def test_who_is_alone_says_why_and_it_shows(region: Unit, staff: Hire, act: Act) -> None:
    """A small company, or the first day: one person does everything, and it is written down."""
    anna, cecilia = staff("sysadmin"), staff("reporter")
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    assert standing(asked, act(anna), NOW).alone
    with pytest.raises(Refused, match="reason"):
        confirm(asked, by=act(anna), at=NOW, reason=" ")
    confirm(asked, by=act(anna), at=NOW, reason="Vi är två anställda")
    said = facts("request.confirmed")
    assert (said["alone"], said["reason"]) == (True, "Vi är två anställda")
    held = Grant.objects.get(person=cecilia, role="ciso")
    assert held.by == held.confirmed_by == anna.key
    (row,) = four_eyes.answered(actor_of(cecilia, LATER), LATER)
    assert row.alone


@pytest.mark.parametrize("how", ["role ended", "account closed"])
def test_nobody_makes_himself_alone(region: Unit, staff: Hire, act: Act, how: str) -> None:
    """Ending a colleague's role, or closing his account, opens the way in a week, not now."""
    anna, bo, cecilia = staff("sysadmin"), staff("ciso"), staff("reporter")
    if how == "role ended":
        grants.end(Grant.objects.get(person=bo), reason="x", by=act(anna), at=NOW)
    else:
        accounts.disable(bo, reason="x", by=act(anna), at=NOW)
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=LATER)
    assert not standing(asked, act(anna), LATER).alone
    with pytest.raises(PermissionDenied):
        confirm(asked, by=act(anna), at=LATER, reason="Jag är ensam")
    if how == "role ended":
        week = NOW + timedelta(days=8)
        again = do("grant.given", role(cecilia, region), by=actor_of(anna, week), at=week)
        assert standing(again, actor_of(anna, week), week).alone


def test_a_login_that_opens_something_is_not_reset_by_one(
    region: Unit, staff: Hire, act: Act
) -> None:
    """Else the administrator takes the link, and is the chief; the second person gets it."""
    anna, bo, chief = staff("sysadmin"), staff("ciso"), staff("security_chief")
    for kind, terms in (("person.reset", {"second_factors": True}), ("person.invited", {})):
        if kind == "person.invited":
            Person.objects.filter(pk=chief.pk).update(password="!")
        asked = do(kind, {"person": chief.pk, **terms}, by=act(anna), at=NOW)
        assert isinstance(asked, Request)
        secret = confirm(asked, by=act(bo), at=NOW)
        assert isinstance(secret, str)
    free = staff("reporter")
    terms = {"person": free.pk, "second_factors": False}
    assert isinstance(do("person.reset", terms, by=act(anna), at=NOW), Request) is False


@pytest.fixture
def case(hospital: Unit) -> Event:
    return report(Report(what="x", unit=hospital.pk), by=Actor.reporter(NOW), at=NOW).event


def test_a_sealed_case_is_opened_by_two(case: Event, staff: Hire, act: Act) -> None:
    chief, ciso, other = staff("security_chief"), staff("ciso"), staff("incident_manager")
    circle.seal(case, reason="x", by=act(chief), at=NOW)
    with pytest.raises(NeedsSecond):
        circle.unseal(case, reason="x", by=act(chief), at=NOW)
    terms = {"number": case.number, "reason": "Rörde det inte"}
    asked = do("event.unsealed", terms, by=act(chief), at=NOW)
    case.refresh_from_db()
    assert case.sealed
    with pytest.raises(PermissionDenied):
        do("event.unsealed", terms, by=act(ciso), at=NOW)
    assert not standing(asked, act(other), NOW).second
    confirm(asked, by=act(ciso), at=NOW)
    case.refresh_from_db()
    assert not case.sealed


def test_a_partial_person_is_no_second_in_his_own_case(case: Event, staff: Hire, act: Act) -> None:
    chief, ciso = staff("security_chief"), staff("ciso")
    circle.add_conflict(case, ciso, by=act(chief), at=NOW)
    circle.seal(case, reason="x", by=act(chief), at=NOW)
    terms = {"number": case.number, "reason": "x"}
    asked = do("event.unsealed", terms, by=act(chief), at=NOW)
    assert not standing(asked, act(ciso), NOW).second
    with pytest.raises(Request.DoesNotExist):
        four_eyes.one(asked.pk, act(ciso), NOW)


def test_the_restricted_circle_is_widened_by_two(case: Event, staff: Hire, act: Act) -> None:
    cleared = ["restricted", "patient"]
    anna, bo = (staff("assessor", labels=cleared) for _ in range(2))
    uncleared = staff("assessor")
    circle.label(case, cleared, by=act(anna), at=NOW)
    lift = {"number": case.number, "labels": ["patient"]}
    asked = do("event.labelled", lift, by=act(anna), at=NOW)
    assert isinstance(asked, Request)
    assert not standing(asked, act(uncleared), NOW).second
    confirm(asked, by=act(bo), at=NOW)
    case.refresh_from_db()
    assert case.labels == ["patient"]
    free = do("event.labelled", lift | {"labels": []}, by=act(anna), at=NOW)
    assert isinstance(free, Event)


def test_a_request_is_answered_once_and_in_time(region: Unit, staff: Hire, act: Act) -> None:
    anna, bo, cecilia = staff("sysadmin"), staff("ciso"), staff("reporter")
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    assert do("grant.given", role(cecilia, region), by=act(anna), at=LATER) == asked
    tomorrow = NOW + timedelta(hours=24)
    with pytest.raises(Refused):
        confirm(asked, by=actor_of(bo, tomorrow), at=tomorrow)
    decline(asked, by=act(bo), at=LATER, reason="Fel person")
    with pytest.raises(Refused):
        confirm(asked, by=act(bo), at=LATER)
    assert "ciso" not in roles(cecilia)


def test_what_is_done_is_what_was_asked(region: Unit, staff: Hire, act: Act) -> None:
    """The database refuses to rewrite a request; and a digest in the log would tell."""
    anna, cecilia = staff("sysadmin"), staff("reporter")
    staff("ciso")
    asked = do("grant.given", role(cecilia, region, "auditor"), by=act(anna), at=NOW)
    with pytest.raises(Error), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(terms="{}")
    with pytest.raises(Error), transaction.atomic():
        asked.delete()
    asked.terms = asked.terms.replace("auditor", "ciso")
    with pytest.raises(requests.Changed):
        requests.terms_of(asked)


def test_the_asker_must_still_hold_what_he_asked_with(region: Unit, staff: Hire, act: Act) -> None:
    anna, bo, cecilia = staff("sysadmin"), staff("ciso"), staff("reporter")
    staff("sysadmin")
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    grants.end(Grant.objects.get(person=anna), reason="x", by=act(bo), at=NOW)
    with pytest.raises(PermissionDenied):
        confirm(asked, by=act(bo), at=LATER)
    accounts.disable(anna, reason="x", by=Actor.system(NOW), at=NOW)
    with pytest.raises(Refused):
        confirm(asked, by=act(bo), at=LATER)


def test_a_program_neither_asks_nor_confirms(region: Unit, staff: Hire, act: Act) -> None:
    anna, cecilia = staff("sysadmin"), staff("reporter")
    staff("ciso")
    program = Actor("t1", "Zabbix", NOW, act(anna).grants)
    with pytest.raises(PermissionDenied):
        do("grant.given", role(cecilia, region), by=program, at=NOW)
    asked = do("grant.given", role(cecilia, region), by=act(anna), at=NOW)
    with pytest.raises(PermissionDenied):
        confirm(asked, by=program, at=NOW)


def test_a_role_is_not_dated_back(region: Unit, staff: Hire, act: Act) -> None:
    """It would pass for one that others had long seen."""
    anna, cecilia = staff("sysadmin"), staff("reporter")
    early = (NOW - timedelta(days=30)).isoformat()
    with pytest.raises(Refused, match="since"):
        do("grant.given", role(cecilia, region, since=early), by=act(anna), at=NOW)


def test_a_second_is_a_word_in_the_log_and_no_more(region: Unit, staff: Hire, act: Act) -> None:
    """`Second` carries no leave: the asker's own is asked for as ever."""
    dan, cecilia = staff("assessor"), staff("reporter")
    with pytest.raises(PermissionDenied):
        grants.give(
            cecilia, "ciso", unit=region, reason="x", by=act(dan), at=NOW, second=Second(1, "p1")
        )
