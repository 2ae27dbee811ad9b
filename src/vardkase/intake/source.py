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
    except Exception as fault:
        return failed(line, raw, fault)


def failed(line: int, raw: bytes, fault: Exception) -> Message:
    """The outcome of a message that was not read; a mistake of ours stops no other message."""
    if isinstance(fault, NotUnderstood):
        return Message(line, raw, aside=str(fault))
    if isinstance(fault, Unreadable):
        return Message(line, raw, refused=str(fault))
    log.error("a message could not be read", exc_info=fault)
    return Message(line, raw, aside=f"our reader failed: {type(fault).__name__}")
