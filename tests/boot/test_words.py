"""What start, backup and restore say in the operator's language, and of a broken policy."""

from pathlib import Path

import pytest

from .instances import vardkase

SWEDISH = {"LANG": "sv_SE.UTF-8"}
BROKEN = 'id = "priority.matrix"\nunit = [\n'


def test_a_broken_policy_stops_the_start_with_file_line_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "data" / "policy" / "priority" / "matrix.toml"
    file.parent.mkdir(parents=True)
    file.write_text(BROKEN)
    answer = vardkase(tmp_path / "data", "start")
    assert answer.returncode == 1
    assert f"{file}:" in answer.stderr
    assert "The TOML cannot be read" in answer.stderr
    assert f"Fix: vardkase --data {tmp_path / 'data'} policy check" in answer.stderr
    assert not (tmp_path / "data" / "postgres").exists(), "stopped before anything was made"


def test_many_faults_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "policy"
    folder.mkdir(parents=True)
    for n in range(8):
        (folder / f"rule_{n}.toml").write_text("id = [\n")
    answer = vardkase(tmp_path / "data", "start", **SWEDISH)
    assert answer.returncode == 1
    assert "Organisationens egna policyfiler går inte att använda." in answer.stderr
    assert answer.stderr.count("TOML går inte att läsa") == 5
    assert "och 3 till" in answer.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("restore", "{place}/none", "--into", "{place}/new"), "{place}/none finns inte."),
        (("restore", "{place}/none", "--into", "{place}"), "{place} är inte tom."),
        (("backup", "{place}/b"), "Det finns ingen instans i {place}/data."),
    ],
)
def test_it_speaks_swedish_to_whoever_does(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "here").touch()
    called = [word.format(place=tmp_path) for word in words]
    answer = vardkase(tmp_path / "data", *called, **SWEDISH)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Fel: {said.format(place=tmp_path)}")
    assert "\n  Åtgärd: " in answer.stderr


def test_a_backup_says_in_swedish_what_it_holds(made: Path, tmp_path: Path) -> None:
    answer = vardkase(made, "backup", str(tmp_path / "b"), **SWEDISH)
    assert answer.returncode == 0, answer.stderr
    assert "delar kontrollerade" not in answer.stdout
    assert " delar, " in answer.stdout
    assert "Den som har den har allt." in answer.stderr
