"""Bytes of a message to text, and what was understood to a bounded alert. Shared by the sources."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from vardkase.detections.alert import Alert

from .framing import frames
from .source import Message, Read, Unreadable, outcome
from .wrapped import array, unwrapped

TITLE, WORD, NAME, VALUE, ALL, MOST = 300, 255, 100, 4_000, 32_000, 200  # characters; fields
_NO_TEXT = bytes({*range(32)} - {9, 10, 13, 27})
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SHOWN = re.compile("[^\\s\0-\x1f\x7f-\x9f\ufffd\u2400]")
_SAYS_NOTHING = frozenset(
    ("-", "?", "N/A", "n/a", "null", "(null)", "None", "none", "unknown", "(no user)")
)


class Line(NamedTuple):
    """A readable message, and what its reader had to guess about it."""

    text: str
    marks: dict[str, str]
    around: dict[str, Any] = {}  # what a shipper told beside it, if it came in JSON


type Understand = Callable[[Line, datetime], tuple[Alert, ...]]


def text_of(raw: bytes) -> Line:
    """`raw` as text: UTF-8, or else Windows-1252 with a mark; raises `Unreadable`.

    NUL cannot be stored, and becomes its picture. A character cut at the end is not a charset.
    """
    marks: dict[str, str] = {}
    try:
        text = raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        if problem.start >= len(raw) - 3 and problem.reason == "unexpected end of data":
            text, marks["encoding"] = raw.decode("utf-8-sig", "replace"), "utf-8, cut"
        else:
            text, marks["encoding"] = _guessed(raw), "windows-1252, guessed"
    if "\0" in text:
        text = text.replace("\0", "\u2400")
    if not _SHOWN.search(text):
        raise Unreadable("There is not one readable character.")
    return Line(text, marks)


def _guessed(raw: bytes) -> str:
    if (len(raw) - len(raw.translate(None, _NO_TEXT))) * 8 > len(raw):
        raise Unreadable("These bytes are no text: not UTF-8, and full of control characters.")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def plain(body: bytes) -> bytes:
    """`body` in UTF-8 if it says itself to be UTF-16, and without a mark of byte order."""
    charset = _MARKS.get(body[:2])
    if charset:
        return body[2:].decode(charset, "replace").encode("utf-8", "replace")
    return body.removeprefix(b"\xef\xbb\xbf")


def storable(text: str) -> str:
    """`text` that a database row can keep: no NUL, no half of a surrogate pair."""
    if _UNSTORABLE.search(text):
        halves = text.replace("\0", "\u2400").encode("utf-16", "surrogatepass")
        return halves.decode("utf-16", "replace")
    return text


def by_frame(understand: Understand) -> Read:
    """A reader of one message a line, or of messages each with its length before it (RFC 6587);
    also of lines that a shipper put into JSON, one object a line or an array of them."""

    def parse(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
        return understand(taken_out(text_of(raw)), received_at)

    def read(body: bytes, received_at: datetime) -> Iterator[Message]:
        bare = plain(body)
        for number, raw in enumerate(array(bare) or frames(bare), 1):
            yield outcome(number, raw, parse, received_at)

    return read


def taken_out(line: Line) -> Line:
    """The line that the JSON of a shipper holds, or the line itself."""
    found = unwrapped(line.text) if line.text.startswith("{") else None
    return Line(storable(found[0]), line.marks, found[1]) if found else line


def first(values: Mapping[str, str], names: Iterable[str]) -> str:
    """The first value under `names` that says anything."""
    for name in names:
        value = values.get(name)
        if value and value not in _SAYS_NOTHING:
            return value
    return ""


def one_line(text: str, limit: int) -> str:
    if len(text) <= limit and text.isprintable():
        return text.strip()
    return " ".join(text[: 2 * limit].split())[:limit]


def bounded(fields: Mapping[str, str]) -> dict[str, str]:
    """As many of `fields` as are kept beside the raw message."""
    is_small = len(fields) <= MOST // 2 and sum(map(len, fields.values())) <= VALUE
    if is_small and max(map(len, fields), default=0) <= NAME:
        return dict(fields)
    kept: dict[str, str] = {}
    left = ALL
    for name, value in fields.items():
        if len(kept) == MOST or left <= 0:
            break
        kept[name[:NAME]] = value = value[: min(VALUE, left)]
        left -= len(name) + len(value)
    return kept


def made(
    *,
    title: str,
    severity: int,
    fields: Mapping[str, str],
    occurred: datetime | None,
    kind: Literal["alert", "vulnerability"] = "alert",
    **named: str,
) -> Alert:
    """An alert within its bounds; the texts must be storable."""
    words = {name: one_line(value, WORD) if value else "" for name, value in named.items()}
    shown = one_line(title, 4 * TITLE)
    cut = shown if len(shown) <= TITLE else shown[: TITLE - 1] + "\u2026"
    return Alert(
        title=cut or "?",
        severity=int(severity),
        occurred=occurred,
        kind=kind,
        fields=bounded(fields),
        **words,
    )
