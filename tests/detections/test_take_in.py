"""A batch is stored once, folded, and told of line by line."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.detections.sources import TALK, messages_kept
from vardkase.detections import queries
from vardkase.detections.alert import Alert, fingerprint
from vardkase.detections.models import Detection, Hourly, Raw
from vardkase.detections.once import KeyReused, Once
from vardkase.detections.rules import Answer
from vardkase.intake.batch import NotGzip, TooMuch, take_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
KINDS = [b'{"rule":"a"}', b'{"rule":"b"}', b'{"rule":"c","quiet":true}', b"[]", b"{", b" "]


def lines(*rows: object) -> bytes:
    return b"\n".join(r if isinstance(r, bytes) else json.dumps(r).encode() for r in rows)


def send(*rows: object, at: datetime = NOW, once: Once | None = None) -> Answer:
    return take_in(TALK, lines(*rows), received_at=at, once=once)


def counts(answer: Answer) -> tuple[int, ...]:
    return (
        answer.received, answer.new, answer.folded, answer.skipped, answer.set_aside,
        len(answer.rejected),
    )  # fmt: skip


def test_alike_alarms_are_one_group() -> None:
    a, b = {"rule": "scan", "host": "db1"}, {"rule": "scan", "host": "db2"}
    assert counts(send(a, b, a, a)) == (4, 2, 2, 0, 0, 0)
    assert sorted(Detection.objects.values_list("target_host", "count")) == [("db1", 3), ("db2", 1)]
    assert messages_kept() == 4


def test_a_host_is_the_same_however_its_name_is_written() -> None:
    """As DNS has it: in any case, with the root's dot or without. A short name is another."""
    names = ("DB1.Region.example", "db1.region.example.", "db1.region.example", "db1", "DB1")
    assert counts(send(*({"rule": "scan", "host": name} for name in names))) == (5, 2, 3, 0, 0, 0)
    assert set(Detection.objects.values_list("target_host", "count")) == {
        ("db1.region.example", 3), ("DB1", 2),
    }  # fmt: skip
    upper, lower = (Alert(title="t", severity=1, fields={"hostname": h}) for h in ("WEB1", "web1"))
    assert fingerprint("s", upper, ("hostname",)) == fingerprint("s", lower, ("hostname",))


def test_the_same_batch_again_opens_no_group() -> None:
    rows = [{"rule": f"r{k % 5}"} for k in range(20)]
    assert counts(send(*rows)) == (20, 5, 15, 0, 0, 0)
    assert counts(send(*rows)) == (20, 0, 20, 0, 0, 0)
    assert set(Detection.objects.values_list("count", flat=True)) == {8}


@pytest.mark.parametrize("many", [1, 9])
def test_each_message_has_one_fate(many: int) -> None:
    rows = [{"rule": "a"}, {"rule": "b", "quiet": True}, {"rules": "c"}, b"{not json", b"\xff"]
    answer = send(*(rows * many))
    assert counts(answer) == (5 * many, 1, many - 1, many, many, 2 * many)
    assert answer.rejected[0].line == 4
    aside = Raw.objects.exclude(aside=None)
    assert [bytes(r.body or b"") for r in aside] == [b'{"rules": "c"}'] * many


def test_a_message_of_several_alarms_counts_once_and_is_kept_once() -> None:
    assert counts(send({"rule": "x", "host": "a", "more": ["b", "c", "a"]})) == (1, 1, 0, 0, 0, 0)
    assert counts(send({"rule": "x", "host": "a", "more": ["d"]})) == (1, 1, 0, 0, 0, 0)
    assert counts(send({"rule": "x", "host": "a", "more": ["d"]})) == (1, 0, 1, 0, 0, 0)
    assert sorted(Detection.objects.values_list("target_host", "count")) == [
        ("a", 4), ("b", 1), ("c", 1), ("d", 2),
    ]  # fmt: skip
    assert Raw.objects.exclude(body=None).count() == 3


@pytest.mark.parametrize("fill", [0, 20])
def test_an_older_alarm_never_overwrites_a_newer(fill: int) -> None:
    def told(minutes: int, severity: int) -> dict[str, object]:
        at = (NOW - minutes * MINUTE).isoformat()
        return {"rule": "x", "severity": severity, "at": at}

    others = [{"rule": f"fill{k}"} for k in range(fill)]
    send(told(5, 2), told(9, 4), *others)
    send(told(30, 1), *others)
    found = Detection.objects.get(rule="x")
    assert (found.first_at, found.last_at) == (NOW - 30 * MINUTE, NOW - 5 * MINUTE)
    assert (found.severity, found.count) == (4, 3)


def test_a_time_that_cannot_be_is_the_time_of_arrival() -> None:
    send({"rule": "x", "at": "9999-01-01T00:00:00Z"}, {"rule": "x", "at": "1901-01-01T00:00:00Z"})
    found = Detection.objects.get()
    assert (found.first_at, found.last_at) == (NOW, NOW)


def test_what_came_each_hour_is_counted() -> None:
    send({"rule": "x"}, {"rule": "x"})
    send({"rule": "x"}, at=NOW + timedelta(minutes=20))
    send({"rule": "x"}, at=NOW + timedelta(hours=1))
    hour = int(NOW.timestamp()) // 3600
    assert list(Hourly.objects.order_by("hour").values_list("hour", "count")) == [
        (hour, 3), (hour + 1, 1),
    ]  # fmt: skip


def test_text_that_no_row_can_hold_loses_no_batch() -> None:
    rows = [b'{"rule": "a\\u0000b"}', b'{"rule": "a\\ud800b"}', b'{"rule": "c\\u001f\\u001ed"}']
    answer = send(*rows)
    assert answer.received == 3
    assert set(Detection.objects.values_list("rule", flat=True)) == {"a\ufffdb", "c  d"}


def test_a_key_makes_a_batch_once() -> None:
    def once(body: bytes) -> Once:
        return Once.of("t1", "k" * 16, source="talk", body=body)

    row = {"rule": "x"}
    first = send(row, once=once(b"1"))
    assert send(row, once=once(b"1")) == first
    assert Detection.objects.get().count == 1
    with pytest.raises(KeyReused):
        send({"rule": "y"}, once=once(b"2"))


def test_gzip_is_unpacked_no_further_than_allowed() -> None:
    packed = gzip.compress(lines({"rule": "x"})) + gzip.compress(b"\n" + lines({"rule": "y"}))
    assert counts(take_in(TALK, packed, received_at=NOW)) == (2, 2, 0, 0, 0, 0)
    with pytest.raises(TooMuch):
        take_in(TALK, gzip.compress(b" " * 50_000_000), received_at=NOW)
    for bad in (packed[:-5], packed[:20] + b"!" + packed[21:]):
        with pytest.raises(NotGzip):
            take_in(TALK, bad, received_at=NOW)


def test_a_batch_of_too_many_is_refused_whole() -> None:
    with pytest.raises(TooMuch):
        send(*[{"rule": "x"}] * 2_001)
    assert counts(send(*[{"rule": "x"}] * 2_000))[0] == 2_000
    assert Detection.objects.get().count == 2_000


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(KINDS) | st.binary(max_size=20), max_size=30))
def test_the_answer_is_a_sum(rows: list[bytes]) -> None:
    body = b"\n".join(rows)
    if body.startswith(b"\x1f\x8b"):
        return
    answer = take_in(TALK, body, received_at=datetime.now(UTC))
    assert answer.received == sum(counts(answer)[1:])
    assert answer.received == sum(bool(r.strip()) for r in body.split(b"\n"))


def test_what_came_together_lies_together_and_is_read_one_by_one_the_newest_first() -> None:
    rows = [{"rule": "x", "at": f"2026-11-20T08:00:{k % 60:02}Z", "host": ""} for k in range(120)]
    send({"rule": "x", "more": ["b"]}, *rows, {"rule": "y"}, *rows)
    assert (messages_kept(), Raw.objects.count()) == (242, 2 + 5 + 1)
    found = Detection.objects.get(rule="x", target_host="")
    told = [json.loads(row.body or b"") for row in queries.messages(found)]
    assert told == rows[:-11:-1]
    send({"rule": "x"}, at=NOW + MINUTE)
    assert [json.loads(row.body or b"") for row in queries.messages(found)][:2] == [
        {"rule": "x"}, rows[-1],
    ]  # fmt: skip
    (other,) = queries.messages(Detection.objects.get(target_host="b"))
    assert json.loads(other.body or b"")["more"] == ["b"]
