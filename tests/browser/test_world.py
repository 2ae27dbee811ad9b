"""The pages about the world on phone and wide screen, light and dark, and their forms."""

import itertools

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import Look, Open
from tests.world import World, build, hit
from vardkase.organisation.models import Person, Unit


@pytest.fixture
def world(hospital: Unit) -> World:
    built = build(hospital)
    for what in ["Skrivaren skrev ut en annan patients remiss.", "Mejl till fel mottagare."]:
        hit(built.journal, built.ward, what)
    return built


PAGES = [
    "units", "people", "teams", "duty", "documents", "assets", "suppliers", "unit", "person",
    "team", "asset", "supplier", "asset-edit", "grant-new", "team-members", "turn-new",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_no_fault(world: World, hire, look: Look, name: str) -> None:  # type: ignore[no-untyped-def]
    rows = {
        "unit": world.ward, "person": world.anna, "grant": world.anna, "team": world.team,
        "asset": world.journal, "supplier": world.supplier,
    }  # fmt: skip
    row = rows.get(name.split("-")[0])
    look(reverse(name, args=[row.pk] if row else []), f"world-{name}", person=hire("ciso"))


def test_a_form_that_comes_back_leads_to_its_faults(world: World, hire, look: Look) -> None:  # type: ignore[no-untyped-def]
    def send(page: Page) -> None:
        page.get_by_role("button", name="Ge rollen").click()
        page.wait_for_selector("[role=alert]")

    address = reverse("grant-new", args=[world.anna.pk])
    look(address, "world-grant-fault", person=hire("ciso"), act=send)


def test_an_asset_is_added_without_javascript(world: World, hire, open_page: Open) -> None:  # type: ignore[no-untyped-def]
    page = open_page(reverse("asset-new"), person=hire("ciso"), javascript=False)
    page.get_by_label("Namn", exact=True).fill("Röntgenarkivet")
    page.get_by_label("Slag").select_option("archive")
    page.get_by_label("Enhet").select_option(str(world.ward.pk))
    page.get_by_label("Ägare").fill("anna")
    page.get_by_role("button", name="Lägg till tillgången").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Röntgenarkivet"
    assert page.get_by_role("link", name="Anna Åberg").first.is_visible()


@pytest.fixture
def ciso(hire) -> Person:  # type: ignore[no-untyped-def]
    person: Person = hire("ciso")
    return person


def test_the_contact_card_prints_small_and_whole(
    world: World, ciso: Person, open_page: Open
) -> None:
    page = open_page(reverse("duty"), person=ciso)
    page.emulate_media(media="print")
    assert page.get_by_text("010-100 00 01").first.is_visible()
    assert not page.get_by_role("navigation").first.is_visible()
    pdf = page.pdf(format="A4")
    assert pdf.count(b"/Type /Page\n") <= 1


FILE = """namn;slag;enhet;riktighet;anteckning;okänd
Journal;System;Avdelning 3;4;Anteckning NUMBER;x
Röntgenarkivet;Arkiv;Avdelning 3;2;;
Fel;Rymdskepp;Ingenstans;7;;
"""


NUMBERS = itertools.count()


def upload(page: Page) -> None:
    page.goto(reverse("import-tillgangar"))
    text = FILE.replace("NUMBER", str(next(NUMBERS)))  # each time something new to import
    file = {"name": "tillgångar.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV-fil").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Granska filen").click()
    page.wait_for_url("**/granska")


def bring(page: Page) -> None:
    upload(page)
    page.get_by_role("button", name="Importera").click()
    page.wait_for_url("**/resultat")


def test_an_import_is_looked_at_on_every_screen(world: World, ciso: Person, look: Look) -> None:
    address = reverse("import-tillgangar")
    look(address, "world-import", person=ciso)
    look(address, "world-import-look", person=ciso, act=upload)
    look(address, "world-import-result", person=ciso, act=bring)
