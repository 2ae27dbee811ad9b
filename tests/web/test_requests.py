"""The pages of two persons: what waits, who is told, yes and no."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import Hire, let_in
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry, Request
from vardkase.organisation import tokens
from vardkase.organisation.models import Grant, Person, Unit

type Door = Callable[[Person], Client]


@pytest.fixture
def people(hire: Hire) -> dict[str, Person]:
    found = {role: hire(role) for role in ("sysadmin", "ciso", "reporter", "assessor")}
    Person.objects.update(password="hashed")
    for person in found.values():
        person.refresh_from_db()
    return found


@pytest.fixture
def asked(people: dict[str, Person], region: Unit, signed_in: Door) -> Request:
    sent = {"role": "dpo", "unit": region.pk, "reason": "Nytt ombud"}
    address = f"/personer/{people['reporter'].pk}/roller"
    answer = signed_in(people["sysadmin"]).post(address, sent, follow=True)
    assert "Inget har ändrats än" in text(answer.content)
    return Request.objects.get()


def text(content: bytes) -> str:
    return " ".join(content.decode().split())


def test_what_waits_is_told_on_every_page_of_the_second(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    boss = signed_in(people["ciso"])
    assert 'Att bekräfta <span class="tag alert">1</span>' in text(boss.get("/konto/").content)
    shown = text(boss.get("/att-bekrafta").content)
    assert f"Ge en roll: {people['reporter'].name}" in shown
    own = text(signed_in(people["sysadmin"]).get("/att-bekrafta").content)
    assert "Du har bett om" in own
    other = signed_in(people["assessor"])
    assert "Att bekräfta" not in text(other.get("/konto/").content)
    assert other.get(f"/att-bekrafta/{asked.pk}").status_code == 404


def test_it_is_read_and_then_confirmed(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    boss, address = signed_in(people["ciso"]), f"/att-bekrafta/{asked.pk}"
    shown = text(boss.get(address).content)
    for word in ("Dataskyddsombud", "Nytt ombud", "Ring personen", people["sysadmin"].name):
        assert word in shown
    assert boss.post(f"{address}/bekrafta", {"digest": "0" * 64}).status_code == 422
    assert not Grant.objects.filter(role="dpo").exists()
    answer = boss.post(f"{address}/bekrafta", {"digest": asked.digest}, follow=True)
    assert "Bekräftat" in text(answer.content)
    assert Grant.objects.get(role="dpo").confirmed_by == people["ciso"].key
    again = boss.post(f"{address}/bekrafta", {"digest": asked.digest})
    assert again.status_code == 422
    assert Grant.objects.filter(role="dpo").count() == 1


def test_no_means_no_and_says_why(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    boss, address = signed_in(people["ciso"]), f"/att-bekrafta/{asked.pk}"
    assert boss.post(f"{address}/avsla", {"reason": ""}).status_code == 422
    boss.post(f"{address}/avsla", {"reason": "Fel person"})
    admin = signed_in(people["sysadmin"])
    assert "Fel person" in text(admin.get(address).content)
    assert Entry.objects.filter(kind="request.declined").count() == 1
    assert "Avslagen" in text(admin.get(address).content)


def test_nobody_confirms_with_a_session_left_open(
    people: dict[str, Person], asked: Request, signed_in: Door
) -> None:
    """Both step up: the one who asks and the one who confirms."""
    boss = signed_in(people["ciso"])
    session = boss.session
    session["account_authentication_methods"] = []
    session.save()
    answer = boss.post(f"/att-bekrafta/{asked.pk}/bekrafta", {"digest": asked.digest})
    assert answer.status_code == 302
    assert "/konto/bekrafta/" in answer.headers["Location"]
    for address in (f"/personer/{people['reporter'].pk}/roller", f"/att-bekrafta/{asked.pk}/avsla"):
        assert "/konto/bekrafta/" in boss.post(address, {}).headers["Location"]
    let_in(boss, people["ciso"])
    boss.post(f"/att-bekrafta/{asked.pk}/bekrafta", {"digest": asked.digest})
    assert Grant.objects.filter(role="dpo").exists()


def test_who_does_everything_himself_is_asked_why(
    region: Unit, hire: Hire, signed_in: Door
) -> None:
    admin, anna = hire("sysadmin"), hire("reporter")
    alone = signed_in(admin)
    sent = {"role": "ciso", "unit": region.pk, "reason": "Vi är två"}
    answer = alone.post(f"/personer/{anna.pk}/roller", sent, follow=True)
    assert "Det finns ingen annan" in text(answer.content)
    asked = Request.objects.get()
    address = f"/att-bekrafta/{asked.pk}/bekrafta"
    assert alone.post(address, {"digest": asked.digest}).status_code == 422
    alone.post(address, {"digest": asked.digest, "reason": "Ingen annan är anställd"})
    assert Grant.objects.filter(role="ciso").exists()
    for somebody in (admin, anna):
        shown = text(signed_in(somebody).get("/att-bekrafta").content)
        assert "bekräftad av en ensam" in shown
        assert "Ingen annan är anställd" in shown
    held = text(alone.get(f"/personer/{anna.pk}").content)
    assert "bekräftad av en ensam" in held


def test_a_program_is_told_what_waits(
    asked: Request, people: dict[str, Person], client: Client, region: Unit
) -> None:
    def get(role: str) -> tuple[int, list[int]]:
        wanted, at = tokens.Wanted(role, role, region), timezone.now()
        head = {"Authorization": f"Bearer {tokens.create(wanted, by=Actor.system(at), at=at)[1]}"}
        answer = client.get("/api/v1/requests", headers=head)
        return answer.status_code, [row["id"] for row in answer.json().get("items", [])]

    assert get("ciso") == (200, [asked.pk])
    assert get("dpo") == (200, [])
    assert get("integration")[0] == get("assessor")[0] == 403
