"""An impatient hand: double clicks, the back button, two windows; and clocks that tick (F33)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route

from tests.browser.conftest import Open
from tests.incidents.conftest import Make, incident, ingrid, make
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.incidents.models import Situation
from vardkase.organisation.models import Person

__all__ = ["Make", "incident", "ingrid", "make"]


def entries(case: Event, kind: str) -> int:
    return Entry.objects.filter(chain=case.number, kind=kind).count()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_writes_once(
    open_page: Open, incident: Event, ingrid: Person, javascript: bool
) -> None:
    page = open_page(f"/arenden/{incident.number}", person=ingrid, javascript=javascript)
    page.fill('#log textarea[name="text"], textarea[name="text"]', "Ringde driften.")
    page.get_by_role("button", name="Spara").first.dblclick()
    page.wait_for_url("**#log")
    page.wait_for_load_state()
    assert entries(incident, "case.noted") == 1


def test_going_back_and_sending_again_loses_and_doubles_nothing(
    open_page: Open, incident: Event, ingrid: Person
) -> None:
    page = open_page(f"/arenden/{incident.number}/laget", person=ingrid)
    page.fill('textarea[name="text"]', "Servern är nere.")
    page.get_by_role("button", name="Spara").click()
    page.wait_for_url(f"**/arenden/{incident.number}*")
    page.go_back()
    assert page.input_value('textarea[name="text"]') == "Servern är nere."
    page.fill('textarea[name="text"]', "Servern är uppe.")
    page.get_by_role("button", name="Spara").click()
    page.wait_for_load_state()
    told = list(Situation.objects.order_by("pk").values_list("text", flat=True))
    assert told == ["Servern är nere.", "Servern är uppe."]


def test_the_later_of_two_windows_sees_both_texts(
    open_page: Open, incident: Event, ingrid: Person
) -> None:
    address = f"/arenden/{incident.number}/laget"
    first, second = (open_page(address, person=ingrid) for _ in range(2))
    for page, text in ((first, "Första."), (second, "Andra.")):
        page.fill('textarea[name="text"]', text)
        page.get_by_role("button", name="Spara").click()
        page.wait_for_load_state()
    assert "Första." in second.inner_text("main")
    assert second.input_value('textarea[name="text"]') == "Andra."
    second.get_by_role("button", name="Spara").click()
    second.wait_for_url(f"**/arenden/{incident.number}*")
    assert Situation.objects.count() == 2


def clock(page: Page, path: str, hours: float) -> str:
    """What a clock says that is due in so many hours, on the page at `path`."""
    due = (timezone.now() + timedelta(hours=hours, seconds=30)).isoformat()

    def add(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</main>", f'<p id="c" data-due="{due}"></p></main>')
        route.fulfill(response=answer, body=body)

    page.route(f"**{path}", add)
    page.goto(path)
    return page.inner_text("#c")


@pytest.mark.parametrize(
    ("language", "hours", "says"),
    [
        ("sv", 50, "2 d 2 tim kvar"),
        ("sv", 1.5, "1 tim 30 min kvar"),
        ("sv", -26, "1 d 1 tim för sent"),
        ("en", 50, "2 d 2 h left"),
        ("en", 0.5, "30 min left"),
        ("en", -1.5, "1 h 29 min late"),
    ],
)
def test_clocks_tick_in_the_language_of_the_page(
    open_page: Open, ingrid: Person, language: str, hours: float, says: str
) -> None:
    page = open_page(person=ingrid)
    assert clock(page, "/en" if language == "en" else "/", hours) == says
