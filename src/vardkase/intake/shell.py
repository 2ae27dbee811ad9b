"""The shell of JSON sources: readers that count messages as the door does.

UTF-8 with or without its mark, UTF-16; an element of an array is a message, a report is one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from .apart import SPACE, Alerts, Apart, Parse
from .json_text import NotJson, in_utf8, loads
from .policy import Policy, fingerprint_of, policy
from .source import Message, Read, Source, failed

type Prepare = Callable[[datetime], Parse]  # once a batch: the policy of the day
type Understand = Callable[[Any, Policy], Alerts]

ARCHIVES = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gzip"}


def no_text(body: bytes) -> Message | None:
    """The outcome of a body that is no text at all."""
    for mark, name in ARCHIVES.items():
        if body.startswith(mark):
            return Message(1, body, aside=f"A {name} archive: unpack it, and send what is in it.")
    return None


def by_value(prepare: Prepare) -> Read:
    """A reader of events: each value, and each element of an array, is a message."""

    def read(body: bytes, received_at: datetime) -> Iterator[Message]:
        content = in_utf8(body)
        if refusal := no_text(content):
            yield refusal
            return
        yield from Apart(content, prepare(received_at)).messages()

    return read


def by_body(prepare: Prepare) -> Read:
    """A reader of reports: the body is one message, unless several reports follow each other."""

    def read(body: bytes, received_at: datetime) -> Iterator[Message]:
        content = in_utf8(body)
        if refusal := no_text(content):
            yield refusal
            return
        if not content.strip(SPACE):
            return
        parse = prepare(received_at)
        try:
            yield Message(1, body, parse(content))
        except NotJson as problem:
            several = list(Apart(content, parse, spread=False).messages())
            if any(not each.aside for each in several):
                yield from several
            else:
                yield Message(1, body, aside=str(problem))
        except Exception as fault:
            yield failed(1, body, fault)

    return read


def source(name: str, understand: Understand) -> Source:
    """The source whose decoded values `understand` reads."""

    def prepare(received_at: datetime) -> Parse:
        rule = policy(name, received_at)
        return lambda raw: understand(loads(raw), rule)

    return Source(name=name, read=by_value(prepare), fingerprint=fingerprint_of(name))


def source_of_reports(name: str, understand: Callable[[bytes, Policy], Alerts]) -> Source:
    """The source whose bodies `understand` reads whole, as bytes."""

    def prepare(received_at: datetime) -> Parse:
        rule = policy(name, received_at)
        return lambda raw: understand(raw, rule)

    names = fingerprint_of(name)
    return Source(name=name, read=by_body(prepare), fingerprint=names, whole=True)
