"""P10: the whole suite, as `./dev test` runs it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_most

DEV = Path(__file__).parents[1] / "dev"
MINUTES = 5.0


def run(folder: Path, rows: int) -> Iterator[Figure]:
    begun = time.monotonic()
    subprocess.run([DEV, "test"], check=True, stdout=sys.stderr)
    yield at_most("P10 test suite", (time.monotonic() - begun) / 60, "minutes", MINUTES)
