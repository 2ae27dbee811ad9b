"""Every sample of ours through its source into the database: counted, and once only."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.test_json_sources import SAMPLES
from vardkase.detections.models import Detection
from vardkase.intake.batch import take_in
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: str(value)[-30:])
def test_a_sample_is_stored_and_sent_again_adds_no_group(name: str, path: Path) -> None:
    body = path.read_bytes()
    first = take_in(source(name), body, received_at=NOW)
    groups = Detection.objects.count()
    assert groups
    assert first.received == first.new + first.folded + first.skipped
    assert (first.set_aside, first.rejected) == (0, [])
    again = take_in(source(name), body, received_at=NOW)
    assert (again.received, again.new) == (first.received, 0)
    assert Detection.objects.count() == groups


def test_the_strangest_texts_can_be_stored() -> None:
    sign = '{"signature": "\\udfff\\u202e"}'
    odd = f'{{"event_type": "alert", "src_ip": "\\u0000\\ud800", "alert": {sign}}}'
    answer = take_in(source("suricata"), f"{odd}\n{{}}\n".encode() + b"\xff\n", received_at=NOW)
    assert (answer.received, answer.new, answer.set_aside) == (3, 1, 1)
    assert [fault.line for fault in answer.rejected] == [3]
    assert Detection.objects.get().title == "\ufffd\u202e"


def test_a_mail_whose_charset_holds_nul_is_read() -> None:
    body = (INTAKE / "arf/samples").iterdir()
    for sample in sorted(body):
        raw = sample.read_bytes().replace(b'charset="US-ASCII"', b'charset="US-\x8f\0\0I"')
        for message in source("arf").read(raw, NOW):
            assert "our reader failed" not in message.aside
