"""P1: batches of 2,000 alarms over HTTP, folded and durable before the answer, against bare COPY
of the same bytes; and single alarms against single INSERTs. All by the same Python client."""

import http.client
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from benchmarks.alarms import BATCH, batches
from benchmarks.figure import Figure, at_most, p95
from benchmarks.pages import inside
from benchmarks.seed import ensure
from benchmarks.server import Server, cpu_seconds, in_parallel, serving

SECONDS, TURNS, CONNECTIONS, FEW, MANY = 3.0, 4, 4, 272, 20_000
SINGLE, SINGLE_SECONDS = 8, 6.0
FLOOD, FLOOD_SECONDS = 80, 20.0  # connections that never wait
SHARE, SINGLE_SHARE = 0.5, 0.06
URL = "/api/v1/detections?source=suricata"
MADE = "CREATE TABLE bench_copy (at timestamptz DEFAULT now(), body bytea)"


def run(folder: Path, rows: int) -> Iterator[Figure]:
    data = ensure(folder, 1_000)
    with serving(data) as server:
        token = str(inside(server, "integration"))
        for groups in (FEW, MANY):
            yield from many(server, token, groups)
        yield single(server, token)
        yield from flooded(server, token)


def many(server: Server, token: str, groups: int) -> Iterator[Figure]:
    """Against a COPY over one connection, and over as many as the senders have; by turns, for a
    machine that others use too is not as fast now as it was."""
    bodies = batches(groups)
    in_parallel(CONNECTIONS, 1.0, lambda: sender(server, token, bodies))
    limits, rate, cpu = {1: 0.0, CONNECTIONS: 0.0}, 0.0, 0.0
    for _ in range(TURNS):
        for n in limits:
            limits[n] += copies(server, bodies, connections=n, seconds=SECONDS / 2) / TURNS
        before = cpu_seconds(server.process)
        times = in_parallel(CONNECTIONS, SECONDS, lambda: sender(server, token, bodies))
        cpu += (cpu_seconds(server.process) - before) * 1000 / len(times) / TURNS
        rate += len(times) * BATCH / SECONDS / TURNS
    for connections, limit in limits.items():
        yield Figure(
            goal=f"P1 {groups:,} groups, COPY by {connections}", figure=rate, unit="alarms/s",
            limit=limit, ratio=rate / limit, holds=rate / limit >= SHARE, cpu_ms=cpu,
        )  # fmt: skip


def single(server: Server, token: str) -> Figure:
    lines = batches(FEW)[0].split(b"\n")
    limit = inserts(server, lines)
    before = cpu_seconds(server.process)
    times = in_parallel(SINGLE, SINGLE_SECONDS, lambda: sender(server, token, lines))
    cpu = (cpu_seconds(server.process) - before) * 1000 / len(times)
    rate = len(times) / SINGLE_SECONDS
    return Figure(
        goal=f"P1 single, p95 {p95(times) * 1000:.0f} ms", figure=rate, unit="alarms/s",
        limit=limit, ratio=rate / limit, holds=rate / limit >= SINGLE_SHARE, cpu_ms=cpu,
    )  # fmt: skip


def flooded(server: Server, token: str) -> Iterator[Figure]:
    """The report form while ten times as many batches come as can be taken."""
    before, client = stored(server), server.client()
    words = [server.port, token, FLOOD_SECONDS, FLOOD]
    command = [sys.executable, "-m", "benchmarks.flood", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as flood:
        time.sleep(3)  # until all its connections are at it
        times, end = [], time.monotonic() + FLOOD_SECONDS - 5
        while time.monotonic() < end:
            times.append(form(client))
            time.sleep(0.1)
        told = json.loads(flood.communicate()[0])
    missing = told["lines"] - (stored(server) - before)
    yield at_most(f"P1 form's p95, {told.get('later', 0)} told to wait", p95(times), "s", 1.0)
    yield at_most(f"P1 of {told['lines']:,} taken, not stored", missing, "alarms", 0.5)


def form(client: http.client.HTTPConnection) -> float:
    """Seconds until the public form was here."""
    begun = time.monotonic()
    client.request("GET", "/rapportera")
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"the form was answered {answer.status}")
    return time.monotonic() - begun


def stored(server: Server) -> int:
    with psycopg.connect(server.urls.owner, autocommit=True) as connection:
        row = connection.execute("SELECT coalesce(sum(count), 0) FROM detections_detection")
        return int(row.fetchone()[0])  # type: ignore[index]


def sender(server: Server, token: str, bodies: list[bytes]) -> Callable[[], None]:
    """Sends one body after the other over one connection."""
    client, turn = server.client(), itertools.cycle(bodies)
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {token}"}

    def send() -> None:
        client.request("POST", URL, next(turn), headers)
        answer = client.getresponse()
        content = answer.read()
        told = json.loads(content)
        if answer.status != 200 or told["new"] + told["folded"] != told["received"]:
            raise SystemExit(f"a batch was answered {answer.status}: {content[:200]!r}")

    return send


def copies(server: Server, bodies: list[bytes], *, connections: int, seconds: float) -> float:
    """Lines a second, copied into a bare table and committed batch by batch."""
    ready = [escaped(body) for body in bodies]

    def make() -> Callable[[], None]:
        connection = psycopg.connect(server.urls.owner, autocommit=True)
        turn = itertools.cycle(ready)

        def copy() -> None:
            with connection.cursor().copy("COPY bench_copy (body) FROM STDIN") as target:
                target.write(next(turn))

        return copy

    with table(server, MADE):
        return len(in_parallel(connections, seconds, make)) * BATCH / seconds


def inserts(server: Server, lines: list[bytes]) -> float:
    """Single INSERTs a second of the same lines, each committed."""

    def make() -> Callable[[], None]:
        connection, turn = (
            psycopg.connect(server.urls.owner, autocommit=True),
            itertools.cycle(lines),
        )

        def insert() -> None:
            connection.execute("INSERT INTO bench_copy (body) VALUES (%s)", [next(turn)])

        return insert

    with table(server, MADE):
        return len(in_parallel(SINGLE, SINGLE_SECONDS, make)) / SINGLE_SECONDS


def escaped(body: bytes) -> bytes:
    return body.replace(b"\\", b"\\\\") + b"\n"


class table:
    """A table that is there meanwhile."""

    def __init__(self, server: Server, made: str) -> None:
        self.server, self.made = server, made

    def __enter__(self) -> None:
        with psycopg.connect(self.server.urls.owner, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS bench_copy")
            connection.execute(self.made)  # type: ignore[call-overload]

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self.server.urls.owner, autocommit=True) as connection:
            connection.execute("DROP TABLE bench_copy")
