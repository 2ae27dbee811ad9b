"""A small source of the tests' own: a JSON object a line, with a host, a rule and a severity."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from vardkase.detections.alert import Alert
from vardkase.detections.models import Raw
from vardkase.intake.source import Message, NotUnderstood, Source, Unreadable, outcome


class Said(msgspec.Struct):
    rule: str
    host: str = ""
    severity: int = 3
    at: datetime | None = None
    quiet: bool = False
    more: list[str] = []  # further hosts: an alarm of their own each


def parse(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
    try:
        said = msgspec.json.decode(raw, type=Said)
    except msgspec.ValidationError as error:
        raise NotUnderstood(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("is not JSON") from None
    if said.quiet:
        return ()
    return tuple(
        Alert(
            title=said.rule, severity=said.severity, occurred=said.at, rule=said.rule, target_host=h
        )
        for h in (said.host, *said.more)
    )


def read(body: bytes, received_at: datetime) -> Iterator[Message]:
    lines = filter(bytes.strip, body.split(b"\n"))
    return (outcome(number, raw, parse, received_at) for number, raw in enumerate(lines, 1))


TALK = Source("talk", read, ("rule", "target_host"))


def messages_kept() -> int:
    return sum(len(row.messages) for row in Raw.objects.all())
