"""The page says what stands out, draws it, and gives every number as text as well."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Hire
from tests.statistics.conftest import Tell
from vardkase.organisation.models import Person, Unit
from vardkase.statistics.queries import Row
from vardkase.web.statistics import words

SQL = 14  # five of the frame; the rest does not grow with the cases


@pytest.fixture
def anna(hire: Hire, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(hire("ciso"))


@pytest.fixture
def year(tell: Tell) -> None:
    """Ten events of this year, four before: in Swedish months, categories and states."""
    for month in range(1, 11):
        state = "closed" if month % 2 else "not_incident"
        category = "malware" if month < 8 else "technical_failure"
        tell(datetime(2026, month, 3, tzinfo=UTC), state=state, category=category)
    for _ in range(4):
        tell(datetime(2024, 5, 3, tzinfo=UTC), category="=1+1")


def shown(client: Client, **asked: Any) -> str:
    answer = client.get("/statistik", asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_finding_is_the_headline(anna: Client, year: None) -> None:
    page = shown(anna, period="valfri", fran="2026-01-01", till="2026-12-31")
    assert "Skadlig kod står för 7 av 10 händelser" in page
    assert '<span class="num">10</span>' in page
    assert "50 % av händelserna" in page
    assert "Visa som tabell" in page


def test_incidents_alone_can_be_counted(anna: Client, year: None) -> None:
    page = shown(anna, period="alla", incidenter="on", per="state")
    assert 'value="5" aria-label="Avslutad"' in page


def test_an_empty_time_says_what_to_do(anna: Client, year: None) -> None:
    page = shown(anna, period="valfri", fran="2020-01-01", till="2020-12-31")
    assert "Välj en längre period" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "valfri", "fran": "2026-05-01", "till": "2026-04-01"},
        {"fran": "0001-01-01"}, {"till": "9999-12-31"}, {"fran": "x"}, {"per": "search"},
        {"enhet": "0"}, {"summa": "password"}, {"per": "imported:\x00"}, {"period": "\ud800"},
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_said_at_the_field(
    anna: Client, region: Unit, asked: dict[str, str]
) -> None:
    for path in ("/statistik", "/statistik.csv"):
        answer = anna.get(path, {k: v.encode("utf-8", "replace") for k, v in asked.items()})
        assert answer.status_code == 422
        assert "Rätta det här först" in answer.content.decode()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(st.dictionaries(st.sampled_from(["period", "per", "fran", "enhet", "summa"]), st.text()))
def test_no_question_breaks_the_page(anna: Client, asked: dict[str, str]) -> None:
    answer = anna.get("/statistik", {k: v.encode("utf-8", "replace") for k, v in asked.items()})
    assert answer.status_code in {200, 422}


def test_the_file_holds_every_value_and_runs_nothing(anna: Client, year: None) -> None:
    answer = anna.get("/statistik.csv", {"period": "alla"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.decode() == (
        "\ufeffKategori;Antal\r\nSkadlig kod;7\r\n'=1+1;4\r\nTekniskt fel;3\r\n"
    )


def test_sums_of_imported_numbers_stand_beside_the_counts(anna: Client, tell: Tell) -> None:
    for people in (1_500_000, 20):
        tell(imported={"people": people}, category="malware")
    assert "1\xa0500\xa0020" in shown(anna, period="alla", summa="people")
    answer = anna.get("/statistik.csv", {"period": "alla", "summa": "people"})
    assert "Skadlig kod;2;1500020" in answer.content.decode()


def test_whoever_may_not_count_sees_no_page(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(hire("handler"))
    assert client.get("/statistik").status_code == 403
    assert "/statistik" not in client.get("/nowhere").content.decode()


def test_the_statements_do_not_grow_with_the_cases(
    anna: Client, year: None, tell: Tell, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    tell(imported={"people": 1})
    shown(anna)  # the first page of a session notes that she is there
    for asked in (
        {},
        {"per": "asset", "period": "12"},
        {"summa": "people", "per": "imported:people"},
    ):
        with django_assert_max_num_queries(SQL):
            shown(anna, **asked)


def test_it_is_said_in_english_too(anna: Client, year: None) -> None:
    anna.cookies["django_language"] = "en"
    page = shown(anna, period="alla")
    assert "Malware: 5 of 10 events" in page or "Patterns and statistics" in page


def test_what_was_not_stated_is_no_pattern() -> None:
    rows = [Row(value, count, None) for value, count in (("", 24), ("malware", 12), ("theft", 3))]
    at = datetime(2026, 11, 22, tzinfo=UTC)
    found = words.finding("category", rows, 39, incidents_only=False, at=at)
    assert found == "Vanligast: Skadlig kod, 12 av 39"
