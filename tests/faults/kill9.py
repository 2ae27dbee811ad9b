"""`python -m tests.faults.kill9 [100]`: a whole instance killed again and again while machines
send to it. What was acknowledged is stored, every line of it, exactly once."""

import contextlib
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.boot.instances import SOURCE, Running, all_gone, environment, free_port, kill
from vardkase.config.processes import wait_until

CLIENTS, LINES = 4, 40
ROUND, LONG_ROUND = 3, 10  # kills between those of everything; in a run by command
BACK_SECONDS = 90  # until the web processes answer again, on a machine that is busy
URL = "/api/v1/detections?source=suricata"


@dataclass
class Result:
    kills: int
    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    retries: int = 0
    stored: dict[str, Any] = field(default_factory=dict)

    @property
    def lost(self) -> set[str]:
        return self.acknowledged - set(self.stored["marks"])

    @property
    def twice(self) -> int:
        return len(self.stored["marks"]) - len(set(self.stored["marks"]))

    @property
    def strange(self) -> set[str]:
        return set(self.stored["marks"]) - self.sent

    @property
    def told(self) -> str:
        return (
            f"{self.kills} kills: {len(self.acknowledged)} lines acknowledged, {self.retries} "
            f"retries, {len(self.stored['marks'])} stored; lost {len(self.lost)}, "
            f"twice {self.twice}, strange {len(self.strange)}, counted {self.stored['counted']}"
        )


def run(kills: int, data: Path, *, each: int = ROUND) -> Result:
    """On an instance that has been started once, or in a folder that is not there yet."""
    if not data.exists():
        with Running(data):
            pass
    token, result = json.loads(inside(data, "found")), Result(kills)
    where, done = [free_port()], threading.Event()
    clients = [
        threading.Thread(target=send, args=(result, token, where, done)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        left = kills
        while left:
            with Running(data) as instance:
                where[0] = instance.port
                left -= strike(instance, min(left, each))
    finally:
        done.set()
        for client in clients:
            client.join()
    result.stored = json.loads(inside(data, "stored"))
    return result


def strike(instance: Running, kills: int) -> int:
    """The web processes are killed, and come back by themselves; at last everything is."""
    for last in [False] * (kills - 1) + [True]:
        time.sleep(0.5 + random.random())  # noqa: S311
        family = instance.family()
        victims = [pid for pid, words in family.items() if last or "config.web" in words]
        for pid in victims:
            kill(pid)
        all_gone(victims)
        assert last or wait_until(instance.is_healthy, seconds=BACK_SECONDS, step=0.1)
    return kills


def send(result: Result, token: str, where: list[int], done: threading.Event) -> None:
    """Batch after batch, each with a key, the same again until it is acknowledged."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    while not done.is_set():
        marks = [f"mark-{uuid.uuid4()}" for _ in range(LINES)]
        result.sent.update(marks)
        body = b"\n".join(line(mark, n) for n, mark in enumerate(marks))
        key = {"Idempotency-Key": str(uuid.uuid4())}
        while not done.is_set():
            if status(where[0], body, headers | key) == 200:
                result.acknowledged.update(marks)
                break
            result.retries += 1
            time.sleep(0.05)


def status(port: int, body: bytes, headers: dict[str, str]) -> int:
    with contextlib.suppress(OSError, http.client.HTTPException):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        client.request("POST", URL, body, headers)
        answer = client.getresponse()
        answer.read()
        return answer.status
    return 0


def line(mark: str, number: int) -> bytes:
    alert = {"signature_id": 2_000_000 + number % 9, "signature": f"ET {number % 9}", "severity": 2}
    told = {"event_type": "alert", "src_ip": "10.0.0.1", "alert": alert, "community_id": mark}
    return json.dumps(told).encode()


def inside(data: Path, job: str) -> str:
    words = [sys.executable, "-m", "tests.faults.inside", str(data), job]
    root = SOURCE.parent
    given = environment() | {"PYTHONPATH": f"{SOURCE}:{root}"}
    return subprocess.run(words, capture_output=True, text=True, env=given, check=True).stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="vardkase-kill9-") as folder:
        kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
        found = run(kills, Path(folder) / "data", each=LONG_ROUND)
    print(found.told)  # noqa: T201
    sys.exit(bool(found.lost or found.twice or found.strange))
