"""Every sample of ours through its source into the database: counted, and once only."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.test_json_sources import SAMPLES
from vardkase.detections.models import Detection
from vardkase.intake.batch import take_in
from vardkase.intake.letter import letter, parts
from vardkase.intake.registry import source

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
    part = b'--b\nContent-Type: text/plain; charset="a\0b"\n\n\xe5\n'
    mail = letter(b'Content-Type: multipart/mixed; boundary="b"\n\n' + part + b"--b--\n")
    assert [kind for _part, kind in parts(mail)] == ["multipart/mixed", "text/plain"]
