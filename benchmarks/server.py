"""The product as it runs in production (two web processes), on a seeded instance."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vardkase.config.database import Urls, running
from vardkase.config.instance import environment

READY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server and its database."""

    port: int
    process: int
    data: Path
    urls: Urls

    def client(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Server]:
    """Start two web processes on `data`, and stop them."""
    with running(data) as urls:
        port = free_port()
        given = environment(data, urls) | {"VARDKASE_PORT": str(port), "VARDKASE_WORKERS": "2"}
        web = subprocess.Popen(
            [sys.executable, "-m", "vardkase.config.web"], env=os.environ | given
        )
        try:
            server = Server(port, web.pid, data, urls)
            wait_for(server)
            yield server
        finally:
            web.terminate()
            web.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(server: Server) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            client = server.client()
            client.request("GET", "/health")
            if client.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise SystemExit("the server did not start")


def cpu_seconds(process: int) -> float:
    """User and system time of a process and its children that live."""
    total = 0.0
    for pid in [process, *children(process)]:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(pid) for pid in found]


def in_parallel(count: int, seconds: float, make: Callable[[], Callable[[], None]]) -> list[float]:
    """Let `count` threads each repeat the deed that `make` gives it; the time of each deed."""
    times: list[list[float]] = [[] for _ in range(count)]
    end = time.monotonic() + seconds

    def work(mine: list[float]) -> None:
        deed = make()
        while (start := time.monotonic()) < end:
            deed()
            mine.append(time.monotonic() - start)

    threads = [threading.Thread(target=work, args=(t,)) for t in times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [t for mine in times for t in mine]
