"""Old incidents come in with their own dates, each once, and a bad row stops no other."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.mapping import BadMapping, Mapping, OldCase, rows
from vardkase.events.models import Event
from vardkase.organisation.models import Unit
from vardkase.workflow.take_over import BadCase, take_over

MAPPING = """
key = ["Nr"]
null = ["-"]
what = ["Beskrivning", "Typ"]
title = ["Typ", "Plats"]
reported_at = { column = "Datum", format = "%Y-%m-%d" }
category = { column = "Typ", map = { "Stöld" = "physical_damage" }, default = "malware" }
[file]
delimiter = ";"
[keep]
"berörda" = { column = "Antal", type = "integer" }
"""
HEAD = "Nr;Datum;Typ;Plats;Antal;Beskrivning\n"
BY = Actor.system(NOW)


def read(*lines: str) -> list[OldCase | tuple[int, str]]:
    return list(rows(HEAD + "\n".join(lines), Mapping.parse(MAPPING)))


def good(line: str) -> OldCase:
    (found,) = read(line)
    assert isinstance(found, OldCase), found
    return found


@pytest.mark.says("S1-15", "Utgå från det arbetssätt som din organisation redan har")
def test_an_old_case_keeps_its_date_and_gets_a_number_of_that_year(region: Unit) -> None:
    old = good("7;2015-03-02;Stöld;Arkivet;12;En pärm är borta.")
    event = take_over(old, unit=region, by=BY, at=NOW).event
    assert event.number.startswith("2015-")
    assert event.reported_at == datetime(2015, 3, 2, 11, tzinfo=UTC)  # noon in Sweden
    assert (event.state, event.category, event.title) == (
        "closed", "physical_damage", "Stöld – Arkivet",
    )  # fmt: skip
    assert event.imported == {"berörda": 12}
    assert Entry.objects.get(chain=event.number).at == NOW
    assert verify().ok


def test_the_same_case_twice_is_one_case(region: Unit) -> None:
    old = good("7;2015-03-02;Stöld;Arkivet;12;En pärm är borta.")
    taken = [take_over(old, unit=region, by=BY, at=NOW) for _ in range(2)]
    assert [t.new for t in taken] == [True, False]
    assert Event.objects.count() == 1


def test_a_bad_row_is_told_with_line_and_reason_and_the_next_is_read() -> None:
    found = read(
        "1;2015-02-30;Stöld;A;1;x", "2;2015-03-01;-;A;1;-", "3;2015-03-01;Eld;A;många;x",
        "4;2015-03-01;Eld;A;1;x",
    )  # fmt: skip
    assert [row for row in found if not isinstance(row, OldCase)] == [
        (2, "Datum: '2015-02-30' is no time like %Y-%m-%d"),
        (3, "Beskrivning, Typ: nothing says what happened"),
        (4, "Antal: 'många' is no whole number"),
    ]
    assert isinstance(found[-1], OldCase)


def test_a_time_in_the_future_is_no_old_case(region: Unit) -> None:
    with pytest.raises(BadCase, match="future"):
        take_over(good("7;2031-01-01;Eld;A;1;x"), unit=region, by=BY, at=NOW)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(BadMapping, match="Plats"):
        list(rows("Nr;Datum;Typ;Antal;Beskrivning\n", Mapping.parse(MAPPING)))


@given(st.text(max_size=200))
def test_no_file_makes_more_than_sentences(text: str) -> None:
    for row in rows(HEAD + text, Mapping.parse(MAPPING)):
        assert isinstance(row, OldCase) or row[1]
