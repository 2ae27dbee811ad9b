"""Makes an instance with many believable events, fast: `python -m benchmarks.seed DIR ROWS`.

A million take some minutes. Written past the verbs, as the owner, in bulk: but with a whole log,
so that `vardkase log verify` holds.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from vardkase.config.database import Urls, running
from vardkase.config.instance import environment, lay, migrate_if_needed, migrations_hash

MADE_OF = ("pour.py", "case.py", "words.py", "world.py")


def ensure(folder: Path, count: int) -> Path:
    """The instance with `count` events below `folder`: made if it is not there, or is of another
    version of the tables or of the rows."""
    data = folder / str(count)
    mark = data / "seeded"
    if not mark.exists() or mark.read_text() != version():
        shutil.rmtree(data, ignore_errors=True)
        fill(data, count)
        mark.write_text(version())
    return data


def version() -> str:
    rows = b"".join(Path(__file__).with_name(name).read_bytes() for name in MADE_OF)
    return f"{migrations_hash()} {hashlib.sha256(rows).hexdigest()}"


def fill(data: Path, count: int) -> None:
    lay(data)
    with running(data) as urls:
        migrate_if_needed(data, urls)
        run("benchmarks.pour", data, urls, count, as_owner=True)
        run("benchmarks.case", data, urls)
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def run(module: str, data: Path, urls: Urls, *words: object, as_owner: bool = False) -> str:
    """What a module of ours says that runs on the instance, with Django set up by it."""
    given = environment(data, urls)
    if as_owner:
        given["DATABASE_URL"] = urls.owner
    command = [sys.executable, "-m", "benchmarks.on", module, *map(str, words)]
    done = subprocess.run(command, env=os.environ | given, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{module} failed on {data}")
    return done.stdout


if __name__ == "__main__":
    fill(Path(sys.argv[1]).absolute(), int(sys.argv[2]))
