"""`vardkase policy`: what is in force, and what is wrong with one's own files."""

import json
from pathlib import Path

import pytest

from vardkase.cli import main, policy


def call(tmp_path: Path, *words: str) -> int:
    parser, _ = main.parsers("policy")
    args = parser.parse_args(["policy", *words])
    args.data = tmp_path
    return policy.run(args)


def test_a_folder_without_faults_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy").mkdir()
    assert call(tmp_path, "check", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "findings": []}


def test_a_fault_is_named_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "roles.toml").write_text("id = \n", encoding="utf-8")
    assert call(tmp_path, "check") == 3
    said = capsys.readouterr().out
    assert "roles.toml:1: fault: The TOML cannot be read" in said
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    call(tmp_path, "check")
    assert "TOML går inte att läsa" in capsys.readouterr().out


def test_one_parameter_is_shown_as_of_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path, "show", "priority.matrix", "--at", "2026-11-22", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["version"]["value"][0][0] == 1
    assert shown["version"]["source"]


def test_every_parameter_can_be_shown_to_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path, "show", "--json") == 0
    for one in json.loads(capsys.readouterr().out):
        assert call(tmp_path, "show", one["id"]) == 0
        assert one["id"] in capsys.readouterr().out
    assert call(tmp_path, "show") == 0


@pytest.mark.parametrize("words", [("show", "nothing.here"), ("check", "/nowhere")])
def test_what_is_not_there_is_said_with_a_remedy(tmp_path: Path, words: tuple[str, str]) -> None:
    with pytest.raises(Exception, match="There is no"):
        call(tmp_path, *words)
