"""A table leaves us as text: nothing in it is run by the program that opens it (PH22)."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.lib.sheet import cell, table

CHARS = st.characters(exclude_categories=["Cs"])
RISKY = st.sampled_from("\t\r\n=+-@|%'\uff1d\uff0b\uff0d\uff20\u2212\ufe62\u207a\u200b\ufeff\xa0 ")
TEXTS = st.tuples(st.text(RISKY, max_size=4), st.text(CHARS, max_size=20)).map("".join)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@given(st.lists(st.lists(TEXTS | st.integers(), min_size=2, max_size=4), max_size=5))
def test_every_table_is_read_back_as_it_was(rows: list[list[str | int]]) -> None:
    found = [[value.removeprefix("'") for value in row] for row in read(table(rows))]
    assert found == [[str(value) for value in row] for row in rows]


@given(TEXTS)
def test_no_text_begins_a_formula(text: str) -> None:
    shown = cell(text)
    assert shown[:1] not in {"\t", "\r", "\n", "="}
    bare = shown.lstrip("".join(c for c in shown if c.isspace() or unicodedata.category(c) == "Cf"))
    assert unicodedata.normalize("NFKC", bare[:1])[:1] not in set("=+-@|%")


@pytest.mark.parametrize(
    "text", ["=1+1", "\t=1", " =cmd|'/C calc'!A0", "+46 70", "-5", "@SUM(1)", "\uff1d1+1", "'x"]
)
def test_what_might_run_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["ok=1", "Lund", "Åsa", "3-5", ""])
def test_other_text_is_left_as_it_is(value: str) -> None:
    assert cell(value) == value


def test_numbers_of_our_own_stay_numbers() -> None:
    assert [cell(-5), cell(None)] == ["-5", ""]
