"""Out and in again: a backup holds everything, and only a whole one becomes an instance (F30)."""

import io
import json
import shutil
import tarfile
from pathlib import Path

import psycopg
import pytest

from vardkase.config.backup import rights
from vardkase.config.database import running

from .instances import Running, vardkase

EVIDENCE = "files/ab/ab0123"


@pytest.fixture(scope="module")
def kept(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an instance with a file and a policy of its own, taken while it runs."""
    (made / EVIDENCE).parent.mkdir(parents=True, exist_ok=True)
    (made / EVIDENCE).write_bytes(b"bevis" * 1000)
    (made / "files" / "incoming" / "half").write_text("half a file is nobody's")
    (made / "policy" / "README").write_text("vår egen\n")
    file = tmp_path_factory.mktemp("kept") / "vardkase.backup"
    with Running(made) as instance:
        instance.read_until("/start/")
        answer = vardkase(made, "backup", str(file), "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["parts"] == 4
    return file


def contents(data: Path) -> dict[str, str]:
    """Every table with a fingerprint of its rows, whatever their order.

    But for where the worker writes its rounds: it went on after the backup was taken.
    """
    with running(data) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        named = connection.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN ('lib_beat', 'decisionlog_fresh')"
        ).fetchall()
        question = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t"
        return {
            name: str(connection.execute(question.format(f'"{name}"')).fetchone())
            for (name,) in named
        }


def test_what_went_out_comes_in_again(made: Path, kept: Path, tmp_path: Path) -> None:
    """PH29: CISO Assistant b70e5f8b6, where a restore lost who might do what."""
    into = tmp_path / "new" / "data"
    answer = vardkase(tmp_path, "restore", str(kept), "--into", str(into), "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["log_is_whole"] is True
    assert contents(into) == contents(made)
    assert {p.name for p in into.parent.iterdir()} == {"data"}
    for part in (EVIDENCE, "policy/README", "keys/secret_key"):
        assert (into / part).read_bytes() == (made / part).read_bytes()
    assert (into / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not list((into / "files" / "incoming").iterdir())
    with running(into) as new, running(made) as old:
        assert rights(new) == rights(old)
        assert rights(new)["decisionlog_entry"] == ["SELECT", "INSERT"]
    assert "/start/" in vardkase(into, "setup-link").stdout


def test_nothing_is_written_over(made: Path, kept: Path, tmp_path: Path) -> None:
    over = vardkase(tmp_path, "restore", str(kept), "--into", str(made))
    assert over.returncode == 1
    assert "is not empty" in over.stderr
    again = vardkase(made, "backup", str(kept))
    assert again.returncode == 1
    assert "is there already" in again.stderr


def refused(file: Path, tmp_path: Path) -> str:
    """What a restore of a bad file says; it leaves nothing."""
    answer = vardkase(tmp_path, "restore", str(file), "--into", str(tmp_path / "new"))
    assert answer.returncode == 1
    assert "Fix:" in answer.stderr
    assert [p.name for p in tmp_path.iterdir()] == [file.name]
    return answer.stderr


def test_a_changed_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "changed"
    whole = bytearray(kept.read_bytes())
    whole[whole.index(b"bevisbevis")] = ord("B")
    file.write_bytes(whole)
    assert f"has been changed: {EVIDENCE}" in refused(file, tmp_path)


def test_a_backup_that_was_cut_off_is_refused(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut"
    file.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    said = refused(file, tmp_path)
    assert "cannot be read as a backup" in said or "manifest is missing" in said


def test_a_part_that_points_out_of_the_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "slip"
    shutil.copy(kept, file)
    with tarfile.open(file, "a") as tar:
        entry = tarfile.TarInfo("../outside")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    assert "points out of the backup" in refused(file, tmp_path)
    assert not (tmp_path.parent / "outside").exists()
