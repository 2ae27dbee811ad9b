"""Reads tables that spreadsheet programs wrote: CSV in any of their dialects. No domain words.

What `lib.sheet.table` wrote is read unchanged.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .sheet import cell as guarded

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 20_000
LONGEST = 100_000  # characters in one cell; the csv module's own limit is one for all readers
SEPARATORS = ";,\t"
BROKEN = _("Line {line} cannot be read: a quotation mark is missing, or a cell is too long.")

type Sentence = str | Promise


class Unreadable(ValueError):
    """The file is no table that we can read; says what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its code, and the headings by which a file may call it."""

    code: str
    headings: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # in the file, counted from 1, where the row begins
    cells: dict[str, str]  # by the column's code


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read."""

    rows: list[Row]
    encoding: str
    separator: str
    headings: dict[str, str]  # code -> the file's own heading
    unknown: list[str] = field(default_factory=list)  # headings that are not read
    ragged: list[int] = field(default_factory=list)  # lines with more cells than headings


def read(content: bytes, columns: Sequence[Column]) -> Sheet:
    """The table in `content`; raises `Unreadable`."""
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than 5 MB. Divide it."))
    text, encoding = decoded(content)
    separator = separator_of(text, columns)
    records = parsed(text, separator)
    _line, header = next(records, (0, []))
    codes = codes_of(header, columns)
    lacking = [
        column.headings[0] for column in columns if column.needed and column.code not in codes
    ]
    if lacking:
        raise Unreadable(_("Columns are missing: {names}.").format(names=", ".join(lacking)))
    sheet = Sheet(
        [], encoding, separator, {c: h.strip() for c, h in zip(codes, header, strict=True) if c},
        [h.strip() for c, h in zip(codes, header, strict=True) if not c and h.strip()],
    )  # fmt: skip
    fill(sheet, records, codes)
    return sheet


def fill(sheet: Sheet, records: Iterator[tuple[int, list[str]]], codes: list[str]) -> None:
    for line, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if len(sheet.rows) >= MOST_ROWS:
            raise Unreadable(_("The file has more than 20,000 rows. Divide it."))
        if any(cell.strip() for cell in record[len(codes) :]):
            sheet.ragged.append(line)
            continue
        cells = {c: unguarded(cell) for c, cell in zip(codes, record, strict=False) if c}
        sheet.rows.append(Row(line, cells))


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 and UTF-16 by their marks, else by trying."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = ["utf-16"]
    else:
        order = ["utf-8-sig", "cp1252"]
    for encoding in order:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is no text. Save it as CSV in UTF-8 and choose it again."))


def separator_of(text: str, columns: Sequence[Column]) -> str:
    """The separator under which the first row holds most headings that we know."""
    first = text.lstrip("\r\n").partition("\n")[0]

    def known(separator: str) -> int:
        return sum(bool(code) for code in codes_of(first.split(separator), columns))

    best = max(SEPARATORS, key=known)
    if not known(best):
        names = ", ".join(column.headings[0] for column in columns)
        raise Unreadable(_("The first row must hold headings: {names}.").format(names=names))
    return best


def codes_of(header: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The code of each heading; "" for one that is unknown, or stood there before."""
    known = {plain(name): c.code for c in columns for name in (c.code, *c.headings)}
    found: list[str] = []
    for heading in header:
        code = known.get(plain(heading), "")
        found.append("" if code in found else code)
    return found


def plain(heading: str) -> str:
    bare = heading.strip().strip('"').replace("_", " ").replace("\ufeff", "")
    return " ".join(bare.split()).casefold()


def parsed(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on, empty ones before the headings left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begun = False
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(BROKEN.format(line=line)) from error
        if any(len(cell) > LONGEST for cell in record):
            raise Unreadable(BROKEN.format(line=line))
        begun = begun or bool(record)
        if begun:
            yield line, record


def unguarded(cell: str) -> str:
    """`cell` without the apostrophe that `lib.sheet.cell` puts before what might run."""
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell
