"""Accounts without mail: a one-time link in, and a log entry for whatever is done to one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.lib.sessions import sessions_of
from vardkase.organisation import accounts, links
from vardkase.organisation.account_queries import accounts as listed
from vardkase.organisation.account_queries import done_by_others, happenings
from vardkase.organisation.models import Invitation, Person, Unit

type Act = Callable[[Person], Actor]
SECRET = "en lång mening om ingenting"


@pytest.fixture
def sysadmin(hire: Hire, act: Act) -> Actor:
    return act(hire("sysadmin"))


@pytest.fixture
def anna(hospital: Unit, sysadmin: Actor) -> Person:
    """Invited, and in: she has chosen her password."""
    person, secret = invite(hospital, sysadmin)
    return accounts.open_account(links.find(secret, NOW).pk, SECRET, NOW)


def invite(unit: Unit, by: Actor) -> tuple[Person, str]:
    return accounts.invite({"name": "Anna Berg", "username": "anna", "unit": unit}, by=by, at=NOW)


def state(by: Actor, person: Person) -> str:
    return str(listed(by).get(pk=person.pk).state)  # type: ignore[attr-defined]


def test_an_invited_person_chooses_a_password_once(hospital: Unit, sysadmin: Actor) -> None:
    person, secret = invite(hospital, sysadmin)
    assert state(sysadmin, person) == "invited"
    number = links.find(secret, NOW).pk
    anna = accounts.open_account(number, SECRET, NOW)
    assert anna.check_password(SECRET)
    assert state(sysadmin, anna) == "active"
    with pytest.raises(links.DeadLink):
        accounts.open_account(number, "something else", NOW)
    assert Person.objects.get(pk=anna.pk).check_password(SECRET)


def test_a_new_invitation_kills_the_old_one(hospital: Unit, sysadmin: Actor) -> None:
    person, first = invite(hospital, sysadmin)
    accounts.invite_again(person, by=sysadmin, at=NOW)
    with pytest.raises(links.DeadLink):
        links.find(first, NOW)


def test_an_old_invitation_opens_nothing(hospital: Unit, sysadmin: Actor) -> None:
    person, secret = invite(hospital, sysadmin)
    with pytest.raises(links.DeadLink):
        links.find(secret, NOW + timedelta(days=7))


def test_who_has_an_account_is_reset_and_not_invited(anna: Person, sysadmin: Actor) -> None:
    with pytest.raises(PermissionDenied):
        accounts.invite_again(anna, by=sysadmin, at=NOW)


def test_a_reset_ends_password_and_sessions(
    anna: Person, sysadmin: Actor, signed_in: Callable[[Person], object]
) -> None:
    signed_in(anna)
    secret = accounts.reset(anna, second_factors=False, by=sysadmin, at=NOW)
    assert not Person.objects.get(pk=anna.pk).has_usable_password()
    assert not sessions_of(anna.pk, NOW).exists()
    assert links.find(secret, NOW).person == anna


@pytest.mark.says(
    "S2-163", "entydig härledning av utförda aktiviteter till en identifierad användare"
)
def test_the_person_can_see_who_reset_the_account(anna: Person, sysadmin: Actor) -> None:
    accounts.reset(anna, second_factors=True, by=sysadmin, at=NOW)
    told = done_by_others(anna, NOW)
    assert [(h.kind, h.by) for h in told] == [("person.reset", sysadmin.key)]
    assert told[0].facts["second_factors"] is True
    assert done_by_others(anna, NOW + timedelta(days=30)) == []


def test_a_disabled_account_is_closed_at_once_and_its_link_too(
    hospital: Unit, sysadmin: Actor
) -> None:
    person, secret = invite(hospital, sysadmin)
    accounts.disable(person, reason="Har slutat", by=sysadmin, at=NOW)
    assert state(sysadmin, person) == "disabled"
    with pytest.raises(links.DeadLink):
        links.find(secret, NOW)
    accounts.enable(person, reason="Kom tillbaka", by=sysadmin, at=NOW)
    assert state(sysadmin, person) == "none"


def test_the_last_administrator_stays(hire: Hire, act: Act, region: Unit) -> None:
    only = hire("sysadmin")
    system = Actor.system(NOW)
    with pytest.raises(accounts.LastAdministrator):
        accounts.disable(only, reason="x", by=system, at=NOW)
    second = hire("sysadmin")
    accounts.disable(only, reason="x", by=act(second), at=NOW)


def test_nobody_resets_disables_or_enables_himself(hire: Hire, act: Act) -> None:
    me = hire("sysadmin")
    hire("sysadmin")
    for deed in (
        lambda: accounts.reset(me, second_factors=False, by=act(me), at=NOW),
        lambda: accounts.disable(me, reason="x", by=act(me), at=NOW),
        lambda: accounts.enable(me, reason="x", by=act(me), at=NOW),
    ):
        with pytest.raises(accounts.OwnAccount):
            deed()


def test_every_change_leaves_one_entry_and_no_secret(anna: Person, sysadmin: Actor) -> None:
    secret = accounts.reset(anna, second_factors=False, by=sysadmin, at=NOW)
    accounts.open_account(links.find(secret, NOW).pk, SECRET, NOW)
    accounts.change_password(anna, "en annan lång mening", NOW)
    accounts.disable(anna, reason="Har slutat", by=sysadmin, at=NOW)
    entries = Entry.objects.filter(chain="room:organisation").select_related("payload")
    assert [(e.kind, e.by) for e in entries.order_by("place")] == [
        ("person.changed", sysadmin.key),
        ("person.invited", sysadmin.key),
        ("account.opened", anna.key),
        ("person.reset", sysadmin.key),
        ("account.opened", anna.key),
        ("account.secured", anna.key),
        ("person.disabled", sysadmin.key),
    ]
    written = " ".join(str(body(e)) for e in entries)
    digests = [i.digest for i in Invitation.objects.all()]
    for hidden in (secret, SECRET, "en annan lång mening", *digests):
        assert hidden not in written
    assert [h.kind for h in happenings(anna)][0] == "person.disabled"


def test_who_holds_no_role_may_still_choose_a_password(region: Unit, sysadmin: Actor) -> None:
    person, secret = invite(region, sysadmin)
    assert accounts.open_account(links.find(secret, NOW).pk, SECRET, NOW) == person
