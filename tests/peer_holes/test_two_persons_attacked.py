"""ASVS V2.3.5: what a clever administrator tries so that one person is enough."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from tests.conftest import Hire
from vardkase.decisionlog.models import Entry, Request
from vardkase.organisation.models import Grant, Invitation, Person, Unit

type Door = Callable[[Person], Client]


@pytest.fixture
def people(hire: Hire) -> dict[str, Person]:
    found = {role: hire(role) for role in ("sysadmin", "ciso", "reporter", "assessor")}
    for person in found.values():
        person.set_password("en lång mening om ingenting")
        person.save()
    return found


@pytest.fixture
def asked(people: dict[str, Person], region: Unit, signed_in: Door) -> Request:
    sent = {"role": "ciso", "unit": region.pk, "reason": "x"}
    signed_in(people["sysadmin"]).post(f"/personer/{people['reporter'].pk}/roller", sent)
    return Request.objects.get()


def test_a_request_of_others_is_answered_as_one_that_never_was(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    other = signed_in(people["reporter"])
    hidden, never = (other.get(f"/att-bekrafta/{pk}") for pk in (asked.pk, 10**9))
    assert hidden.status_code == never.status_code == 404
    assert page(hidden.content) == page(never.content)
    for deed in ("bekrafta", "avsla"):
        body = {"digest": asked.digest, "reason": "x"}
        assert other.post(f"/att-bekrafta/{asked.pk}/{deed}", body).status_code == 404
    assert not Request.objects.exclude(answer="").exists()


def page(content: bytes) -> str:
    """Without the moment and the form's own mark."""
    text = content.decode()
    for mark in ('data-now="', 'name="csrfmiddlewaretoken" value="'):
        head, *rest = text.split(mark)
        text = head + "".join(part.partition('"')[2] for part in rest)
    return text


def columns(model: type[Model]) -> dict[str, Any]:
    return {field.name: "1" for field in model._meta.fields}


def test_no_field_of_the_request_can_be_sent_along(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    """PH04: else the second confirms something else than he read."""
    before = Request.objects.values("kind", "terms", "about", "asked_by", "until").get()
    body = columns(Request) | {"digest": asked.digest, "terms": json.dumps({"role": "sysadmin"})}
    signed_in(people["ciso"]).post(f"/att-bekrafta/{asked.pk}/bekrafta", body)
    assert Request.objects.values("kind", "terms", "about", "asked_by", "until").get() == before
    made = Grant.objects.latest("pk")
    assert (made.role, made.person) == ("ciso", people["reporter"])


@pytest.mark.parametrize("asking", ["sysadmin", "ciso"])
def test_a_confirmation_cannot_be_sent_along_with_the_asking(
    people: dict[str, Person], region: Unit, signed_in: Door, asking: str
) -> None:
    body = {"role": "ciso", "unit": region.pk, "reason": "x"}
    body |= {"second": people["assessor"].pk, "confirmed_by": "p1", "answer": "confirmed"}
    signed_in(people[asking]).post(f"/personer/{people['reporter'].pk}/roller", body)
    assert Request.objects.get().answer == ""
    assert not Grant.objects.filter(person=people["reporter"], role="ciso").exists()


def test_nothing_is_confirmed_by_a_link(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    """A second person who is sent a link confirms nothing by following it."""
    boss = signed_in(people["ciso"])
    for method in (boss.get, boss.head):
        for deed in ("bekrafta", "avsla"):
            method(f"/att-bekrafta/{asked.pk}/{deed}", {"digest": asked.digest, "reason": "x"})
    assert Request.objects.get().answer == ""


def test_a_made_up_person_does_not_let_himself_in(
    people: dict[str, Person], region: Unit, signed_in: Door
) -> None:
    """The whole of the attack: invite, give, take the link, confirm as him. It ends at the role."""
    admin = signed_in(people["sysadmin"])
    who = {"name": "Per Påhitt", "username": "per.pahitt", "unit": region.pk}
    admin.post("/administration/konton/ny", who)
    puppet = Person.objects.get(username="per.pahitt")
    puppet.set_password("vald av den som hade länken")
    puppet.save()
    admin.post(f"/personer/{puppet.pk}/roller", {"role": "ciso", "unit": region.pk, "reason": "x"})
    asked, his = Request.objects.get(), signed_in(puppet)
    body = {"digest": asked.digest, "reason": "Jag är ensam"}
    for client in (his, admin):
        client.post(f"/att-bekrafta/{asked.pk}/bekrafta", body)
    assert not Grant.objects.filter(person=puppet).exists()
    assert his.get("/arenden").status_code == 403


def test_a_chiefs_login_is_not_taken_over(people: dict[str, Person], signed_in: Door) -> None:
    """Neither by a reset, nor by closing and opening it, nor by a new invitation."""
    admin, chief = signed_in(people["sysadmin"]), people["ciso"]
    for deed in ("nollstall", "stang", "oppna", "lank"):
        admin.post(f"/administration/konton/{chief.pk}/{deed}", {"reason": "x"})
    assert not Invitation.objects.filter(person=chief).exists()
    assert Person.objects.get(pk=chief.pk).has_usable_password()
    assert not Entry.objects.filter(kind="person.reset").exists()


def test_a_link_names_our_own_host_whatever_was_asked(
    people: dict[str, Person], region: Unit, signed_in: Door
) -> None:
    admin = signed_in(people["sysadmin"])
    who = {"name": "Eva", "username": "eva.e", "unit": region.pk}
    answer = admin.post("/administration/konton/ny", who, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not Person.objects.filter(username="eva.e").exists()
    answer = admin.post(
        "/administration/konton/ny", who, headers={"x-forwarded-host": "evil.example"}
    )
    assert "evil.example" not in answer.content.decode()
