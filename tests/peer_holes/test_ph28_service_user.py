"""PH28, from the service's user to root: Zammad CVE-2026-102490 (code that it could write)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

UNIT = ROOT / "deploy" / "vardkase.service"
WORST = 2.0  # of systemd's own scale from 0, best, to 10


def setting(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_the_service_well_confined() -> None:
    answer = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)],  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", answer.stdout)
    assert found, answer.stdout + answer.stderr
    assert float(found[1]) <= WORST


def test_the_service_writes_its_data_and_none_of_its_code() -> None:
    (command,) = setting("ExecStart")
    code, data = command.split()[0], setting("StateDirectory")
    assert setting("User") not in ([], ["root"])
    assert setting("ProtectSystem") == ["strict"]
    assert not setting("ReadWritePaths")
    assert data == ["vardkase"]
    assert not code.startswith("/var/lib/")


def test_the_service_gains_no_right_and_calls_nobody() -> None:
    assert setting("NoNewPrivileges") == ["yes"]
    assert setting("CapabilityBoundingSet") == [""]
    assert setting("IPAddressDeny") == ["any"]
    assert not [line for line in setting("ExecStartPre") if line.startswith(("+", "!"))]


def test_nothing_that_we_ship_runs_as_somebody_else() -> None:
    """No file is set-uid, and none is open for everybody to write."""
    for top in ("src", "deploy"):
        for folder, _, names in os.walk(ROOT / top):
            for name in names:
                mode = (Path(folder) / name).stat().st_mode
                assert not mode & 0o6002, f"{folder}/{name}"
