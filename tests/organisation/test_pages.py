"""The pages about the world: who may open and change them, what they show, what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import add_unit
from tests.world import World, build, hit
from vardkase.assets.models import Asset, Dependant, Responsible
from vardkase.organisation.models import Grant, Person, Responsibility, Team, Unit
from vardkase.suppliers.models import Supplier, SupplierPerson

type Hire = Callable[..., Person]
type SignIn = Callable[[Person], Client]


@pytest.fixture
def world(hospital: Unit) -> World:
    return build(hospital)


@pytest.fixture
def ciso(hire: Hire, signed_in: SignIn) -> Client:
    return signed_in(hire("ciso"))


def pages(world: World) -> dict[str, str]:
    """Every page that is read, by its name."""
    named = {
        name: reverse(name)
        for name in ["units", "people", "teams", "duty", "documents", "assets", "suppliers"]
    }
    rows = {
        "unit": world.ward, "person": world.anna, "team": world.team, "asset": world.journal,
        "supplier": world.supplier,
    }  # fmt: skip
    return named | {name: reverse(name, args=[row.pk]) for name, row in rows.items()}


# Statements of a page for a CISO, sessions and the frame included. A change shows here.
SQL = {
    "units": 6, "people": 6, "teams": 5, "duty": 8, "documents": 5, "assets": 7, "suppliers": 6,
    "unit": 13, "person": 10, "team": 8, "asset": 11, "supplier": 10,
}  # fmt: skip


@pytest.mark.parametrize("name", SQL)
def test_each_page_costs_as_many_statements_whatever_it_lists(
    world: World, ciso: Client, name: str
) -> None:
    ciso.get(pages(world)[name])  # the first visit notes that the session is in use
    first = statements(ciso, pages(world)[name])
    for number in range(5):
        ward = add_unit(f"Avdelning {number + 10}", world.ward)
        Person.objects.create(username=f"p{number}", name=f"Person {number}", unit=ward)
        Team.objects.create(name=f"Grupp {number}", unit=ward)
        supplier = Supplier.objects.create(name=f"Leverantör {number}")
        hit(world.journal, ward)
        Asset.objects.create(
            name=f"Rulla {number}", kind="archive", unit=ward, supplier=supplier, owner=world.anna
        )
    again = statements(ciso, pages(world)[name])
    assert len(again) == len(first) == SQL[name], "\n".join(again)


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return [query["sql"] for query in seen]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_whole_in_both_languages(
    world: World, ciso: Client, language: str, settings: Any
) -> None:
    ciso.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name, address in pages(world).items():
        text = ciso.get(address).content.decode()
        assert f'<html lang="{language}"' in text, name
        assert "Visa fler" in text or "Organisation" in text, name
        assert text.count("<h1") == 1, name


@pytest.mark.parametrize("role", ["reporter", "supplier_spoc", "auditor"])
def test_who_may_not_look_up_sees_only_himself_and_whom_to_ring(
    world: World, hire: Hire, signed_in: SignIn, role: str
) -> None:
    dag = hire(role)
    client = signed_in(dag)
    open_to_all = {"duty", "documents"}
    for name, address in pages(world).items():
        expected = {200} if name in open_to_all else {403, 404}
        assert client.get(address).status_code in expected, name
    assert client.get(reverse("person", args=[dag.pk])).status_code == 200
    assert "Pass, fyra veckor" not in client.get(reverse("duty")).content.decode()


@pytest.mark.says(
    "S1-19", "Finns det roller definierade och vad ingår i rollens ansvar och mandat?"
)
def test_a_role_holder_sees_responsibility_and_mandate(
    hospital: Unit, hire: Hire, signed_in: SignIn
) -> None:
    handler = hire("handler", hospital)
    text = signed_in(handler).get(reverse("person", args=[handler.pk])).content.decode()
    assert "Du gör det som behövs för att begränsa skadan" in text
    assert "Du får arbeta i de ärenden du är inkallad till" in text


@pytest.mark.says("S2-056", "Kontakt tas via s Tjänsteman i beredskap (RS TiB)")
def test_the_duty_officer_stands_on_the_card_and_under_every_work_page(
    world: World, ciso: Client
) -> None:
    card = ciso.get(reverse("duty")).content.decode()
    assert "010-100 00 01" in card
    assert "Anna Åberg" in card
    footer = ciso.get(reverse("assets")).content.decode().partition("<footer")[2]
    assert "Anna Åberg" in footer


@pytest.mark.says(
    "S2-046",
    "härleda rapporten till det aktuella systemet för att senare kunna göra sammanställningar "
    "över alla inträffade incidenter i ett visst system eller en viss process",
)
def test_unit_asset_and_supplier_show_their_cases_and_no_others(
    world: World, archive: Unit, ciso: Client
) -> None:
    other = Asset.objects.create(name="Rulla", kind="archive", unit=archive)
    elsewhere = hit(other, archive, "Rullan är borta.")
    for name in ["unit", "asset", "supplier"]:
        text = ciso.get(pages(world)[name]).content.decode()
        assert world.event.number in text, name
        assert elsewhere.number not in text, name
        assert ">2026</th>" in text, name


def test_a_case_that_the_reader_may_not_read_is_neither_listed_nor_counted(
    world: World, hire: Hire, signed_in: SignIn, archive: Unit
) -> None:
    elsewhere = signed_in(hire("assessor", archive))
    for name in ["unit", "asset", "supplier"]:
        text = elsewhere.get(pages(world)[name]).content.decode()
        assert world.event.number not in text, name
        assert "2026</th>" not in text, name


def test_the_cases_of_an_asset_come_a_page_at_a_time(world: World, ciso: Client) -> None:
    for number in range(60):
        hit(world.journal, world.ward, f"Fall {number}")
    address = pages(world)["asset"]
    first = ciso.get(address)
    assert first.content.decode().count("/arenden/") == 50
    after = first.context["cases"]["page"].next
    assert ciso.get(address, {"efter": after}).content.decode().count("/arenden/") == 11


@pytest.mark.parametrize("cursor", ["x", "W10", "%00", "WyJhIiwiYiJd", "9" * 5000])
@pytest.mark.parametrize("name", ["assets", "asset", "units", "people"])
def test_a_made_up_cursor_is_not_found(world: World, ciso: Client, name: str, cursor: str) -> None:
    assert ciso.get(pages(world)[name], {"efter": cursor}).status_code == 404


HOSTILE = [
    "'",
    '"><script>',
    "a\x00b",
    "%",
    "_",
    "\\",
    "unit__path",
    "\u202e",
    "x" * 5000,
    "å" * 300,
]


@pytest.mark.parametrize("word", HOSTILE)
def test_any_word_may_be_searched_for(world: World, ciso: Client, word: str) -> None:
    asked = {"q": word, "enhet": word, "slag": word, "klass": word, "viktig": word, "stangda": ""}
    for name in ["units", "people", "assets", "suppliers"]:
        answer = ciso.get(pages(world)[name], asked)
        assert answer.status_code == 200, name
        assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_filters_narrow_the_list_and_stay_in_the_address(world: World, ciso: Client) -> None:
    for number in range(60):
        Asset.objects.create(name=f"Rulla {number:02}", kind="archive", unit=world.ward)
    only = ciso.get(reverse("assets"), {"slag": "archive", "enhet": world.ward.pk})
    text = only.content.decode()
    assert "Rulla 00" in text
    assert ">Journal<" not in text
    assert f"?slag=archive&amp;enhet={world.ward.pk}&amp;efter=" in text
    strict = ciso.get(reverse("assets"), {"klass": 3, "viktig": "on"}).content.decode()
    assert ">Journal<" in strict
    assert "Rulla" not in strict


def test_a_row_of_another_parent_is_not_found(world: World, archive: Unit, ciso: Client) -> None:
    """PH02: the child must be the parent's, whatever number the address names."""
    other = Asset.objects.create(name="Rulla", kind="archive", unit=archive)
    bo = Person.objects.create(username="bo", name="Bo", unit=archive)
    dependant = Dependant.objects.get()
    held = Responsibility.objects.get()
    grant = Grant.objects.filter(role="ciso").get()
    answers = Responsible.objects.create(
        asset=world.journal, code="system_manager", person=bo, since=grant.since
    )
    account = SupplierPerson.objects.create(supplier=world.supplier, person=bo)
    second = Supplier.objects.create(name="Annan AB")
    for name, parent, child in [
        ("dependant-end", other.pk, dependant.pk),
        ("asset-end", other.pk, answers.pk),
        ("unit-end", archive.pk, held.pk),
        ("grant-end", bo.pk, grant.pk),
        ("supplier-account-end", second.pk, account.pk),
    ]:
        address = reverse(name, args=[parent, child])
        assert ciso.post(address, {"reason": "x"}).status_code == 404, name
    for row in [dependant, held, answers, account]:
        row.refresh_from_db()
        assert row.ended_at is None
    grant.refresh_from_db()
    assert grant.until is None
