"""From a folded batch to rows, in one transaction: messages by COPY, groups by one statement.

Groups are written in the order of their fingerprints, so that batches which share groups wait for
each other in one order and never crosswise; messages first, so that they wait briefly. Outside
the decision log: nothing here is a decision. Figures: docs/decisions/0040-detections.md.
"""

import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import batched
from typing import Any

import msgspec
import psycopg
from django.db import connection, transaction

from vardkase.lib.text import UNSTORABLE

from .rules import Batch, Group, bounded

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

GROUPS = """
told AS (
  SELECT decode(f, 'hex') AS fingerprint, title, severity, kind, rule, source_host, target_host,
    "user", ref, fields, count, EPOCH + first_at * MICROSECOND AS first_at,
    EPOCH + last_at * MICROSECOND AS last_at
  FROM unnest(COLUMN, COLUMN, COLUMN::smallint[], COLUMN, COLUMN, COLUMN, COLUMN, COLUMN, COLUMN,
    COLUMN::jsonb[], COLUMN::bigint[], COLUMN::bigint[], COLUMN::bigint[])
    AS told (f, title, severity, kind, rule, source_host, target_host, "user", ref, fields, count,
      first_at, last_at)
), kept AS (
  INSERT INTO detections_detection AS d (fingerprint, source, title, severity, kind, rule,
    source_host, target_host, "user", ref, fields, count, first_at, last_at, hour, received_at,
    pending_since, words)
  SELECT fingerprint, %s, title, severity, kind, rule, source_host, target_host, "user", ref,
    fields, count, first_at, last_at, %s, %s, %s,
    concat_ws(E'\n', title, rule, source_host, target_host, "user")
  FROM told ORDER BY fingerprint
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
  SELECT fingerprint, %s, count FROM told ORDER BY fingerprint
  ON CONFLICT (fingerprint, hour) DO UPDATE SET count = h.count + excluded.count
)
"""
for word, meant in {
    "EPOCH": "timestamptz '2000-01-01Z'",
    "MICROSECOND": "interval '1 microsecond'",
    # ten times as fast as JSON; the SELECT keeps the planner from doing it a second time
    "COLUMN": r"""coalesce(nullif(string_to_array((SELECT %s), E'\x1f'), '{}'), '{""}')""",
}.items():
    GROUPS = GROUPS.replace(word, meant)
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
EMPTY, NUL = b"", b"\\u0000"
BETWEEN = "\x1f"
START, SOURCE = ">hiqiqi", ">i%ds"  # what all rows of a batch have alike
WHICH = ">%dsiii%ds"  # a row up to its fingerprint
INTEGER, NULL = 23, b"\xff\xff\xff\xff"
SIZES = ">iiiii%di"  # an array of numbers, each after its own length


class Row(msgspec.Struct, gc=False):
    """Messages as they lie in the database; `sizes` where they are several."""

    line: int
    part: int
    fingerprint: bytes | None
    sizes: list[int] | None
    aside: str | None
    body: bytes | None


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
    told = msgspec.json.encode(list(rows(batch))).decode()
    words = [*folding(batch), batch.received_at, lot(), batch.source, told]
    return {row[0] for row in cursor.execute(FOLD_FEW, words, prepare=True)}


def folding(batch: Batch) -> list[Any]:
    hour = int(batch.received_at.timestamp()) // 3600
    at = batch.received_at
    return [*columns(batch.groups), batch.source, hour, at, at, hour]


def columns(groups: dict[bytes, Group]) -> list[str]:
    """The groups, a text for each column. A parser's text is storable; where one let through what
    is not, that is taken away here rather than losing the batch."""
    rows = [
        (
            mark.hex(), g.title, str(g.severity), g.kind, g.rule, g.source_host, g.target_host,
            g.user, g.ref, written(g.fields), str(g.count), str(microseconds(g.first_at)),
            str(microseconds(g.last_at)),
        )
        for mark, g in groups.items()
    ]  # fmt: skip
    found = [BETWEEN.join(column) for column in zip(*rows, strict=True)]
    if all(text.count(BETWEEN) == len(rows) - 1 and is_storable(text) for text in found):
        return found
    return [BETWEEN.join(map(storable, column)) for column in zip(*rows, strict=True)]


def written(fields: dict[str, str]) -> str:
    try:
        text = msgspec.json.encode(bounded(fields))
    except UnicodeEncodeError:
        text = NUL
    if NUL in text:
        clean = {storable(k): storable(v) for k, v in bounded(fields).items()}
        text = msgspec.json.encode(clean)
    return text.decode()


def is_storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or UNSTORABLE.search(text) is None)


def storable(text: str) -> str:
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text).replace(BETWEEN, " ")


def lot() -> int:
    return secrets.randbits(62)


def rows(batch: Batch) -> Iterator[Row]:
    for k in batch.kept:
        why = storable(k.aside) if k.aside else None
        if len(k.bodies) < 2:
            body = k.bodies[0] if k.bodies else None
            yield Row(k.line, k.part, k.fingerprint, None, why, body)
            continue
        for part, several in enumerate(batched(k.bodies, TOGETHER)):
            sizes = list(map(len, several))
            yield Row(k.line, part, k.fingerprint, sizes, why, EMPTY.join(several))


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
        size += len(row.body or EMPTY)
        if size > PIECE:
            yield EMPTY.join(parts)
            parts, size = [], 0
        parts.append(which(start, row.line, 4, row.part, source))
        parts += field(row.fingerprint)
        parts += field(array(row.sizes) if row.sizes else None)
        parts += field(row.aside.encode() if row.aside else None)
        parts += field(row.body)
    parts.append(END)
    yield EMPTY.join(parts)


def field(value: bytes | None) -> tuple[bytes, bytes]:
    return (NULL, EMPTY) if value is None else (len(value).to_bytes(4), value)


def array(numbers: list[int]) -> bytes:
    """Numbers as PostgreSQL's own form of `integer[]`."""
    each = [n for number in numbers for n in (4, number)]
    return struct.pack(SIZES % len(each), 1, 0, INTEGER, len(numbers), 1, *each)


def microseconds(at: datetime) -> int:
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
