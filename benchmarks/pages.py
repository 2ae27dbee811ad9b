"""Asking for pages over HTTP as one who is signed in, one after the other over one connection."""

import json
import time
from typing import Any

from benchmarks.seed import run
from benchmarks.server import Server, cpu_seconds

WARM, TRIES = 10, 60


class Browser:
    """Signed in as the seeded reader, who sees a part of the organisation."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = server.client()
        self.cookie = {"Cookie": f"session={inside(server, 'session')}"}

    def read(self, path: str) -> bytes:
        self.client.request("GET", path, headers=self.cookie)
        answer = self.client.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} was answered {answer.status}")
        return content

    def get(self, path: str) -> float:
        """Seconds until the whole page was here."""
        start = time.perf_counter()
        self.read(path)
        return time.perf_counter() - start

    def times(self, path: str, tries: int = TRIES) -> tuple[list[float], float]:
        """Seconds of each try once warm, and the CPU milliseconds that one took."""
        for _ in range(WARM):
            self.get(path)
        before = cpu_seconds(self.server.process)
        found = [self.get(path) for _ in range(tries)]
        return found, (cpu_seconds(self.server.process) - before) * 1000 / tries


def inside(server: Server, *words: str) -> Any:
    """The answer of a job of `benchmarks.inside`."""
    return json.loads(run("benchmarks.inside", server.data, server.urls, *words))
