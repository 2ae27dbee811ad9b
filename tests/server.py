"""`python -m tests.server FILE`: a database server with our tables, for every worker of a run.

Its address stands in FILE once the tables are made; it ends with whoever started it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vardkase.config.database import temporary_server

PATIENCE = 120  # seconds


def main(file: Path) -> None:
    with temporary_server() as urls:
        given = {"DATABASE_URL": urls.owner, "DJANGO_SETTINGS_MODULE": "vardkase.config.settings"}
        migrate = [sys.executable, "-m", "vardkase.config.migrate"]
        subprocess.run(migrate, env=os.environ | given, check=True)
        half = file.with_suffix(".half")
        half.write_text(urls.superuser)
        half.rename(file)
        sys.stdin.read()


@contextmanager
def beside() -> Iterator[Path]:
    """The file that will hold the address of a server which goes when we do."""
    with TemporaryDirectory(prefix="vardkase-server-") as place:
        file = Path(place) / "address"
        command = [sys.executable, "-m", "tests.server", str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE):
            yield file


def address(file: Path) -> str:
    """Waited for: the tables take some seconds, while the tests are collected."""
    end = time.monotonic() + PATIENCE
    while not file.exists():
        if time.monotonic() > end:
            raise TimeoutError("no database server for the tests: its words stand above")
        time.sleep(0.05)
    return file.read_text()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
