"""Each fuzz target runs briefly here; `python -m tests.fuzz.fuzz_json NAME` runs it for long."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 3
NAMES = ["suricata", "wazuh", "alertmanager", "cowrie", "ecs", "defender", "sentinel", "asff",
         "nmap", "openvas", "trivy", "zap", "json:example",
         "snort-fast", "zeek", "cef", "leef", "syslog", "keyvalue", "arf", "xarf"]  # fmt: skip
PYTHON = os.environ.get("FUZZ_PYTHON", sys.executable)  # one that has atheris


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None and sys.executable == PYTHON,
    reason="atheris is not installed here; FUZZ_PYTHON may name a Python that has it",
)
@pytest.mark.parametrize("name", NAMES)
def test_a_brief_run_finds_nothing(name: str) -> None:
    command = [PYTHON, "-m", "tests.fuzz.fuzz_json", name, f"-max_total_time={SECONDS}"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, timeout=120
    )
    told = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, told[-3000:]
    assert "Done " in told


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None and sys.executable == PYTHON,
    reason="atheris is not installed here; FUZZ_PYTHON may name a Python that has it",
)
def test_a_brief_run_of_mail_finds_nothing() -> None:
    command = [PYTHON, "-m", "tests.fuzz.fuzz_mail", f"-max_total_time={SECONDS}"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
