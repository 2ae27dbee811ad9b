"""P3: the queue and the list of cases, 50 rows filtered and sorted, as one who sees a part."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.figure import Figure, at_most, p50
from benchmarks.pages import Browser, inside
from benchmarks.seed import ensure
from benchmarks.server import serving

SMALL = 1_000
MILLISECONDS, SQL, GROWTH = 15, 8, 1.2
LISTS = {
    "queue": ("/att-bedoma", {"ordning": "aldst"}),
    "incidents": ("/arenden", {"kategori": "malware"}),
}


def run(folder: Path, rows: int) -> Iterator[Figure]:
    small = dict(measured(folder, SMALL))
    for name, found in measured(folder, rows):
        took, cpu, sql = found["first"]
        yield at_most(f"P3 {name} at {rows:,}", took, "ms", MILLISECONDS, sql=sql, cpu_ms=cpu)
        yield at_most(f"P3 {name} statements", sql, "SQL", SQL, sql=sql)
        if rows > SMALL:
            grown = took / small[name]["first"][0]
            yield at_most(f"P3 {name} against {SMALL:,}", grown, "times", GROWTH, cpu_ms=cpu)
        deep = found["middle"][0] / took
        yield at_most(f"P3 {name}, middle page", deep, "times", GROWTH, cpu_ms=found["middle"][1])


def measured(folder: Path, rows: int) -> Iterator[tuple[str, dict[str, tuple[float, float, int]]]]:
    """For each list the first and the middle page: median ms, CPU ms, SQL statements."""
    with serving(ensure(folder, rows)) as server:
        browser = Browser(server)
        for name, (path, filters) in LISTS.items():
            pages = {
                "first": filters,
                "middle": filters | {"efter": inside(server, "middle", name)},
            }
            paths = {place: f"{path}?{urlencode(given)}" for place, given in pages.items()}
            sql = inside(server, "statements", *paths.values())
            found = {}
            for place, address in paths.items():
                times, cpu = browser.times(address)
                found[place] = (p50(times) * 1000, cpu, sql[address])
            yield name, found
