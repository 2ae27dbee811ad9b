"""P4: the page of one case with 200 log entries, flat in the number of other cases."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_most, p50
from benchmarks.pages import Browser, inside
from benchmarks.seed import ensure
from benchmarks.server import serving

SMALL = 1_000
MILLISECONDS, SQL, GROWTH = 30, 15, 1.2


def run(folder: Path, rows: int) -> Iterator[Figure]:
    little, _, _ = measured(folder, SMALL)
    took, cpu, sql = measured(folder, rows)
    yield at_most(f"P4 case page at {rows:,}", took, "ms", MILLISECONDS, sql=sql, cpu_ms=cpu)
    yield at_most("P4 case page, statements", sql, "SQL", SQL, sql=sql)
    if rows > SMALL:
        yield at_most(f"P4 case page against {SMALL:,}", took / little, "times", GROWTH)


def measured(folder: Path, rows: int) -> tuple[float, float, int]:
    """Median ms, CPU ms, SQL statements."""
    with serving(ensure(folder, rows)) as server:
        path = f"/arenden/{(server.data / 'bench-case').read_text()}"
        sql = inside(server, "statements", path)
        times, cpu = Browser(server).times(path)
        return p50(times) * 1000, cpu, sql[path]
