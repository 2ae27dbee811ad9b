"""A table as CSV that a spreadsheet shows and never runs. No domain words."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

RUNS = frozenset("=+-@|%\u2212")  # what a formula or a call to another program begins with
MARKS = frozenset("'\t\r\n")  # our own apostrophe, and what some programs take for one

type Cell = str | int | None


def cell(value: Cell) -> str:
    """`value` as the text of a cell; one that a spreadsheet might run gets an apostrophe first.

    A number of ours is no text of a stranger's: -5 stays -5.
    """
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return f"'{value}" if value[:1] in MARKS or runs(value) else value


def runs(text: str) -> bool:
    """Whether the first character that shows begins a formula, be it in full or small width."""
    first = next((c for c in text if not unseen(c)), "")
    return unicodedata.normalize("NFKC", first)[:1] in RUNS


def unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}


def table(rows: Iterable[Sequence[Cell]]) -> str:
    """CSV as Swedish spreadsheets open it: semicolons, and a mark that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + file.getvalue()
