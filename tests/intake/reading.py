"""What the tests of line formats share: a message through its source, and a moment to arrive at."""

from datetime import UTC, datetime

from vardkase.detections.alert import Alert
from vardkase.intake.registry import source
from vardkase.intake.source import Message

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def messages(name: str, body: str | bytes) -> list[Message]:
    raw = body.encode() if isinstance(body, str) else body
    return list(source(name).read(raw, NOW))


def alert(name: str, body: str | bytes) -> Alert:
    """The one alert of the one message."""
    (message,) = messages(name, body)
    assert not message.aside, message.aside
    assert not message.refused, message.refused
    (found,) = message.alerts
    return found


def outcomes(name: str, body: str | bytes) -> list[str]:
    """What became of each message."""
    return [outcome(message) for message in messages(name, body)]


def outcome(message: Message) -> str:
    """Which of the four it is; a message that is two of them is our mistake."""
    told = [bool(message.alerts), bool(message.aside), bool(message.refused)]
    assert sum(told) <= 1
    assert "our reader failed" not in message.aside, message
    words = ("alerts", "aside", "refused")
    return next((word for word, is_so in zip(words, told, strict=True) if is_so), "skipped")
