"""Times as machines write them: each form that a vendor's document names, and what is no time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.intake.java_time import java_time
from vardkase.intake.when import any_time

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SWEDEN = ZoneInfo("Europe/Stockholm")


def read(text: str, at: datetime = NOW) -> str:
    found = any_time(text, zone=SWEDEN, received_at=at)
    return found.astimezone(UTC).isoformat(" ").removesuffix("+00:00") if found else ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # RFC 3164: no year, no zone
        ("Oct 11 22:14:15", "2026-10-11 20:14:15"),
        ("Nov  2 10:00:00", "2026-11-02 09:00:00"),
        ("Dec 31 23:59:59", "2025-12-31 22:59:59"),  # last year's
        ("Nov 22 23:59:59", "2026-11-22 22:59:59"),  # a clock some hours ahead
        # and with what is found there
        ("Aug 24 05:34:00 CST 1987", "1987-08-24 11:34:00"),
        ("1990 Oct 22 10:52:01 TZ-6", "1990-10-22 16:52:01"),
        ("Nov 20 2026 08:00:00", "2026-11-20 07:00:00"),
        ("Nov 20 08:00:00 2026", "2026-11-20 07:00:00"),
        ("nov 20 08:00:00.123", "2026-11-20 07:00:00.123000"),
        ("Fri Nov 20 10:00:00 CET 2026", "2026-11-20 09:00:00"),
        # RFC 3339 and its cousins
        ("2003-10-11T22:14:15.003Z", "2003-10-11 22:14:15.003000"),
        ("2003-08-24T05:14:15.000003-07:00", "2003-08-24 12:14:15.000003"),
        ("2026-11-20T10:00:00+0100", "2026-11-20 09:00:00"),
        ("2026-11-20 10:00:00,5", "2026-11-20 09:00:00.500000"),
        ("2026-11-20T10:00:00.1234567Z", "2026-11-20 10:00:00.123456"),
        ("20261120T101112Z", "2026-11-20 10:11:12"),
        ("20261120101112", "2026-11-20 09:11:12"),
        # the CEF standard's list of forms
        ("1700000000123", "2023-11-14 22:13:20.123000"),
        ("Nov 20 08:00:00.123 CET", "2026-11-20 07:00:00.123000"),
        ("Nov 20 08:00:00 UTC", "2026-11-20 08:00:00"),
        ("Nov 20 2026 08:00:00.123 GMT+02:00", "2026-11-20 06:00:00.123000"),
        ("Nov 20 2026 08:00:00.123", "2026-11-20 07:00:00.123000"),
        ("Nov 20 2026 08:00:00 EST", "2026-11-20 13:00:00"),
        # vendors'
        ("2026:11:20-10:00:00", "2026-11-20 09:00:00"),  # Sophos UTM
        ("2026/11/20:10:00:00 GMT", "2026-11-20 10:00:00"),  # NetScaler
        ("11/20/2026:10:00:00 GMT", "2026-11-20 10:00:00"),
        ("20/Nov/2026:10:00:00 +0100", "2026-11-20 09:00:00"),  # Apache
        ("Fri, 20 Nov 2026 10:00:00 +0100 (CET)", "2026-11-20 09:00:00"),  # mail
        ("11/20-08:00:02.000002", "2026-11-20 07:00:02.000002"),  # Snort
        ("11/20/2026 1:02:03 PM", "2026-11-20 12:02:03"),
        ("20.11.2026 10:00", "2026-11-20 09:00:00"),
        ("1700000000", "2023-11-14 22:13:20"),
        ("1700000000.5", "2023-11-14 22:13:20.500000"),
        ("1700000000123456", "2023-11-14 22:13:20.123456"),
        ("1700000000123456789", "2023-11-14 22:13:20.123456"),
        ("2026-12-31", ""),
        # the night the clocks change: 2.30 comes twice, and once not at all
        ("Oct 25 02:30:00", "2026-10-25 00:30:00"),
        ("Mar 29 02:30:00", "2026-03-29 01:30:00"),
        # a leap second, and a day that is not
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59"),
        ("Feb 29 10:00:00", ""),
        ("2024-02-29T10:00:00Z", "2024-02-29 10:00:00"),
        ("2026-02-30T10:00:00Z", ""),
        # clocks that tell nothing
        ("1970-01-01T00:00:05Z", ""),
        ("1980-01-01T00:00:05Z", ""),
        ("2036-01-01T00:00:00Z", ""),
        ("9" * 19, ""),
        ("9" * 5000, ""),
        ("2026-11-20 25:00:00", ""),
        ("2026-11-20 10:00:00 Q7X", ""),  # a zone that nobody knows
        ("soon", ""),
        ("", ""),
    ],
)
def test_a_time_is_read(text: str, moment: str) -> None:
    assert read(text) == moment


def test_a_leap_day_without_year_is_this_year_s_if_there_is_one() -> None:
    assert read("Feb 29 10:00:00", datetime(2028, 3, 1, tzinfo=UTC)) == "2028-02-29 09:00:00"
    assert read("Feb 29 10:00:00", datetime(2029, 1, 1, tzinfo=UTC)) == "2028-02-29 09:00:00"


@pytest.mark.parametrize(
    ("text", "written", "moment"),
    [
        ("Nov 20 2026 08:00:00", "MMM dd yyyy HH:mm:ss", "2026-11-20 07:00:00"),
        (
            "2026-11-20T08:00:00.123+0100",
            "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
            "2026-11-20 07:00:00.123000",
        ),
        ("2026-11-20T08:00:00+01:00", "yyyy-MM-dd'T'HH:mm:ssXXX", "2026-11-20 07:00:00"),
        ("20/11/26 08.00", "dd/MM/yy HH.mm", "2026-11-20 07:00:00"),
        ("11/20/2026 1:02:03 PM UTC", "M/d/yyyy h:mm:ss a z", "2026-11-20 13:02:03"),
        ("Fri 20 Nov 2026 08 o'clock", "EEE dd MMM yyyy HH 'o''clock'", "2026-11-20 07:00:00"),
        ("Nov  2 2026 08:00:00", "MMM dd yyyy HH:mm:ss", "2026-11-02 07:00:00"),
        ("2026-11-20", "yyyy-MM-dd HH:mm", ""),
        ("2026-11-20 08:00", "yyyy-MM-dd QQQ", ""),
        ("x", "'", ""),
        ("x", "y" * 5000, ""),
    ],
)
def test_leef_names_its_own_format(text: str, written: str, moment: str) -> None:
    found = java_time(text, written, zone=SWEDEN, received_at=NOW)
    told = found.astimezone(UTC).isoformat(" ").removesuffix("+00:00") if found else ""
    assert told == moment


@given(st.text(max_size=90), st.text(max_size=70))
def test_no_text_stops_the_reading_of_times(text: str, written: str) -> None:
    for found in (
        any_time(text, zone=SWEDEN, received_at=NOW),
        java_time(text, written, zone=SWEDEN, received_at=NOW),
    ):
        assert found is None or found.tzinfo is not None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 21)))  # noqa: DTZ001  the zone is UTC
def test_a_whole_time_comes_back_unchanged(told: datetime) -> None:
    moment = told.replace(tzinfo=UTC)
    assert any_time(moment.isoformat(), zone=SWEDEN, received_at=NOW) == moment
    assert any_time(f"{moment:%b %d %Y %H:%M:%S.%f} UTC", zone=SWEDEN, received_at=NOW) == moment
