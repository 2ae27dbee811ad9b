"""A table comes back as it was written, whatever program wrote it and whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.lib.sheet import cell, table
from vardkase.lib.sheet_reader import (
    LARGEST,
    MOST_ROWS,
    Column,
    Row,
    Unreadable,
    read,
    unguarded,
)

COLUMNS = [Column("name", ("namn", "name"), needed=True), Column("note", ("anteckning", "note"))]
CELLS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(st.lists(st.tuples(CELLS.filter(str.strip), CELLS), max_size=5))
def test_what_is_written_is_read_unchanged(rows: list[tuple[str, str]]) -> None:
    content = table([["namn", "anteckning"], *rows]).encode()
    found = read(content, COLUMNS)
    assert [(row.cells["name"], row.cells["note"]) for row in found.rows] == rows


@given(CELLS)
def test_the_guard_of_a_formula_comes_off_and_nothing_else(text: str) -> None:
    """PH22: what was written as text comes back as it was."""
    assert unguarded(cell(text)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_programs_dialect_is_read(encoding: str, separator: str, ending: str) -> None:
    text = ending.join(["NAMN{}Anteckning", "Åsa Öst{}två", ""]).format(separator, separator)
    found = read(text.encode(encoding), COLUMNS)
    assert found.rows == [Row(2, {"name": "Åsa Öst", "note": "två"})]
    assert (found.separator, found.headings) == (separator, {"name": "NAMN", "note": "Anteckning"})


def test_lines_are_counted_as_in_the_file() -> None:
    content = b'\n\nnamn;note\n"a\nb";1\n\nc;2\n'
    assert [row.line for row in read(content, COLUMNS).rows] == [4, 7]


def test_unknown_headings_are_named_and_ragged_rows_are_counted() -> None:
    found = read(b"namn;hej;namn\na;b;c\nd;e;f;g\nh\n", COLUMNS)
    assert (found.unknown, found.ragged) == (["hej", "namn"], [3])
    assert [row.cells for row in found.rows] == [{"name": "a"}, {"name": "h"}]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"hej;du\n1;2\n", b"note\nx\n", b'namn\n"a\n', b'namn\n"a"b\n', b"\x81\x8d",
        b"\xff\xfea", b"namn\n" + b"x" * 200_000, b"x" * (LARGEST + 1),
        b"namn\n" + b"x\n" * (MOST_ROWS + 1), bytes(range(256)),
        b"PK\x03\x04\x00\x00", b"\x00" * 99,
    ],
    ids=lambda c: repr(c[:12]),
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content, COLUMNS)
    assert str(refused.value)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for prefix in (b"", b"namn;note\n", b"\xef\xbb\xbfnamn,note\n", b"\xff\xfe"):
        try:
            read(prefix + content, COLUMNS)
        except Unreadable:
            continue
