"""The nights when clocks are moved, and days that not every year has (F09, F10)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.api.fields import refuse_not_yet
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import SWEDEN
from vardkase.workflow.report import report

SPRING, AUTUMN = "2026-03-29T02:30", "2026-10-25T02:30"  # an hour that is not, and one that is two


@pytest.fixture
def case(hospital: Unit) -> Event:
    sent = Report(what="Filer krypterade.", unit=hospital.pk)
    return report(sent, by=Actor.reporter(NOW), at=NOW).event


@pytest.fixture
def web(hire: Hire, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(hire("ciso"))


@pytest.mark.parametrize("at", [SPRING, AUTUMN])
def test_a_time_that_is_none_or_two_is_said_at_its_field_and_the_text_kept(
    web: Client, case: Event, at: str
) -> None:
    answer = web.post(f"/arenden/{case.number}/anteckning", {"text": "Ringde driften.", "at": at})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Ringde driften." in html
    assert 'id="id_at_error"' in html
    assert not Entry.objects.filter(kind="case.noted").exists()


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("2026-10-25T01:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2024-02-29T12:00", datetime(2024, 2, 29, 11, 0, tzinfo=UTC)),
    ],
)
def test_a_time_beside_the_change_is_stored_as_what_it_was(
    web: Client, case: Event, at: str, utc: datetime
) -> None:
    sent = {"text": "Ringde driften.", "at": at}
    assert web.post(f"/arenden/{case.number}/anteckning", sent).status_code == 302
    assert Entry.objects.get(kind="case.noted").at == utc


@pytest.mark.parametrize("at", ["2025-02-29T12:00", "2026-13-01T00:00", "0000-00-00T00:00"])
def test_a_day_that_never_was_is_said_so(web: Client, case: Event, at: str) -> None:
    sent = {"text": "Ringde driften.", "at": at}
    assert web.post(f"/arenden/{case.number}/anteckning", sent).status_code == 422


def test_a_program_tells_the_two_hours_apart_by_their_offsets() -> None:
    first, second = (
        datetime.fromisoformat(f"{AUTUMN}:00{offset}") for offset in ("+02:00", "+01:00")
    )
    assert refuse_not_yet(second) - refuse_not_yet(first) == timedelta(hours=1)
    assert first.astimezone(SWEDEN).replace(fold=0) == second.astimezone(SWEDEN).replace(fold=0)
