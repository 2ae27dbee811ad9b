"""A full disk, or no way to the database (F05): nothing acknowledged is lost, reading works where
it can, and no restart is needed."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.boot.instances import Running, kill
from tests.boot.started import Copy
from tests.faults.kill9 import inside
from vardkase.config.processes import wait_until


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """190 MB, of which an instance takes a third."""
    place = Path(tempfile.mkdtemp(prefix="vardkase-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=190m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S607
    place.rmdir()


@pytest.fixture
def data(small_disk: Path, copy_made: Copy) -> Path:
    """An instance with an organisation, where reports are taken."""
    made = copy_made(small_disk / "data")
    inside(made, "found")
    return made


def report(instance: Running, number: int) -> int:
    """The status of a report of text that cannot be compressed much."""
    what = f"nummer {number} " + os.urandom(4_000).hex()
    asked = Request(
        f"http://127.0.0.1:{instance.port}/api/v1/reports",
        json.dumps({"what": what}).encode(),
        {"Content-Type": "application/json", "X-Test": "1"},
    )
    try:
        with urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except OSError as refused:
        return int(getattr(refused, "code", 0))


def fill(disk: Path) -> Path:
    """Take all that is left of the disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return filler


def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path, data: Path) -> None:
    with Running(data) as instance:
        assert report(instance, 0) == 201
        filler = fill(small_disk)
        assert {report(instance, number) for number in range(1, 30)} == {503}
        assert instance.get("/rapportera")[0] == 200
        filler.unlink()
        assert report(instance, 99) == 201


def test_a_database_that_cannot_start_again_is_tried_until_it_can(
    tmp_path: Path, copy_made: Copy
) -> None:
    data = copy_made(tmp_path / "data")
    inside(data, "found")
    with Running(data) as instance:
        assert report(instance, 0) == 201
        kill(instance.member("bin/postgres"))
        (data / "postgres").chmod(0)  # before it is started again, half a second later
        instance.read_until("It could not start")
        assert instance.get("/rapportera")[0] == 503
        status, page = instance.get("/konto/login/")
        assert status < 500 or "Just nu kan inget sparas" in page
        assert report(instance, 1) == 503
        (data / "postgres").chmod(0o700)
        assert wait_until(lambda: report(instance, 99) == 201, seconds=30, step=0.5)
