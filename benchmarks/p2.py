"""P2: one report a request, the full verb, against single INSERTs by the same Python client."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from benchmarks.figure import Figure, at_most, p95
from benchmarks.pages import inside
from benchmarks.seed import ensure
from benchmarks.server import Server, cpu_seconds, in_parallel, serving

SECONDS, CONNECTIONS, MANY = 5.0, 8, 32
SHARE, SQL, LATENCY = 0.04, 12, 0.150
ALONE, STATISTICS = 200, 11.0  # reports; seconds until an idle connection tells what it did
FORCED = "SELECT wal_sync FROM pg_stat_wal"
FORCED_18 = """
SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal' AND backend_type = 'client backend'
"""
TEXT = "Filer på avdelningens disk går inte att öppna. " * 20  # with its rows about 1.2 kB


def run(folder: Path, rows: int) -> Iterator[Figure]:
    data = ensure(folder, rows)
    with serving(data) as server:
        sql = inside(server, "reporting", token(server))
        alone = waits(server)
        limit = inserts(server)
        before = cpu_seconds(server.process)
        times = in_parallel(CONNECTIONS, SECONDS, lambda: reporter(server))
        cpu = (cpu_seconds(server.process) - before) * 1000 / len(times)
        rate = len(times) / SECONDS
        share = rate / limit
        yield Figure(
            goal=f"P2 reports at {rows:,}", figure=rate, unit="reports/s", limit=limit,
            ratio=share, holds=share >= SHARE, sql=sql, cpu_ms=cpu,
        )  # fmt: skip
        yield at_most(f"P2 statements at {rows:,}", sql, "SQL", SQL, sql=sql)
        yield at_most(f"P2 waits for the disk at {rows:,}", alone, "a report", 1.1)
        slow = p95(in_parallel(MANY, SECONDS, lambda: reporter(server)))
        yield at_most(f"P2 p95, {MANY} clients", slow * 1000, "ms", LATENCY * 1000)


def waits(server: Server) -> float:
    """How often the log of writes is forced to disk for one report, one client at a time: once
    for each commit that must survive. Counting how often somebody reports commits as well, but to
    a table that is not logged, and so waits for no disk; the sequence of case numbers is logged
    once in 32. Measured before any other load, whose figures would come in late."""
    post = reporter(server)
    before = forced(server)
    for _ in range(ALONE):
        post()
    return round((forced(server) - before) / ALONE, 2)


def forced(server: Server) -> int:
    time.sleep(STATISTICS)
    with psycopg.connect(server.urls.owner, autocommit=True) as connection:
        since_18 = connection.info.server_version >= 18_00_00
        row = connection.execute(FORCED_18 if since_18 else FORCED).fetchone()
    return int(row[0]) if row else 0


def reporter(server: Server) -> Callable[[], None]:
    """Posts one report after the other over one connection."""
    client = server.client()
    body = json.dumps({"what": TEXT})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token(server)}"}

    def post() -> None:
        client.request("POST", "/api/v1/reports", body, headers)
        answer = client.getresponse()
        content = answer.read()
        if answer.status != 201:
            raise SystemExit(f"a report was answered {answer.status}: {content[:200]!r}")

    return post


def inserts(server: Server) -> float:
    """Single INSERTs a second of rows of the same size, each committed."""
    with psycopg.connect(server.urls.owner, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_insert")
        connection.execute("CREATE TABLE bench_insert (id bigserial PRIMARY KEY, what text)")

    def make() -> Callable[[], None]:
        connection = psycopg.connect(server.urls.owner, autocommit=True)
        return lambda: void(
            connection.execute("INSERT INTO bench_insert (what) VALUES (%s)", [TEXT + "x" * 260])
        )

    found = len(in_parallel(CONNECTIONS, SECONDS, make)) / SECONDS
    with psycopg.connect(server.urls.owner, autocommit=True) as connection:
        connection.execute("DROP TABLE bench_insert")
    return found


def void(_: object) -> None:
    return None


def token(server: Server) -> str:
    return (server.data / "bench-token").read_text()
