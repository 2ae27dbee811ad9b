"""A report from a phone, by somebody in a hurry; and what every page of step 1 looks like."""

import re
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import Look, Open, faults
from tests.conftest import Hire
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow.report import report

TEXT = "Filer på avdelningens disk går inte att öppna. De slutar på .locked."


def fill(page: Page) -> None:
    page.get_by_label("Vad har hänt?").fill(TEXT)


@pytest.mark.says("S2-043", "högre prioriterat att snabbt rapportera")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_report_is_sent_from_a_phone_in_under_a_minute(
    region: Unit, open_page: Open, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    started = time.monotonic()
    page.goto("/rapportera")
    fill(page)
    page.get_by_role("button", name="Skicka rapporten").first.tap()
    number = page.locator("dd strong").inner_text()
    assert time.monotonic() - started < 60
    event = Event.objects.get(number=number)
    assert (event.what, event.discovered_at is not None) == (TEXT, True)
    assert re.fullmatch(r"([0-9A-Z]{4}-){6}[0-9A-Z]{4}", page.locator("#code").inner_text())


@pytest.mark.says("S2-043", "högre prioriterat att snabbt rapportera")
def test_the_button_is_seen_without_scrolling_on_a_phone(region: Unit, open_page: Open) -> None:
    page = open_page("/rapportera")
    box = page.get_by_role("button", name="Skicka rapporten").first.bounding_box()
    assert box
    assert box["y"] + box["height"] < 844


def test_the_public_page_is_small(region: Unit, open_page: Open) -> None:
    """At most 5 requests and 30 kB on the wire: a phone on a bad network."""
    page = open_page(new=True)
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: r.request.sizes()["responseBodySize"]}))
    page.goto("/rapportera", wait_until="networkidle")
    assert len(sizes) <= 5, sizes
    assert sum(sizes.values()) <= 30_000, sizes
    assert not page.context.cookies()


@pytest.mark.says("S2-040", "rätt frågor ställs som behövs för att underlätta bedömningen")
def test_a_later_question_depends_on_an_earlier_answer(region: Unit, open_page: Open) -> None:
    page = open_page("/rapportera")
    page.locator("summary", has_text="Vet du mer?").tap()
    asked = page.get_by_label("Var sades det?")
    assert not asked.is_visible()
    page.get_by_label("Någon har berättat något som inte skulle sägas").check()
    assert asked.is_visible()
    asked.fill("I matsalen")
    page.get_by_label("Det var nära att något hände").check()
    assert not asked.is_visible()
    assert asked.is_disabled()


@pytest.mark.says("S2-040", "rätt frågor ställs som behövs för att underlätta bedömningen")
def test_without_javascript_the_later_questions_say_when_they_count(
    region: Unit, open_page: Open
) -> None:
    page = open_page("/rapportera", javascript=False)
    page.locator("summary", has_text="Vet du mer?").tap()
    assert page.get_by_label("Var sades det?").is_visible()
    words = "Bara om du valde: Någon har berättat något som inte skulle sägas."
    assert page.get_by_text(words).first.is_visible()


def test_what_was_written_stays_when_something_is_missing(region: Unit, open_page: Open) -> None:
    page = open_page("/rapportera", javascript=False)
    page.locator("summary", has_text="Vet du mer?").tap()
    page.get_by_label("Hur når vi dig?").fill("070-123 45 67")
    page.get_by_role("button", name="Skicka rapporten").first.tap()
    page.wait_for_selector("[role=alert]")
    assert page.title().startswith("Fel: Rapportera en händelse")
    assert page.get_by_label("Hur når vi dig?").input_value() == "070-123 45 67"
    assert page.locator('a[href="#id_what"]').inner_text() == "Skriv vad som har hänt."


def test_the_summary_of_faults_has_the_focus(region: Unit, open_page: Open) -> None:
    page = open_page("/rapportera")
    page.get_by_role("button", name="Skicka rapporten").first.tap()
    page.wait_for_selector("[role=alert]:focus")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert faults(page) == []


def test_a_reporter_follows_the_case_and_adds_to_it(region: Unit, open_page: Open) -> None:
    page = open_page("/rapportera", javascript=False)
    fill(page)
    page.get_by_role("button", name="Skicka rapporten").first.tap()
    code = page.locator("#code").inner_text()
    page.goto("/folj")
    page.get_by_label("Kod").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Visa ärendet").tap()
    page.get_by_role("heading", name="Mottagen").wait_for()
    page.get_by_label("Vad vill du lägga till?").fill("Nu också på kontoret.")
    page.get_by_role("button", name="Spara det du har lagt till").tap()
    page.get_by_text("Tack. Det du lade till är sparat.").wait_for()
    assert page.get_by_text("Nu också på kontoret.").first.is_visible()
    assert code not in page.url


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/rapportera", "report"),
        ("/en/report", "report-en"),
        ("/rapportera/sakerhet", "secret"),
        ("/folj", "code"),
        ("/rad", "advice"),
        ("/rapportera/blankett", "paper"),
        ("/rapportera/personuppgifter", "privacy"),
    ],
)
def test_public_pages_have_no_faults(region: Unit, look: Look, path: str, name: str) -> None:
    look(path, name)


def opened(page: Page) -> None:
    page.locator("summary", has_text="Vet du mer?").click()
    page.get_by_label("Papper, USB-minne eller utrustning är borta").check()


def sent(page: Page) -> None:
    page.get_by_label("Vad har hänt?").fill("Patienten 640823-3234 fick fel brev.")
    opened(page)
    page.get_by_role("button", name="Skicka rapporten").first.click()
    page.wait_for_selector("#code")


def followed(page: Page) -> None:
    sent(page)
    page.get_by_role("button", name="Svara på några följdfrågor").click()
    page.get_by_text("Svara på fler frågor").click()


def wrong(page: Page) -> None:
    page.get_by_role("button", name="Skicka rapporten").first.click()
    page.wait_for_selector("[role=alert]")


@pytest.mark.parametrize(
    ("act", "name"),
    [(opened, "report-open"), (sent, "receipt"), (followed, "follow"), (wrong, "report-error")],
)
def test_pages_that_answer_have_no_faults(
    region: Unit, look: Look, act: Callable[[Page], None], name: str
) -> None:
    look("/rapportera", name, act=act)


def test_pages_of_those_logged_in_have_no_faults(region: Unit, hire: Hire, look: Look) -> None:
    anna = hire("receiver")
    by = actor_of(Person.objects.get(pk=anna.pk), _now())
    number = report(Report(what=TEXT, answers={"work": ["cannot"]}), by=by, at=_now()).number
    look("/mina-rapporter", "own", person=anna)
    look(f"/mina-rapporter/{number}", "own-case", person=anna)
    look("/rapportera", "report-staff", person=anna)


def _now() -> datetime:
    return timezone.now()
