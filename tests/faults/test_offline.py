"""F36: with the network cut, the product starts, takes reports and answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boot.started import Copy

ALONE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
MAY_CUT = subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not MAY_CUT, reason="this machine lets nobody make a network namespace")
@pytest.mark.says(
    "S1-30", "klara av att hantera den stressade situation som en incident kan innebära"
)
def test_the_whole_thing_works_with_no_network_at_all(tmp_path: Path, copy_made: Copy) -> None:
    script = Path(__file__).with_name("offline.py")
    done = subprocess.run(
        [*ALONE, sys.executable, str(script), str(copy_made(tmp_path / "data"))],
        check=False, capture_output=True, text=True, timeout=150,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
