"""The fuzz targets run briefly here; `python -m tests.fuzz.fuzz_json NAME` runs one for long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 2

pytest.importorskip("atheris", reason="has no build for this Python or machine")


@pytest.mark.parametrize("target", [("fuzz_json", "all"), ("fuzz_mail",)], ids=" ".join)
def test_a_brief_run_finds_nothing(target: tuple[str, ...], tmp_path: Path) -> None:
    module, *words = target
    words += [f"-max_total_time={SECONDS}", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", f"tests.fuzz.{module}", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, timeout=120
    )
    told = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, done.stdout.decode()[-2000:] + told[-1000:]
    assert "Done " in told
