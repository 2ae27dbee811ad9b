"""Two persons, in a real browser: asked, read, confirmed by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Look, Open
from tests.conftest import Hire
from vardkase.decisionlog.models import Request
from vardkase.organisation.models import Grant, Person, Unit


@pytest.fixture
def people(hire: Hire) -> dict[str, Person]:
    found = {role: hire(role) for role in ("sysadmin", "ciso", "reporter")}
    for person in found.values():
        person.set_password("en lång mening om ingenting")
        person.save()
    return found


def ask(people: dict[str, Person], region: Unit, open_page: Open) -> None:
    address = f"/personer/{people['reporter'].pk}/roller"
    page = open_page(address, person=people["sysadmin"], javascript=False)
    page.get_by_label("Roll", exact=True).select_option("dpo")
    page.get_by_label("Enhet").select_option(str(region.pk))
    page.get_by_label("Skäl").fill("Nytt ombud")
    page.get_by_role("button", name="Ge rollen").click()
    expect(page.get_by_text("Inget har ändrats än")).to_be_visible()


def test_two_persons_give_a_role(
    people: dict[str, Person], region: Unit, open_page: Open, look: Look
) -> None:
    ask(people, region, open_page)
    asked = Request.objects.get()
    look("/att-bekrafta", "requests", person=people["ciso"])
    look(f"/att-bekrafta/{asked.pk}", "request", person=people["ciso"])
    look(f"/att-bekrafta/{asked.pk}", "request-own", person=people["sysadmin"])
    page = open_page("/att-bekrafta", person=people["ciso"], javascript=False)
    page.get_by_role("link", name="Ge en roll").click()
    page.get_by_role("button", name="Bekräfta").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Det gäller från och med nu")).to_be_visible()
    assert Grant.objects.get(role="dpo").confirmed_by == people["ciso"].key


def test_who_is_alone_sees_that_he_has_to_say_why(
    people: dict[str, Person], region: Unit, open_page: Open, look: Look
) -> None:
    Grant.objects.filter(role="ciso").update(role="handler")
    ask(people, region, open_page)
    asked = Request.objects.get()
    look(f"/att-bekrafta/{asked.pk}", "request-alone", person=people["sysadmin"])
