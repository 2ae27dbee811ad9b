"""From a body to stored detections: unpack, read, fold, store. The doors call `take_in`, and the
listeners, to whom many senders' messages come one by one, `take_in_each`."""

import logging
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from vardkase.detections.alert import Glance, fingerprinter
from vardkase.detections.once import Once
from vardkase.detections.rules import AHEAD, Answer, Batch, Fault, Marked, usual, worded
from vardkase.detections.storage import store

from .apart import plain_lines
from .json_text import NotJson, in_utf8
from .source import Message, Source, failed
from .values import EARLIEST

MOST_MESSAGES = 2_000
MOST_BYTES = 2 * 1024 * 1024
GZIP = b"\x1f\x8b"
log = logging.getLogger(__name__)


class TooMuch(ValueError):
    """More than a batch may hold: nothing of it is stored."""


class NotGzip(ValueError):
    """It begins as gzip and does not end as it."""


def take_in(
    source: Source, body: bytes, *, received_at: datetime, once: Once | None = None
) -> Answer:
    """Store a batch whole, and say what became of each message. Durable when it returns.

    Raises `TooMuch`, `NotGzip`, and `KeyReused` for a key that was used for something else.
    """
    known = once.answer() if once else None
    if known is not None:
        return known
    content = unpacked(body)
    found = glanced(source, content, received_at)
    if found is None:
        found = folded(source, read(source, content, received_at), received_at)
    if once is None:
        return found.answer(store(found))
    with once.kept():
        answer = found.answer(store(found))
        once.keep(answer, received_at)
    return once.told or answer


def take_in_each(source: Source, messages: Sequence[bytes], *, received_at: datetime) -> Answer:
    """Store messages of several senders. None is read as a part of another's, whatever it holds.

    What would be refused is set aside, for there is nobody to be told. Raises `TooMuch`.
    """
    found = None
    if source.glance and b"\0" not in messages[0][:4]:  # or the first would tell all their charset
        found = glanced(source, b"\n".join(messages), received_at)
    if found is None:
        found = folded(source, each_read(source, messages, received_at), received_at)
    return found.answer(store(found))


def each_read(source: Source, messages: Iterable[bytes], at: datetime) -> Iterator[Message]:
    """What was read of each, numbered through."""
    number = 0
    for body in bodies(messages):
        for message in read(source, body, at):
            number += 1
            if number > MOST_MESSAGES:
                raise TooMuch(f"More than {MOST_MESSAGES} messages.")
            if message.refused:
                message = message._replace(aside=message.refused, refused="")
            yield message if message.line == number else message._replace(line=number)


def bodies(messages: Iterable[bytes]) -> Iterator[bytes]:
    """The messages as bodies to be read: each alone, for how it begins may tell how all that
    follows is to be read (a charset, a count, an array). Lines of syslog, which tell nothing of the
    kind, are read together: that is cheaper."""
    for is_line, several in groupby(messages, is_syslog):
        if is_line:
            yield b"\n".join(several)
            continue
        for each in several:
            is_counted = b"\n" in each and each.startswith(b"<")
            yield b"%d %s" % (len(each), each) if is_counted else each.replace(b"\n", b" ")


def is_syslog(message: bytes) -> bool:
    """Whether it is one line that begins with a priority."""
    return message[:1] == b"<" and message[1:2].isdigit() and b"\n" not in message


def unpacked(body: bytes, *, most: int = MOST_BYTES) -> bytes:
    """What the sender packed, if it did; never more than `most` bytes are unpacked."""
    if len(body) > most:
        raise TooMuch(f"The body is larger than {most // 1024 // 1024} MB. Send smaller batches.")
    if not body.startswith(GZIP):
        return body
    parts, left = [], most
    try:
        while body:
            stream = zlib.decompressobj(wbits=31)
            parts.append(stream.decompress(body, left + 1))
            left -= len(parts[-1])
            if left < 0:
                told = f"Unpacked it is larger than {most // 1024 // 1024} MB."
                raise TooMuch(f"{told} Send smaller batches.")
            if not stream.eof:
                raise NotGzip("The gzip ends too early. Send it again.")
            body = stream.unused_data.lstrip(b"\0")
    except zlib.error:
        raise NotGzip("The gzip is damaged. Send it again.") from None
    return b"".join(parts)


def read(
    source: Source, body: bytes, at: datetime, *, most: int = MOST_MESSAGES
) -> Iterator[Message]:
    """The messages of a body, at most so many as a batch may hold.

    A reader that fails on the whole is our fault, not the sender's: the body is set aside.
    """
    count = 0
    try:
        for message in source.read(body, at):
            count += 1
            if count > most:
                raise TooMuch(f"More than {most} messages. Send smaller batches.")
            yield message
    except TooMuch:
        raise
    except Exception as fault:  # a job's loop: the next batch must come in
        log.exception("the reader of %s failed", source.name)
        yield Message(count + 1, body, aside=f"our reader failed: {type(fault).__name__}")


def glanced(source: Source, body: bytes, at: datetime) -> Batch | None:
    """The batch of a body of plain JSON lines, read as little as can be; None: `read` it."""
    lines = plain_lines(in_utf8(body)) if source.glance else None
    if source.glance is None or not lines or len(lines) > MOST_MESSAGES:
        return None
    batch, glance = Batch(source.name, at), source.glance(at)
    marked = fingerprinter(source.name, source.fingerprint)
    try:
        for line, raw in usual(batch, glance.look(lines), marked, glance.named):
            put(batch, other(line, raw, glance), marked)
        return None if is_unset(batch, at) else worded(batch, glance.words)
    except Exception:  # a line is not what it looked like: read with care, it stops no other
        return None


def is_unset(batch: Batch, at: datetime) -> bool:
    """Whether a sender's clock was never set, or runs too far ahead."""
    times = [(group.first_at.year, group.last_at) for group in batch.groups.values()]
    return any(year <= EARLIEST or last > at + AHEAD for year, last in times)


def other(number: int, raw: bytes, glance: Glance) -> Message:
    """A message that is no usual alarm; raises `NotJson`."""
    if not raw.startswith(b"{"):
        raise NotJson
    try:
        return Message(number, raw, glance.rest(raw))
    except NotJson:
        raise
    except Exception as fault:
        return failed(number, raw, fault)


def folded(source: Source, messages: Iterable[Message], at: datetime) -> Batch:
    batch = Batch(source.name, at)
    marked = fingerprinter(source.name, source.fingerprint)
    for message in messages:
        put(batch, message, marked)
    return batch


def put(batch: Batch, message: Message, marked: Marked) -> None:
    line, raw, alerts, aside, refused = message
    if alerts:
        batch.take(line, raw, alerts, marked)
    elif aside:
        batch.put_aside(line, raw, aside)
    elif refused:
        batch.rejected.append(Fault(line, refused[:300]))
    else:
        batch.skipped += 1
