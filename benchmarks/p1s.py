"""P1, syslog: lines a second over TCP, from the first byte to the last line in the database, and
none lost after the connection has closed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks.figure import Figure
from benchmarks.seed import ensure
from benchmarks.server import cpu_seconds, free_port
from vardkase.config.database import Urls, running
from vardkase.config.instance import environment

LINES, WARM, LIMIT = 200_000, 4_000, 20_000
LINE = (
    "<86>Nov 20 08:%02d:%02d host%d sshd[%d]: Failed password for root "
    "from 10.0.%d.%d port %d ssh2\n"
)
HOSTS = 40


def run(folder: Path, rows: int) -> Iterator[Figure]:
    data = ensure(folder, 1_000)
    with running(data) as urls, listening(data, urls) as (port, process):
        cold = counted(urls)
        pour(port, WARM)
        arrived(urls, cold, WARM)
        before, cpu = counted(urls), cpu_seconds(process)
        began = time.monotonic()
        pour(port, LINES)
        lost = LINES - arrived(urls, before, LINES)
        seconds = time.monotonic() - began
        spent = (cpu_seconds(process) - cpu) * 1000 / LINES
    rate = (LINES - lost) / seconds
    yield Figure(
        goal=f"P1 syslog, {lost} lost, {spent * 1000:.0f} us CPU each", figure=rate,
        unit="lines/s", limit=LIMIT,
        ratio=rate / LIMIT, holds=rate >= LIMIT and not lost, cpu_ms=spent,
    )  # fmt: skip


@contextlib.contextmanager
def listening(data: Path, urls: Urls) -> Iterator[tuple[int, int]]:
    port = free_port()
    given = environment(data, urls) | {"VARDKASE_LISTEN": f"tcp://127.0.0.1:{port}"}
    words = [sys.executable, "-m", "vardkase.intake.listen.process"]
    child = subprocess.Popen(words, env=os.environ | given)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield port, child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


def pour(port: int, number: int) -> None:
    """Send so many lines, and wait until the other side has read them and hung up."""
    with socket.create_connection(("127.0.0.1", port)) as sender:
        for start in range(0, number, 2_000):
            sender.sendall(b"".join(map(line, range(start, min(start + 2_000, number)))))
        sender.shutdown(socket.SHUT_WR)
        sender.recv(1)


def line(n: int) -> bytes:
    told = (n // 60 % 60, n % 60, n % HOSTS, n, n % 7, n % HOSTS, n % 60_000)
    return (LINE % told).encode()


def counted(urls: Urls) -> int:
    with psycopg.connect(urls.owner) as connection:
        row = connection.execute("SELECT coalesce(sum(count), 0) FROM detections_detection")
        return int((row.fetchone() or (0,))[0])


def arrived(urls: Urls, before: int, expected: int) -> int:
    """How many have come since `before`, once all have, or nothing has come for two seconds."""
    found, since = counted(urls) - before, time.monotonic()
    while found < expected and time.monotonic() - since < 2:
        time.sleep(0.1)
        now = counted(urls) - before
        if now != found:
            found, since = now, time.monotonic()
    return found
