"""Whatever bytes come, each message has one outcome, and reading takes time in step with length."""

import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardkase.detections.alert import Alert
from vardkase.intake.policy import policy
from vardkase.intake.registry import source
from vardkase.intake.source import Message
from vardkase.policy.parameter import INTAKE

from .reading import NOW, messages, outcome

SOURCES = ("snort-fast", "zeek", "cef", "leef", "syslog", "keyvalue")
SAMPLES = {
    name: [path.read_bytes() for path in folder.iterdir()]
    for name in SOURCES
    if (folder := INTAKE / name.replace("-", "_") / "samples").is_dir()
}
PIECES = st.sampled_from(
    [b"CEF:0|", b"LEEF:2.0|", b"|", b"=", b" ", b"\\", b'"', b"\n", b"\r", b"\0", b"\xff", b"\t"]
    + [b"<13>", b"1 ", b"[", b"]", b"{", b"#fields\tts\tnote\n", b"#separator \\x", b"[1:2:3]"]
    + [b"Nov 20 08:00:00 ", b"rt=", b"devTimeFormat=", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"9" * 50]
)
BODIES = st.lists(PIECES | st.binary(max_size=12) | st.text(max_size=8).map(str.encode)).map(
    b"".join
)


def sound(alert: Alert) -> None:
    """Storable and bounded, as the contract says."""
    assert 1 <= len(alert.title) <= 300
    assert 1 <= alert.severity <= 5
    assert alert.occurred is None or alert.occurred.tzinfo is not None
    texts = [alert.title, alert.rule, alert.source_host, alert.target_host, alert.user, alert.ref]
    for text in (*texts, *alert.fields, *alert.fields.values()):
        assert "\0" not in text
        assert text.encode("utf-8") is not None
        assert len(text) <= 4000


def checked(found: list[Message]) -> Counter[str]:
    assert [message.line for message in found] == list(range(1, len(found) + 1))
    for message in found:
        assert "our reader failed" not in message.aside, message
        for alert in message.alerts:
            sound(alert)
    return Counter(map(outcome, found))


@pytest.mark.parametrize("name", SOURCES)
def test_our_own_samples_are_understood(name: str) -> None:
    assert SAMPLES[name]
    for body in SAMPLES[name]:
        told = checked(messages(name, body))
        assert told["alerts"] >= 1
        assert not told["aside"] + told["refused"]


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES)
def test_any_bytes_have_one_outcome_each(name: str, body: bytes) -> None:
    checked(messages(name, body))


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_sample_harms_no_other(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(SAMPLES[name]))
    at = data.draw(st.integers(0, len(body)))
    gone = data.draw(st.integers(0, 30))
    checked(messages(name, body[:at] + data.draw(st.binary(max_size=8)) + body[at + gone :]))


@pytest.mark.parametrize("name", SOURCES)
def test_bytes_that_nothing_can_be_made_of_are_refused_with_a_reason(name: str) -> None:
    for body in (b"\0\1\2\3", b"\x01\x02\xff\xfe\x80\x81\x03\x04\x05"):
        (found,) = messages(name, body)
        assert found.refused


def test_text_that_is_not_utf_8_is_read_with_a_mark() -> None:
    (found,) = messages("syslog", "<13>Nov 20 08:00:00 h a: Åtkomst nekad".encode("cp1252"))
    assert found.alerts[0].title == "a: Åtkomst nekad"
    assert found.alerts[0].fields["encoding"] == "windows-1252, guessed"
    (found,) = messages("syslog", "<13>Nov 20 08:00:00 h a: nekå".encode()[:-1])
    assert found.alerts[0].fields["encoding"] == "utf-8, cut"
    (found,) = messages("syslog", "<13>Nov 20 08:00:00 h a: Åtkomst".encode("utf-16"))
    assert found.alerts[0].title == "a: Åtkomst"


def test_only_a_line_feed_ends_a_line() -> None:
    body = "<13>Nov 20 08:00:00 h a: x\x0by\x0cz\x85\u2028\u2029\x1c\rw"
    (found,) = messages("syslog", body)
    assert found.alerts[0].fields["message"].endswith("w")


HEAVY = {
    "syslog": (b"<13>Nov 20 08:00:00 h a: ", [
        b"a", b" ", b"<", b"[", b"1", b"from ", b"%A-", b":"]),
    "cef": (b"CEF:0|a|b|c|d|e|5|", [b"a", b"a=", b" a=", b"\\", b"|", b" ", b"=", b"."]),
    "leef": (b"LEEF:2.0|a|b|c|d|^|", [b"a", b"a=", b"^a=", b"^", b" a=", b"\\"]),
    "keyvalue": (b"a=1 b=2 ", [
        b"a", b' a="', b" a='", b'"', b"\\", b" A", b"a:", b",", b'a=""', b"["]),
    "snort-fast": (b"[**] [1:2:3] ", [b"a", b"[", b" ", b"{", b" ->", b"[Priority: ", b"a -> a "]),
    "zeek": (b"#fields\tts\tnote\n1\t", [b"a", b"\\x4", b"\\x41", b"\t", b"#"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_twice_the_length_takes_twice_the_time(name: str) -> None:
    """No text makes a pattern run away: eight times the length, at most some thirty the time."""
    start, units = HEAVY[name]
    for unit in units:
        short, long = (taken(name, start + unit * (size // len(unit))) for size in (8_000, 64_000))
        assert long < 0.02 or long < 30 * short, (unit, short, long)


def taken(name: str, body: bytes) -> float:
    read = source(name).read
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        list(read(body, NOW))
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("name", SOURCES)
def test_a_line_of_a_megabyte_is_read_and_bounded(name: str) -> None:
    start, units = HEAVY[name]
    checked(messages(name, start + units[0] * 1_000_000))


@pytest.mark.parametrize("name", SOURCES)
def test_its_policy_stands_on_a_source(name: str) -> None:
    assert policy(name, NOW).severity
