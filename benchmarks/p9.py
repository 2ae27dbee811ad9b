"""P9: the whole product idle beside PostgreSQL, and its second start."""

import contextlib
import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_most
from benchmarks.seed import ensure
from benchmarks.server import children, free_port

MEMORY, START, SETTLE = 300.0, 3.0, 5.0  # MB, s, s


def run(folder: Path, rows: int) -> Iterator[Figure]:
    data = ensure(folder, 1_000)
    with started(data) as (process, seconds):
        yield at_most("P9 second start", seconds, "s", START)
        time.sleep(SETTLE)
        yield at_most("P9 idle, without PostgreSQL", memory(process), "MB PSS", MEMORY)


@contextlib.contextmanager
def started(data: Path) -> Iterator[tuple[int, float]]:
    """The supervisor's process, and the seconds until the first answer."""
    port, begun = free_port(), time.monotonic()
    command = [sys.executable, "-m", "vardkase.cli.main", "--data", str(data), "start"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(port):
            time.sleep(0.01)
        yield process.pid, time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def answers(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/health")
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


def memory(process: int) -> float:
    """Proportional set size in MB of the process and all below it, PostgreSQL left out."""
    total, found = 0.0, [process]
    while found:
        pid = found.pop()
        found += children(pid)
        if "postgres" not in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")[:200]:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024
    return total
