"""A body taken apart: what counts as a message, and that damage to one harms no other."""

import contextlib
import json
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.detections.alert import Alert
from vardkase.intake.apart import Parse
from vardkase.intake.json_text import loads
from vardkase.intake.shell import by_body, by_value
from vardkase.intake.source import Message, NotUnderstood, Unreadable
from vardkase.intake.values import text

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def prepare(_at: datetime) -> Parse:
    def parse(raw: bytes) -> tuple[Alert, ...]:
        found = loads(raw)
        if not isinstance(found, dict) or "n" not in found:
            raise NotUnderstood("no n")
        return (Alert(title=text(found["n"]) or "-", severity=1),)

    return parse


def told(body: bytes, *, report: bool = False) -> list[str]:
    """Each message's title, or what became of it."""
    read = (by_body if report else by_value)(prepare)
    messages = list(read(body, NOW))
    assert [m.line for m in messages] == list(range(1, len(messages) + 1))
    return [outcome(m) for m in messages]


def outcome(message: Message) -> str:
    assert bool(message.alerts) + bool(message.aside) + bool(message.refused) <= 1
    if message.alerts:
        return "+".join(alert.title for alert in message.alerts)
    return "aside" if message.aside else "refused" if message.refused else "skipped"


PRETTY = json.dumps({"n": 1, "deep": {"list": [1, {"x": "}"}]}}, indent=2).encode()


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (b"", []),
        (b"\n \r\n\t\n", []),
        (b'{"n": 1}', ["1"]),
        (b'{"n": 1}\n{"n": 2}\r\n\n{"n": 3}\n', ["1", "2", "3"]),
        (b'[{"n": 1}, {"n": 2}]', ["1", "2"]),
        (b"[]", []),
        (b'[\n {"n": 1},\n {"n": [2,\n 3]}\n]\n', ["1", "2, 3"]),
        (b'\xef\xbb\xbf{"n": 1}', ["1"]),
        ('{"n": "åäö"}'.encode("utf-16"), ["åäö"]),
        ('{"n": "åäö"}'.encode("utf-16-le"), ["åäö"]),
        ('[{"n": 1}, {"n": 2}]'.encode("utf-16-be"), ["1", "2"]),
        ('{"n": 1}\n{"n": 2}'.encode("utf-32"), ["1", "2"]),
        (b'\x1e{"n": 1}\n\x1e{"n":\n2}\n', ["1", "2"]),
        (b'{"n": 1}{"n": 2} {"n": 3}', ["1", "2", "3"]),
        (b'{"n": 1},\n{"n": 2},\n', ["1", "2"]),
        (b'[{"n": 1}]\n[{"n": 2}, {"n": 3}]', ["1", "2", "3"]),
        (PRETTY, ["1"]),
        (PRETTY + b"\n" + PRETTY, ["1", "1"]),
        (PRETTY + PRETTY, ["1", "1"]),
        (PRETTY + b'\n{"n": 2}\n' + PRETTY + b"\n", ["1", "2", "1"]),
        (b'{"n": 0}\n' + PRETTY + b'\n{"n": 2}', ["0", "1", "2"]),
        (b'<13>Nov 22 09:00:00 sensor suricata[1]: {"n": 1}', ["1"]),
        (b'{"n": 1}\nplain words\n{"n": 2}', ["1", "aside", "2"]),
        (b'{"n": 1}\n[Sun Nov 22] a log line\n{"n": 2}', ["1", "aside", "2"]),
        (b'{"n": 1}\n{"n": "cut\n{"n": 2}', ["1", "aside", "2"]),
        (b'{"n": "cut\n{"n": 2}', ["aside", "2"]),
        (b'{"n": 1, "x\n{"n": 2}\nwords\n{"n": 3}', ["aside", "2", "aside", "3"]),
        (b'{"n": 1}\n{"n": "\xff"}\n{"n": 2}', ["1", "refused", "2"]),
        (b'{"n": 1}\n\xff\xfe\xfd\n{"n": 2}', ["1", "refused", "2"]),
        (b'[{"n": 1}, {"n": 2}, {"n": ', ["1", "2", "aside"]),
        (b'[{"n": 1},\n{"n": 2},\n{"n": "cut', ["1", "2", "aside"]),
        (b'[{"n": 1}, {"n": "\xff"}]', ["1", "refused"]),
        (b"[1, null]", ["aside", "aside"]),
        (PRETTY[:-10], ["aside"]),
        (PRETTY[:-10] + b'\n{"n": 2}', ["aside", "2"]),
        (b'{"n": NaN}', ["-"]),
        (b'{"n": 1, "x": Infinity, "y": ' + b"9" * 5000 + b"}", ["1"]),
        (b'{"n": "\\u0000\\ud800"}', ["\ufffd\ufffd"]),
        (b'{"n": "a\tb"}', ["a\tb"]),
        (b'{"n": 1, "n": 2}', ["2"]),
        (b'{"n": 1}\n{"x": ' + b"[" * 100_000 + b'\n{"n": 2}', ["1", "aside", "2"]),
        (b"[" * 100_000, ["aside"]),
        (b"PK\x03\x04 whatever", ["aside"]),
        (b"\x1f\x8b whatever", ["aside"]),
        (b"\0\x01\x02\n\0", ["refused", "refused"]),
        (b'{"n": "a\0b"}\n{"n": 2}\n\0\0\n{"n": 3}', ["refused", "2", "refused", "3"]),
        ('{"n": "a\u2028b\\u2028c\x85d"}'.encode(), ["a\u2028b\u2028c\x85d"]),
    ],
)  # fmt: skip
def test_what_counts_as_a_message(body: bytes, messages: list[str]) -> None:
    assert told(body) == messages


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (PRETTY, ["1"]),
        (b'[{"n": 1}, {"n": 2}]', ["aside"]),  # this parser takes no list: one message all the same
        (PRETTY + b"\n" + PRETTY, ["1", "1"]),
        (b"words\non several\nlines", ["aside"]),
        (b"\xff\xff", ["refused"]),
        (b" \n", []),
    ],
)
def test_a_report_is_one_message(body: bytes, messages: list[str]) -> None:
    assert told(body, report=True) == messages


def test_a_body_is_taken_apart_in_time_that_grows_with_its_length() -> None:
    for body in (b'{"a":\n' * 20_000, b'{"\\\n' * 20_000, b"{\n" * 50_000, b"[{\n" * 30_000,
                 b'{"n": 1}x' * 20_000, b'"{"' * 30_000, (b"{\n" + b"}" * 50) * 2_000):  # fmt: skip
        assert told(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=5), st.sampled_from("\n \x1e")
)
def test_values_one_after_the_other_are_as_many_messages(values: list[Any], between: str) -> None:
    body = between.join(json.dumps(value) for value in values).encode()
    assert len(told(body)) == len(values)
    assert len(told(json.dumps(values).encode())) == len(values)
    pretty = "\n".join(json.dumps(value, indent=1) for value in values).encode()
    assert len(told(pretty)) == len(values)


@given(st.binary())
def test_any_bytes_have_an_outcome(body: bytes) -> None:
    told(body)
    told(body, report=True)


@given(st.binary(max_size=60))
def test_a_value_is_read_or_refused(raw: bytes) -> None:
    try:
        found = loads(raw)
    except (NotUnderstood, Unreadable):
        return
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        assert msgspec.json.decode(raw) == found


def test_values_on_one_line_are_read_in_one_pass() -> None:
    """As Firehose writes a file: a megabyte of objects, and no line's end."""
    several = b"".join(b'{"n": %d, "pad": "%s"}' % (n, b"x" * 300) for n in range(3_000))
    started = time.process_time()
    assert told(several) == [str(n) for n in range(3_000)]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        (b'{"n": 1} {"n": 2},{"n": 3}', ["1", "2", "3"]),
        (b'{"n": 1}{"n": 2} and words', ["1", "2", "aside"]),
        (b'{"n": 1}{"n": 2', ["1", "aside"]),
        (b'{"n": 1}[1]{"n": 2}', ["1", "aside", "2"]),
        (b'{"n": 1}{"n": 2}\n{"n": 3}', ["1", "2", "3"]),
    ],
)
def test_values_that_follow_each_other(line: bytes, messages: list[str]) -> None:
    assert told(line) == messages


@pytest.mark.parametrize("sign", [b"[", b"{", b'{"a":', b"[[", b'[{"a":1},', b'"', b"[{"])
def test_brackets_without_end_take_no_time(sign: bytes) -> None:
    started = time.process_time()
    assert len(told(sign * (500_000 // len(sign)))) >= 1
    assert time.process_time() - started < 1
