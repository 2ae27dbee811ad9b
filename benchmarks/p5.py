"""P5: search in number, title and text: no hit, a rare word, the first 50 of a common one."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.figure import Figure, at_most, p50
from benchmarks.pages import Browser, inside
from benchmarks.seed import ensure
from benchmarks.server import serving
from benchmarks.words import RARE

# what is asked -> ms; the common word stands in two thirds of the titles
QUESTIONS = {
    "no hit": ("solförmörkelse", 30),
    "rare word": (RARE[0], 30),
    "rare and common": (f"{RARE[1]} journalsystemet", 30),
    "part of a word": ("örmörkel", 30),
    "common word": ("journalsystemet", 100),
    "common word excluded": ("-journalsystemet", 100),
    "two common words": ("journalsystemet kollegan", 100),
    "part of a common word": ("urnalsyst", 100),
}


def run(folder: Path, rows: int) -> Iterator[Figure]:
    with serving(ensure(folder, rows)) as server:
        browser = Browser(server)
        paths = {name: f"/sok?{urlencode({'q': asked})}" for name, (asked, _) in QUESTIONS.items()}
        bare = inside(server, "searches", *(asked for asked, _ in QUESTIONS.values()))
        sql = inside(server, "statements", *paths.values())
        for name, (asked, limit) in QUESTIONS.items():
            yield at_most(f"P5 {name} at {rows:,}, search", p50(bare[asked]) * 1000, "ms", limit)
            times, cpu = browser.times(paths[name], tries=20)
            took = p50(times) * 1000
            yield at_most(f"P5 {name} at {rows:,}, page", took, "ms", limit,
                          sql=sql[paths[name]], cpu_ms=cpu)  # fmt: skip
