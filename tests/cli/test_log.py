"""`vardkase log`: what the operator and the auditor see, and that the two checks agree."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.decisionlog.conftest import decide, erase, tampering
from vardkase.access.actor import Actor
from vardkase.cli import log, main
from vardkase.decisionlog.models import Chain, Entry, Payload
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Unit
from vardkase.workflow.report import report

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_log.py"

type Call = Callable[..., int]


@pytest.fixture
def call(region: Unit) -> Call:
    """Run `vardkase log ...` on the suite's database."""

    def run(*words: str) -> int:
        parser, _ = main.parsers("log")
        return log.run(parser.parse_args(["log", *words]))

    return run


@pytest.fixture
def number(region: Unit) -> str:
    """A case with a log of three entries."""
    made = report(Report(what="x"), by=Actor.reporter(NOW), at=NOW).number
    decide(made, 2)
    return made


def entry(number: str, place: int) -> Any:
    return Entry.objects.filter(chain=number, place=place)


@pytest.mark.usefixtures("number")
def test_a_whole_log_is_said_to_be_whole(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("verify", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "entries": 3, "faults": []}


def test_a_fault_names_the_case_the_place_and_what_to_do(
    call: Call, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with tampering():
        entry(number, 2).update(kind="case.decided")
    assert call("verify", "--json") == 3
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["entries"]) == (False, 3)
    (fault,) = answer["faults"]
    assert fault.startswith(f"{number}: entry 2 was changed")
    assert "Compare with the last good backup" in fault


def test_the_operator_reads_it_in_his_own_language(
    call: Call, number: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(entry(number, 3))
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    assert call("verify") == 3
    assert "loggen ska sluta med post 3" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    call("verify", "--case", number)
    assert "2 entries checked: the log is not whole" in capsys.readouterr().out


def test_a_number_that_no_case_has_is_a_wrong_number(call: Call, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no case 2099-1"):
        call("verify", "--case", "2099-1")


def audited(path: Path) -> tuple[int, list[str]]:
    """What the auditor's own program says, run without us on his machine."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not found.stderr
    return found.returncode, found.stdout.splitlines()


def change_content(number: str) -> None:
    with tampering():
        Payload.objects.filter(entry=entry(number, 2).get()).update(content="{}")


def change_salt(number: str) -> None:
    with tampering():
        Payload.objects.filter(entry=entry(number, 2).get()).update(salt="no hex")


def drop_content(number: str) -> None:
    with tampering():
        Payload.objects.filter(entry=entry(number, 2).get())._raw_delete(using="default")  # type: ignore[attr-defined]


def change_entry(number: str) -> None:
    with tampering():
        entry(number, 2).update(by="p99")


def swap(number: str) -> None:
    with tampering():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            entry(number, old).update(place=new)


def unregister(number: str) -> None:
    with tampering():
        Chain.objects.filter(key=number)._raw_delete(using="default")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "attack",
    [
        change_content,
        change_salt,
        drop_content,
        change_entry,
        swap,
        unregister,
        lambda number: erase(entry(number, 1)),
        lambda number: erase(entry(number, 2)),
        lambda number: erase(entry(number, 3)),
        lambda number: erase(Entry.objects.filter(chain=number)),
    ],
    ids=lambda f: f.__name__,
)
def test_the_auditor_s_own_check_finds_what_ours_finds(
    call: Call, number: str, tmp_path: Path, attack: Callable[[str], None]
) -> None:
    decide("room:x", 2)
    whole = tmp_path / "whole.jsonl"
    assert (call("export", str(whole)), audited(whole)) == (0, (0, ["The log is whole."]))
    attack(number)
    broken = tmp_path / "broken.jsonl"
    call("export", str(broken))
    code, said = audited(broken)
    places = {(f.chain, f.place) for f in verify().faults}
    assert code == 3
    assert {line.split(":")[0] for line in said[:-1]} == {
        f"{chain}, entry {place}" for chain, place in places
    }


def test_a_file_cut_off_is_no_whole_log(call: Call, number: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    call("export", str(path))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for kept in (lines[:-1], lines[:-2], lines[1:], []):
        path.write_text("".join(kept), encoding="utf-8")
        assert audited(path)[0] == 3


def test_taking_the_log_out_leaves_an_entry_first(call: Call, number: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    call("export", str(path), "--case", number)
    (made,) = Entry.objects.filter(chain="room:decisionlog")
    assert (made.kind, made.by) == ("log.exported", "system")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Event.objects.count() == 1
    with pytest.raises(Exception, match="cannot be written"):
        call("export", str(path))


def test_the_auditor_s_program_is_short_enough_to_read() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 120
    assert "vardkase." not in source


PLACES = ("--data /x log verify", "log --data /x verify", "log verify --data /x")


@pytest.mark.parametrize("words", PLACES)
def test_the_folder_may_be_named_anywhere(words: str) -> None:
    assert main.chosen(words.split()) == ("log", Path("/x"), ["verify"])
