"""`vardkase ingest`: files of messages, taken in once, whatever stops it."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from tests.detections.sources import TALK, messages_kept
from tests.shared import SHARED
from vardkase.cli import ingest, main
from vardkase.detections.models import Detection, FileMark
from vardkase.intake import files, registry
from vardkase.intake.files import Reader, is_one_document
from vardkase.lib.trouble import Trouble

pytestmark = pytest.mark.django_db
type Call = Callable[..., dict[str, Any]]
SURICATA = SHARED / "data/detectors/suricata"


@pytest.fixture(autouse=True)
def talk(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = type("folder", (), {"SOURCE": TALK})
    known = registry.modules() | {"talk": folder}
    monkeypatch.setattr(registry, "modules", lambda: known)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str, source: str = "talk") -> dict[str, Any]:
        parser, _ = main.parsers("ingest")
        args = parser.parse_args(["ingest", "--source", source, *words, "--json"])
        code = ingest.run(args)
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert code == (4 if found["rejected"] else 0)
        return found

    return run


def rows(count: int, start: int = 0) -> bytes:
    return b"".join(b'{"rule":"r%d"}\n' % (k % 7) for k in range(start, start + count))


def numbers(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["received"], found["new"], found["folded"]


def test_a_file_is_taken_in_once_and_goes_on_where_it_was_left(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "talk.log"
    file.write_bytes(rows(5_000) + b"{broken\n")
    first = call(str(file))
    assert numbers(first) == (5_001, 7, 4_993)
    assert first["rejected"] == [{"line": 5_001, "error": "is not JSON"}]
    assert numbers(call(str(file))) == (0, 0, 0)
    with file.open("ab") as more:
        more.write(rows(3))
    assert numbers(call(str(file))) == (3, 0, 3)
    assert numbers(call(str(file), "--again")) == (5_004, 0, 5_003)


def test_what_stops_the_reading_takes_nothing_twice(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "talk.log"
    file.write_bytes(rows(10_000))
    stored, count = files.store, 0

    def breaking(batch: Any) -> set[bytes]:
        nonlocal count
        count += 1
        found = stored(batch)
        if count == 3:
            raise OperationalError("gone")  # after it was written, before it was committed
        return found

    monkeypatch.setattr(files, "store", breaking)
    with pytest.raises(OperationalError):
        call(str(file))
    assert messages_kept() == FileMark.objects.get().messages == 4_000
    assert numbers(call(str(file)))[0] == 6_000
    assert messages_kept() == 10_000


def test_another_file_in_the_same_place_begins_anew(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "talk.log"
    file.write_bytes(rows(10))
    call(str(file))
    file.write_bytes(b'{"rule":"other"}\n' * 12)  # the same inode
    assert numbers(call(str(file))) == (12, 1, 11)


def test_a_packed_file_and_one_without_a_last_end(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "talk.log.gz"
    file.write_bytes(gzip.compress(rows(2_500)[:-1]))
    assert numbers(call(str(file)))[0] == 2_500
    assert numbers(call(str(file)))[0] == 0


def test_a_growing_file_is_read_to_its_last_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "talk.log"
    file.write_bytes(b'{"rule":"a"}\n{"ru')
    reader = Reader(TALK, file)
    ingest.take_in(reader, growing=True)
    assert reader.told.received == 1
    with file.open("ab") as more:
        more.write(b'le":"b"}\n')
    ingest.take_in(reader, growing=True)
    assert (reader.told.received, reader.told.new) == (2, 2)
    file.rename(tmp_path / "talk.log.1")
    file.write_bytes(rows(4))
    assert reader.has_moved()
    left = ingest.followed(reader, reader.told)
    assert left is reader, "what is written last into the old file is read first"
    after = ingest.followed(reader, reader.told)
    ingest.take_in(after, growing=True)
    assert after.told.received == 4


@pytest.mark.parametrize(
    ("head", "whole"),
    [
        (b'{"a":1}\n{"a":2}', False), (b'{\n "a": 1}', True), (b"[{", True), (b"<?xml", True),
        (b"<34>Oct 1", False), (b"", False), (b"#fields", False),
        (b"[2026-11-20 08:00:00] x", False),
        (b"[**] [1:1:1] x", False),
    ],
)  # fmt: skip
def test_what_is_one_document(head: bytes, whole: bool) -> None:
    assert is_one_document(head) is whole


def test_an_unknown_source_is_told_the_names(call: Call, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        call(str(tmp_path), source="telepathy")
    assert "talk" in told.value.fix
    with pytest.raises(Trouble):
        call(str(tmp_path / "nothing.log"))


def test_the_suricata_replay_is_136_groups(call: Call) -> None:
    file = str(SURICATA / "first-org.replayed.derived.eve.ndjson")
    assert numbers(call(file, source="suricata")) == (406, 136, 270)
    assert numbers(call(file, "--again", source="suricata")) == (406, 0, 406)
    assert Detection.objects.count() == 136


def test_an_array_in_a_file_is_taken_whole(call: Call) -> None:
    file = str(SURICATA / "wrccdc-2017.array.json")
    assert call(file, source="suricata")["received"] > 100
    assert call(file, source="suricata")["received"] == 0
