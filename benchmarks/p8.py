"""P8: the report of a case on paper, fifty pages, as a reader asks for it over HTTP."""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_most, p50
from benchmarks.pages import Browser
from benchmarks.seed import ensure
from benchmarks.seed import run as run_on
from benchmarks.server import serving

SMALL, TRIES = 1_000, 15
SECONDS, PAGES = 0.5, 50
PAGE = re.compile(rb"/Type\s*/Page\b")


def run(folder: Path, rows: int) -> Iterator[Figure]:
    with serving(ensure(folder, SMALL)) as server:
        mark = server.data / "bench-paper"
        if not mark.exists():
            run_on("benchmarks.paper", server.data, server.urls)
        path = f"/arenden/{mark.read_text()}/sammanfattning.pdf"
        browser = Browser(server)
        pages = len(PAGE.findall(browser.read(path)))
        times, cpu = browser.times(path, tries=TRIES)
        if pages < PAGES:
            raise SystemExit(f"the report has {pages} pages")
        yield at_most(f"P8 report of {pages} pages", p50(times), "s", SECONDS, cpu_ms=cpu)
