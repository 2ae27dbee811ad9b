"""What a source is: a name, a reader of its messages, and what makes two of its alerts one group.

Reading is pure: no database, no Django, no clock; the moment of arrival is an argument.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from vardkase.detections.alert import Alert, Glance

log = logging.getLogger(__name__)


class NotUnderstood(ValueError):
    """Readable bytes that are not of this source's kind: stored raw and set aside."""


class Unreadable(ValueError):
    """Bytes that nothing can be made of: refused with a sentence that says why."""


class Message(NamedTuple):
    """One message of a batch and what became of it. Exactly one of the four outcomes holds:

    `alerts` is not empty: understood. `alerts` is empty, and no text: understood, no alert by the
    source's policy (skipped). `aside`: stored raw, not understood. `refused`: unreadable.
    """

    line: int  # from 1: its place in the batch
    raw: bytes
    alerts: tuple[Alert, ...] = ()
    aside: str = ""
    refused: str = ""


type Parse = Callable[[bytes, datetime], tuple[Alert, ...]]
type Read = Callable[[bytes, datetime], Iterator[Message]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of sender. `read(body, received_at)` takes a whole batch apart."""

    name: str  # as in `?source=NAME`
    read: Read
    fingerprint: tuple[str, ...]  # names of what two alerts of one group have in common
    whole: bool = False  # its files are one document (XML), never cut at a line's end
    glance: Callable[[datetime], Glance] | None = None  # reads its usual JSON lines in brief
    carry: bytes = b""  # lines of a file that begin so are given again with each later part of it


def outcome(line: int, raw: bytes, parse: Parse, received_at: datetime) -> Message:
    """One message through its parser; what the parser raises is the message's own outcome."""
    try:
        return Message(line, raw, parse(raw, received_at))
    except NotUnderstood as problem:
        return Message(line, raw, aside=str(problem))
    except Unreadable as problem:
        return Message(line, raw, refused=str(problem))
    except Exception as fault:  # a job's loop: one message that we fail on stops no other
        log.exception("a message could not be read")
        return Message(line, raw, aside=f"our reader failed: {type(fault).__name__}")


def by_line(parse: Parse) -> Read:
    """A reader of one message a line. Lines end with LF or CR LF only; blank ones do not count."""

    def read(body: bytes, received_at: datetime) -> Iterator[Message]:
        number = 0
        for text in body.split(b"\n"):
            raw = text.removesuffix(b"\r")
            if raw.strip():
                number += 1
                yield outcome(number, raw, parse, received_at)

    return read
