"""Every source of JSON and XML: its samples are read, and nothing that is sent can break it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.registry import source
from vardkase.intake.source import Message
from vardkase.lib.text import UNSTORABLE
from vardkase.policy.parameter import INTAKE

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SCANNERS = ("nmap", "openvas", "trivy", "zap")
NAMES = ("suricata", "wazuh", "alertmanager", "cowrie", "ecs", "defender", "sentinel", "asff",
         "json:example", *SCANNERS)  # fmt: skip
SAMPLES = [
    (name, path)
    for name in NAMES
    for path in sorted((INTAKE / name.replace(":example", "_") / "samples").iterdir())
]
JSONS = [(name, path) for name, path in SAMPLES if path.suffix != ".xml" and path.suffix != ".csv"]


def read(name: str, body: bytes) -> list[Message]:
    """The messages of `body`, each checked to be what storage may rely on."""
    messages = list(source(name).read(body, NOW))
    for number, message in enumerate(messages, 1):
        assert message.line == number
        assert "our reader failed" not in message.aside
        assert bool(message.alerts) + bool(message.aside) + bool(message.refused) <= 1
        for alert in message.alerts:
            sound(alert)
            assert len(fingerprint(name, alert, source(name).fingerprint)) == 16
    return messages


def sound(alert: Alert) -> None:
    assert 1 <= len(alert.title) <= 300
    assert alert.severity in set(Severity)
    assert alert.occurred is None or alert.occurred.tzinfo is not None
    told = [alert.rule, alert.source_host, alert.target_host, alert.user, alert.ref]
    assert all(isinstance(text, str) and len(text) <= 300 for text in told)
    assert len(alert.fields) <= 100
    for text in (alert.title, *told, *alert.fields, *alert.fields.values()):
        assert isinstance(text, str)
        assert len(text) <= 2_000
        assert not UNSTORABLE.search(text)


@pytest.mark.says(
    "S2-022",
    "automatisk analys av loggar från olika system, varningar från brandväggar, "
    "intrångsdetekteringssystem, antivirussystem",
)
@pytest.mark.says(
    "S2-028",
    "varningar från övervakningssystem så som exempelvis IDS/IDP, antivirusprogram, "
    "honungsfällor, logganalysprogram",
)
@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: str(value)[-30:])
def test_our_samples_are_understood(name: str, path: Path) -> None:
    messages = read(name, path.read_bytes())
    assert any(message.alerts for message in messages)
    assert not any(message.aside or message.refused for message in messages)
    assert all(a.kind == "vulnerability" for m in messages for a in m.alerts if name in SCANNERS)
    again = read(name, path.read_bytes())
    assert [m.alerts for m in again] == [m.alerts for m in messages]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body",
    [b'{"foo": 1}', b'{"template-id": "x", "info": {"name": "n", "severity": "high"}, "host": "h"}',
     b"[[]]", b'{"alert": 1, "rule": 2, "event": 3}', b"words", b"<other/>", b'"text"', b"1"],
)  # fmt: skip
def test_what_is_not_of_the_family_is_set_aside(name: str, body: bytes) -> None:
    assert [bool(message.aside) for message in read(name, body)] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_read_is_refused_or_set_aside_alone(name: str) -> None:
    for body in (
        b"\xff\xfe\xfd\xfc", b'{"a": ' * 100_000, b"[" * 5000, b'{"a": "\xff"}', b"<a>" * 100_000,
        b"\0" * 10, b"PK\x03\x04", b'{"a": ' + b"9" * 5_000 + b"}",
    ):  # fmt: skip
        messages = read(name, body)
        assert messages
        assert not any(message.alerts for message in messages)


# --- any value in any place

ODD = st.sampled_from(
    [None, True, -1, 10**30, 1e300, float("nan"), float("inf"), "", " ", "\0", "\ud800", "9" * 5000,
     "x" * 5000, [], {}, [None], [[]], [{}], {"": None}, "2026-13-45T99:99:99",
     "0001-01-01T00:00:00Z",
     "9999-12-31T23:59:59-23:59", -1e18, "\u202eabc", "a\nb\rc", {"a": {"b": {}}},
     [1, "a", None, {}]]
)  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    inside = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else inside:
        yield from places(inner, (*way, key))


def replaced(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    if not way:
        return new
    if isinstance(value, dict):
        return {k: replaced(v, way[1:], new) if k == way[0] else v for k, v in value.items()}
    return [replaced(v, way[1:], new) if i == way[0] else v for i, v in enumerate(value)]


def documents(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


DOCUMENTS = [(name, each) for name, path in JSONS for each in documents(path)]
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


@given(st.data())
@CALM
def test_a_message_with_odd_values_has_an_outcome(data: st.DataObject) -> None:
    name, document = data.draw(st.sampled_from(DOCUMENTS))
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(list(places(document))))
        document = replaced(document, way, data.draw(ODD))
    read(name, json.dumps(document).encode())


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=lambda v: str(v)[:20])
def test_every_field_may_be_missing_or_odd(name: str, document: Any) -> None:
    for way in list(places(document))[1:]:
        for new in (None, [], {"x": 1}, 7, "\ud800\0", "x" * 3000):
            messages = read(name, json.dumps(replaced(document, way, new)).encode())
            assert not any(message.refused for message in messages)


JSON = st.recursive(
    ODD | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(st.sampled_from(NAMES), JSON)
@CALM
@example("json:example", {"alarms": [{"code": {"a": 1}}]})
def test_any_json_has_an_outcome(name: str, value: Any) -> None:
    read(name, json.dumps(value).encode())


@given(st.sampled_from(SAMPLES), st.data())
@CALM
def test_damaged_bytes_have_an_outcome(sample: tuple[str, Path], data: st.DataObject) -> None:
    name, path = sample
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        kind = data.draw(st.sampled_from(("cut", "byte", "insert")))
        if kind == "cut":
            del body[place : place + data.draw(st.integers(1, 200))]
        elif kind == "byte":
            body[place] = data.draw(st.integers(0, 255))
        else:
            body[place:place] = data.draw(st.binary(max_size=20))
        if not body:
            return
    read(name, bytes(body))


@pytest.mark.parametrize(("name", "path"), JSONS, ids=lambda value: str(value)[-30:])
def test_one_broken_line_harms_no_other(name: str, path: Path) -> None:
    lines = [json.dumps(each).encode() for each in documents(path)]
    if name in SCANNERS:
        return
    whole = read(name, b"\n".join(lines))
    broken = read(name, b"\n".join([b'{"cut": "', *lines, b"\xff\xff"]))
    assert [m.alerts for m in broken[1:-1]] == [m.alerts for m in whole]
    assert broken[0].aside
    assert broken[-1].refused
