"""The statistics page in a real browser: no faults, readable on a phone, whole without scripts."""

from datetime import UTC, datetime
from random import Random

import pytest

from tests.browser.conftest import Look, Open
from tests.conftest import Hire
from vardkase.assessment.models import Assessment
from vardkase.events.models import Event
from vardkase.organisation.models import Unit

CATEGORIES = [
    "compromise_of_information", "technical_failure", "malware", "compromise_of_functions",
    "infrastructure_failure", "physical_damage", "",
]  # fmt: skip


@pytest.fixture
def two_years(region: Unit, hospital: Unit) -> None:
    dice = Random(1)  # noqa: S311
    for n in range(160):
        at = datetime(2025 + n // 80, dice.randint(1, 11), dice.randint(1, 20), tzinfo=UTC)
        event = Event.objects.create(
            number=f"2026-{n:04d}", title="x", what="x", unit=dice.choice([region, hospital]),
            reported_at=at, received_at=at, state=dice.choice(["closed", "not_incident"]),
            priority=dice.randint(1, 5), imported={"people": n},
            category=dice.choices(CATEGORIES, [30, 20, 15, 8, 4, 2, 3])[0],
        )  # fmt: skip
        Assessment.objects.create(
            event=event, at=at, by="p1", outcome="confirmed_incident", reason="x",
            impact=dice.randint(1, 4), urgency=dice.randint(1, 4), priority=event.priority,
        )  # fmt: skip


def test_the_page_has_no_faults(two_years: None, hire: Hire, look: Look) -> None:
    ciso = hire("ciso")
    look("/statistik?period=alla", "statistics", person=ciso)
    look("/statistik?period=alla&incidenter=on&summa=people&per=month", "statistics-2", person=ciso)
    look("/statistik?period=valfri&till=x", "statistics-wrong", person=ciso)
    look("/statistik?fran=2020-01-01&till=2020-02-01", "statistics-empty", person=ciso)


def test_it_is_whole_without_scripts(two_years: None, hire: Hire, open_page: Open) -> None:
    page = open_page("/statistik", person=hire("ciso"), javascript=False)
    page.get_by_label("Räkna per").select_option("unit")
    page.get_by_role("button", name="Visa").click()
    page.get_by_text("Visa som tabell").click()
    assert page.get_by_role("rowheader", name="november 2026").is_visible()
    sizes = page.locator("svg.chart text").evaluate_all(
        "found => found.map(t => t.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 10
