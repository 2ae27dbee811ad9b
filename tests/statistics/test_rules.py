"""Periods are whole days in Sweden; a headline is only drawn where there is something to say."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.statistics.rules import (
    MOST_STEPS,
    Period,
    a_year_before,
    change,
    just_before,
    leading,
    step,
    steps,
    this_year,
    twelve_months,
)

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1901, 1, 1), date(2199, 12, 31))


def test_this_year_ends_with_today() -> None:
    assert this_year(TODAY) == Period(date(2026, 1, 1), date(2026, 11, 23))


def test_twelve_months_are_this_one_and_the_eleven_before() -> None:
    assert twelve_months(TODAY).since == date(2025, 12, 1)
    assert twelve_months(date(2026, 12, 5)).since == date(2026, 1, 1)


@given(DAYS)
def test_twelve_months_are_drawn_as_twelve_columns(today: date) -> None:
    period = twelve_months(today)
    assert period.since
    assert len(steps(period.since, today, "month")) == 12


def test_the_days_begin_at_midnight_in_sweden() -> None:
    moments = Period(date(2026, 7, 1), date(2026, 12, 1)).moments()
    assert moments["since"] == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert moments["until"] == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_it_is_held_against_the_same_time_before() -> None:
    leap = Period(date(2028, 1, 1), date(2028, 2, 29))
    assert a_year_before(leap) == Period(date(2027, 1, 1), date(2027, 2, 28))
    week = Period(date(2026, 11, 8), date(2026, 11, 15))
    assert just_before(week) == Period(date(2026, 11, 1), date(2026, 11, 8))
    assert just_before(Period(None, TODAY)) is None


@given(DAYS, DAYS)
def test_any_time_is_cut_into_some_steps_in_order(one: date, other: date) -> None:
    first, last = sorted((one, other))
    found = steps(first, last, step(first, last))
    assert 1 <= len(found) <= MOST_STEPS
    assert found == sorted(set(found))
    assert found[-1] <= last


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([7, 3], (1, 7)),
        ([4, 3, 2, 1], (2, 7)),
        ([25, 20, 20, 18, 17], (3, 6)),
        ([20, 20, 20, 20, 20], None),
        ([10], None),  # there are no others
        ([99, 1], (1, 9)),  # not ten of ten
        ([3, 1], None),  # too few
        ([], None),
    ],
)
def test_a_few_values_lead_when_they_make_most(
    counts: list[int], found: tuple[int, int] | None
) -> None:
    assert leading(counts, sum(counts)) == found


def test_a_change_is_told_in_per_cent_unless_there_was_too_little() -> None:
    assert [change(12, 10), change(5, 10), change(5, 4)] == [20, -50, None]
