"""From a folded batch to rows, in one transaction: messages by COPY, groups by one statement.

Groups are written in the order of their fingerprints, so that batches which share groups wait for
each other in one order and never crosswise; messages first, so that they wait briefly. Outside
the decision log: nothing here is a decision. Figures: docs/decisions/0040-detections.md.
"""

import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

import msgspec
import psycopg
from django.db import connection, transaction

from vardkase.lib.text import UNSTORABLE

from .alert import WORDS, Alert
from .rules import LONGEST_FIELD, MOST_FIELDS, Batch, Group, Kept, bounded

# The groups are let go before the disk has the batch, and the disk is waited for afterwards: those
# who wait for the same groups need not wait for it too. A committed transaction that writes after
# ours is on disk only when ours is; this one writes a mark that means nothing.
SOON = "SET LOCAL synchronous_commit = off"
FLUSHED = "SELECT pg_logical_emit_message(true, 'vardkase', '')"
PIECE = 64 * 1024  # bytes
FEW = 8  # messages that are cheaper as rows of a statement than as a COPY
COPY = (
    "COPY detections_raw (received, batch, line, part, source, fingerprint, sizes, aside, body)"
    " FROM STDIN (FORMAT binary)"
)
TOGETHER = 50  # messages in a row: packed by the database, and read whole for the last of them
HEAD, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
MICROSECOND = timedelta(microseconds=1)

GROUPS = """
told AS (
  SELECT decode(t[1], 'hex') AS fingerprint, t[2]::smallint AS severity, t[3]::bigint AS count,
    EPOCH + t[4]::bigint * MICROSECOND AS first_at, EPOCH + t[5]::bigint * MICROSECOND AS last_at,
    t[6] AS title, t[7] AS kind, t[8] AS rule, t[9] AS source_host, t[10] AS target_host,
    t[11] AS "user", t[12] AS ref, t[13]::jsonb AS fields
  FROM (
    SELECT string_to_array(line, E'\x1f') AS t FROM string_to_table(%s, E'\x1e') AS line
    OFFSET 0  -- or else a line is cut once for each of its values
  ) AS cut
), kept AS (
  INSERT INTO detections_detection AS d (fingerprint, source, title, severity, kind, rule,
    source_host, target_host, "user", ref, fields, count, first_at, last_at, hour, received_at,
    pending_since, words)
  SELECT fingerprint, %s, title, severity, kind, rule, source_host, target_host, "user", ref,
    fields, count, first_at, last_at, %s, %s, %s,
    concat_ws(E'\n', title, rule, source_host, target_host, "user")
  FROM told
  ON CONFLICT (fingerprint) DO UPDATE SET
    count = d.count + excluded.count,
    severity = greatest(d.severity, excluded.severity),
    first_at = least(d.first_at, excluded.first_at),
    last_at = greatest(d.last_at, excluded.last_at),
    hour = greatest(d.hour, excluded.hour),
    received_at = greatest(d.received_at, excluded.received_at),
    pending_since = coalesce(d.pending_since, excluded.pending_since),
    words = CASE WHEN excluded.hour > d.hour THEN excluded.words ELSE d.words END,
    title = CASE WHEN excluded.last_at < d.last_at THEN d.title ELSE excluded.title END,
    ref = CASE WHEN excluded.last_at < d.last_at THEN d.ref ELSE excluded.ref END,
    "user" = CASE WHEN excluded.last_at < d.last_at THEN d."user" ELSE excluded."user" END,
    source_host = CASE WHEN excluded.last_at < d.last_at
      THEN d.source_host ELSE excluded.source_host END,
    target_host = CASE WHEN excluded.last_at < d.last_at
      THEN d.target_host ELSE excluded.target_host END,
    fields = CASE WHEN excluded.last_at < d.last_at THEN d.fields ELSE excluded.fields END
  RETURNING fingerprint, xmax = 0 AS is_new
), counted AS (
  INSERT INTO detections_hourly AS h (fingerprint, hour, count)
  SELECT fingerprint, %s, count FROM told
  ON CONFLICT (fingerprint, hour) DO UPDATE SET count = h.count + excluded.count
)
"""
GROUPS = GROUPS.replace("EPOCH", "timestamptz '2000-01-01Z'")
GROUPS = GROUPS.replace("MICROSECOND", "interval '1 microsecond'")
NEW = "SELECT fingerprint FROM kept WHERE is_new"
FOLD = "WITH " + GROUPS + NEW
FEW_ROWS = """
, messages AS (
  INSERT INTO detections_raw (received, batch, line, part, source, fingerprint, sizes, aside, body)
  SELECT %s, %s, line, part, %s, decode(fingerprint, 'base64'), sizes, aside,
    decode(body, 'base64')
  FROM json_to_recordset(%s::json) AS m (
    line int, part int, fingerprint text, sizes int[], aside text, body text)
)
"""
FOLD_FEW = "WITH " + GROUPS + FEW_ROWS + NEW
EMPTY, NUL = b"", "\\u0000"
VALUE, LINE, VALUES = "\x1f", "\x1e", 13  # what stands between them, and how many a group has
START, SOURCE = ">hiqiqi", ">i%ds"  # what all rows of a batch have alike
WHICH = ">%dsiii%ds"  # a row up to its fingerprint
INTEGER, NULL = 23, b"\xff\xff\xff\xff"
SIZES = ">iiiii%di"  # an array of numbers, each after its own length


class Row(msgspec.Struct, gc=False):
    """Messages as they lie in the database: one after the other."""

    line: int
    part: int
    fingerprint: bytes | None
    aside: str | None
    bodies: Sequence[bytes]
    sizes: list[int]  # of each of them

    @classmethod
    def of(cls, kept: Kept, part: int, bodies: Sequence[bytes]) -> "Row":
        aside = storable(kept.aside) if kept.aside else None
        return cls(kept.line, part, kept.fingerprint, aside, bodies, list(map(len, bodies)))


def store(batch: Batch) -> set[bytes]:
    """Write the batch, durable on return unless a transaction is open; the fingerprints of the
    groups that it opened.

    A few messages are one statement, and so one transaction even outside of one.
    """
    if not batch.kept:
        return set()
    with wrapped() as raw:
        if batch.groups and batch.understood + batch.set_aside <= FEW:
            return few(raw, batch)
        alone = not connection.in_atomic_block
        with transaction.atomic():
            with raw.copy(COPY) as copy:
                for piece in binary(batch):
                    copy.write(piece)
            if alone:
                raw.execute(SOON)
            found = fold(raw, batch) if batch.groups else set()
        if alone:
            raw.execute(FLUSHED)
        return found


@contextmanager
def wrapped() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the driver itself: Django's would put every value into the text of the SQL."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor


def fold(cursor: psycopg.Cursor[Any], batch: Batch) -> set[bytes]:
    found = cursor.execute(FOLD, folding(batch), prepare=True)  # planned once a connection
    return {row[0] for row in found}


def few(cursor: psycopg.Cursor[Any], batch: Batch) -> set[bytes]:
    lines = [
        {
            "line": row.line, "part": row.part, "fingerprint": row.fingerprint,
            "sizes": row.sizes if len(row.sizes) > 1 else None, "aside": row.aside,
            "body": EMPTY.join(row.bodies) if row.bodies else None,
        }
        for row in rows(batch)
    ]  # fmt: skip
    messages = msgspec.json.encode(lines).decode()
    words = [*folding(batch), batch.received_at, lot(), batch.source, messages]
    return {row[0] for row in cursor.execute(FOLD_FEW, words, prepare=True)}


def folding(batch: Batch) -> list[Any]:
    hour = int(batch.received_at.timestamp()) // 3600
    at = batch.received_at
    return [told(batch.groups), batch.source, hour, at, at, hour]


def told(groups: dict[bytes, Group]) -> str:
    """The groups in the order of their fingerprints, a line of values each. A parser's text is
    storable; where one let through what is not, that is taken away here rather than losing the
    batch."""
    rows = sorted(groups.items())
    text = LINE.join([values(mark, group, group.words) for mark, group in rows])
    is_whole = text.count(LINE) == len(rows) - 1 and text.count(VALUE) == len(rows) * (VALUES - 1)
    if is_whole and is_storable(text) and ("\\" not in text or NUL not in text):
        return text
    return LINE.join(values(mark, group, cleaned(group.words)) for mark, group in rows)


def values(mark: bytes, group: Group, words: Alert) -> str:
    first = last = microseconds(group.last_at)
    if group.first_at is not group.last_at:
        first = microseconds(group.first_at)
    return VALUE.join((
        mark.hex(), f"{group.severity}", f"{group.count}", f"{first}", f"{last}", words.title,
        words.kind, words.rule, words.source_host, words.target_host, words.user, words.ref,
        written(words.fields),
    ))  # fmt: skip


def written(fields: dict[str, str]) -> str:
    try:
        text = msgspec.json.encode(fields)
    except UnicodeEncodeError:
        return NUL  # to be cleaned
    if len(fields) > MOST_FIELDS or len(text) > LONGEST_FIELD:
        text = msgspec.json.encode(bounded(fields))
    return text.decode()


def cleaned(words: Alert) -> Alert:
    texts = {name: storable(getattr(words, name)) for name in WORDS}
    fields = {storable(name): storable(value) for name, value in words.fields.items()}
    return msgspec.structs.replace(words, **texts, fields=fields)


def is_storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or UNSTORABLE.search(text) is None)


def storable(text: str) -> str:
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text).replace(VALUE, " ").replace(LINE, " ")


def lot() -> int:
    return secrets.randbits(62)


def rows(batch: Batch) -> Iterator[Row]:
    for k in batch.kept:
        if len(k.bodies) <= TOGETHER:
            yield Row.of(k, k.part, k.bodies)
            continue
        for part, several in enumerate(batched(k.bodies, TOGETHER)):
            yield Row.of(k, part, several)


def binary(batch: Batch) -> Iterator[bytes]:
    """The messages in PostgreSQL's own form, in pieces that cost no new memory: no byte of a
    message is looked at."""
    name = batch.source.encode()
    source = struct.pack(SOURCE % len(name), len(name), name)
    received = microseconds(batch.received_at)
    start = struct.pack(START, 9, 8, received, 8, lot(), 4)
    which = struct.Struct(WHICH % (len(start), len(source))).pack
    parts, size = [HEAD], 0
    for row in rows(batch):
        whole = sum(row.sizes)
        size += whole
        if size > PIECE:
            yield EMPTY.join(parts)
            parts, size = [], 0
        parts.append(which(start, row.line, 4, row.part, source))
        parts += field(row.fingerprint)
        parts += field(array(row.sizes) if len(row.sizes) > 1 else None)
        parts += field(row.aside.encode() if row.aside else None)
        parts.append(whole.to_bytes(4) if row.sizes else NULL)
        parts += row.bodies
    parts.append(END)
    yield EMPTY.join(parts)


def field(value: bytes | None) -> tuple[bytes, bytes]:
    return (NULL, EMPTY) if value is None else (len(value).to_bytes(4), value)


def array(numbers: list[int]) -> bytes:
    """Numbers as PostgreSQL's own form of `integer[]`."""
    each = [n for number in numbers for n in (4, number)]
    return struct.pack(SIZES % len(each), 1, 0, INTEGER, len(numbers), 1, *each)


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
