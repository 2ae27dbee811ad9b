"""F01: whatever is killed, what a sender was told is stored, and once."""

from pathlib import Path

from tests.boot.started import Copy
from tests.faults.kill9 import run

KILLS = 5  # `python -m tests.faults.kill9 100` takes its time


def test_what_was_acknowledged_is_stored_exactly_once(tmp_path: Path, copy_made: Copy) -> None:
    result = run(KILLS, copy_made(tmp_path / "data"))
    assert result.acknowledged, "nothing was sent"
    assert (result.lost, result.twice, result.strange) == (set(), 0, set()), result.told
    assert result.stored["counted"] == result.stored["hourly"] == len(result.stored["marks"])
