"""The whole way: a nurse's phone, an assessor's queue, a handled incident, its lessons, its end."""

import time

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WIDE, Look, Open
from tests.conftest import Hire
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Unit

TEXT = "Filerna på avdelningens disk går inte att öppna."


def send_report(page: Page) -> tuple[str, str]:
    """As a nurse would: one text, one button. Number and code of the receipt."""
    page.fill("textarea[name=what]", TEXT)
    page.get_by_role("button", name="Skicka rapporten").first.click()
    return page.locator("dd strong").first.inner_text(), page.locator(".code").inner_text()


def assess(page: Page, number: str) -> None:
    page.goto(f"/handelser/{number}/bedom")
    assert page.locator("input[name=matrix]:checked").count() == 0
    page.check("input[name=matrix] >> nth=6", force=True)  # high impact, moderate urgency: 3
    page.fill("[name=reason]", "En avdelning saknar sina filer.")
    page.locator("button[value=confirmed_incident]").click()


def fill(page: Page, path: str, **fields: str) -> None:
    page.goto(path)
    for name, value in fields.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.locator("main form button.primary").first.click()


def finish(page: Page, number: str) -> None:
    """Milestones, conclusions, and an end that gives a reason for all that is missing."""
    case = f"/arenden/{number}"
    fill(page, f"{case}/under-kontroll", reason="Det sprider sig inte.")
    fill(page, f"{case}/aterstalld", reason="Avdelningen kan öppna sina filer.")
    fill(
        page, f"{case}/slutsatser", cause_kind="fault", cause="Disken var full.",
        course="Disken fylldes i natt.", lessons="Larm vid 80 procent.",
    )  # fmt: skip
    page.goto(f"{case}/avsluta")
    for field in page.locator("main form textarea, main form input[type=text]").all():
        field.fill("Behövs inte i det här ärendet.")
    page.locator("main form button.primary").first.click()


@pytest.fixture
def leader(hire: Hire) -> Person:
    return hire("incident_manager")


@pytest.mark.says("S2-018", "sker enligt fyra huvudsakliga steg")
def test_one_event_from_the_public_form_to_the_closed_incident(
    open_page: Open, look: Look, region: Unit, leader: Person
) -> None:
    number, code = send_report(open_page("/rapportera", javascript=False))
    page = open_page(width=WIDE, person=leader)
    assess(page, number)
    assert Event.objects.get(number=number).state == "confirmed_incident"
    page.goto(f"/arenden/{number}")
    page.fill("textarea[name=text]", "Driften är uppringd.")
    page.get_by_role("button", name="Spara", exact=True).click()
    assert "Driften är uppringd." in page.content()
    finish(page, number)
    assert Event.objects.get(number=number).state == "closed"
    look(f"/arenden/{number}", "closed-case", person=leader)
    assert "Arbetet är avslutat." in told(open_page("/folj"), code)
    assert verify().ok


def told(page: Page, code: str) -> str:
    """What the reporter reads with his code."""
    page.fill("[name=code]", code)
    page.locator("main form button").first.click()
    return page.inner_text("main")


@pytest.mark.says("S2-043", "högre prioriterat att snabbt rapportera")
def test_a_report_from_a_phone_takes_less_than_a_minute(open_page: Open, region: Unit) -> None:
    begun = time.monotonic()
    number, code = send_report(open_page("/rapportera"))
    assert Event.objects.get(number=number).what == TEXT
    assert len(code) > 28
    assert time.monotonic() - begun < 60  # what the machine takes; the rest is the writing
