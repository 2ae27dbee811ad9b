"""PH29, a restore that loses rights: CISO Assistant b70e5f8b6. Same roles, labels, seal, matrix."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vardkase.config.database import running

from .instances import vardkase

MATRIX = "delegation.toml"
WHO = "SELECT person_id, role, unit_id, labels, until, confirmed_by FROM organisation_grant"
CASES = "SELECT number, sealed, labels, members, conflicts, unit_id FROM events_event"
HEADS = "SELECT key, length, head FROM decisionlog_chain"


def rights(data: Path) -> list[object]:
    """All that decides who may do what, and the end of every log."""
    with running(data) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        return [sorted(map(repr, connection.execute(sql))) for sql in (WHO, CASES, HEADS)]  # type: ignore[arg-type]


def shown(data: Path) -> object:
    answer = vardkase(data, "policy", "show", "delegation", "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def own_policy(made: Path) -> Iterator[Path]:
    """An organisation that has taken a mandate away: a restore must not give it back."""
    ours = Path(__file__).parents[2] / "src/vardkase/policy/data" / MATRIX
    text = ours.read_text(encoding="utf-8")
    without = text.replace('  "export.made",\n', "", 1)
    (made / "policy").mkdir(exist_ok=True)
    (made / "policy" / MATRIX).write_text(without, encoding="utf-8")
    yield made
    (made / "policy" / MATRIX).unlink()


@pytest.fixture(scope="module")
def backup(own_policy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kept") / "x.backup"
    assert vardkase(own_policy, "backup", str(file)).returncode == 0
    return file


def test_a_restored_instance_gives_nobody_more_and_nobody_less(
    own_policy: Path, backup: Path, tmp_path: Path
) -> None:
    into = tmp_path / "new" / "data"
    answer = vardkase(tmp_path, "restore", str(backup), "--into", str(into), "--json")
    assert json.loads(answer.stdout)["log_is_whole"] is True
    assert rights(into) == rights(own_policy)
    assert shown(into) == shown(own_policy)


def test_a_restore_that_breaks_off_leaves_no_half_of_an_instance(
    backup: Path, tmp_path: Path
) -> None:
    """All or nothing: rows without their rights would be open to whoever starts it."""
    into, whole = tmp_path / "new", backup.read_bytes()
    for part in (3, 50, 90):
        cut = tmp_path / f"{part}.backup"
        cut.write_bytes(whole[: len(whole) * part // 100])
        assert vardkase(tmp_path, "restore", str(cut), "--into", str(into)).returncode == 1
        assert not into.exists()
