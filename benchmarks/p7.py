"""P7: what it takes to check a million entries of the log, in CPU seconds: by the script that an
auditor runs on an exported file, with nothing of ours, and by the product in its own database."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, at_most
from benchmarks.seed import ensure
from benchmarks.seed import run as run_on
from vardkase.config.database import running

SECONDS, MILLION = 10, 1_000_000
SCRIPT = Path(__file__).parents[1] / "docs" / "verify_log.py"


def run(folder: Path, rows: int) -> Iterator[Figure]:
    data = ensure(folder, rows)
    with running(data) as urls, TemporaryDirectory(dir=data) as made:
        file = Path(made) / "log"
        entries, cpu = json.loads(run_on("benchmarks.inside", data, urls, "verified", file))
        before = cpu_of_children()
        subprocess.run([sys.executable, str(SCRIPT), str(file)], check=True, stdout=subprocess.PIPE)
        alone = cpu_of_children() - before
        yield at_most(
            f"P7 {entries:,} by the script", alone * MILLION / entries, "s/million", SECONDS
        )
        yield at_most(
            f"P7 {entries:,} in the product", cpu * MILLION / entries, "s/million", SECONDS
        )


def cpu_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
