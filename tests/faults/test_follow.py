"""A file that grows and is rotated is followed by a process that is killed and begun again: every
line of it is stored, and once."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.kill9 import line
from tests.faults.test_log import ROOT, address, wait_for_the_server_to_notice
from vardkase.config.processes import wait_until
from vardkase.detections.models import Raw

FIRST, LINES, ROTATED = 100, 1_200, (300, 800, 1_000)  # lines; after how many it is renamed


def write(file: Path, begun: threading.Event) -> None:
    """As a sensor writes: it keeps a renamed file for a moment before it opens a new one."""
    log = file.open("ab", buffering=0)
    for number in range(LINES):
        if number == FIRST:
            begun.wait(60)
        if number in ROTATED:
            file.rename(file.with_name(f"eve.json.{number}"))
        if number - 5 in ROTATED:
            log.close()
            log = file.open("ab", buffering=0)
        told = line(f"mark-{number}", number)
        log.write(told[:40])
        log.write(told[40:] + b"\n")
        time.sleep(0.004)
    log.close()


@contextmanager
def following(file: Path) -> Iterator[None]:
    environment = os.environ | {"DATABASE_URL": address(), "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    words = [sys.executable, "-m", "tests.faults.follower", str(file)]
    with subprocess.Popen(words, env=environment, cwd=ROOT) as follower:
        try:
            yield
        finally:
            follower.kill()


def stored() -> Counter[str]:
    messages = (each for row in Raw.objects.all() for each in row.messages)
    return Counter(json.loads(each)["community_id"] for each in messages)


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_the_reader_is_killed_is_read_once(tmp_path: Path) -> None:
    file, begun = tmp_path / "eve.json", threading.Event()
    file.touch()
    writer = threading.Thread(target=write, args=(file, begun))
    writer.start()
    with following(file):
        assert wait_until(lambda: len(stored()) == FIRST, seconds=60, step=0.1)
        begun.set()
        assert wait_until(lambda: len(stored()) > ROTATED[0], seconds=60, step=0.1)
    wait_for_the_server_to_notice()
    assert sum(stored().values()) < LINES, "killed in the middle"
    writer.join()
    with following(file):
        assert wait_until(lambda: len(stored()) == LINES, seconds=60, step=0.1), len(stored())
    assert set(stored().values()) == {1}
