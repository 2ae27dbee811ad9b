"""An instance that has been started once, from nothing, and stopped."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .instances import Running, info


@dataclass(frozen=True)
class First:
    """What the first start on `data` said and did."""

    data: Path
    said: str
    link: str
    setup_page: int
    address: str


@pytest.fixture(scope="session")
def first() -> Iterator[First]:
    """Not under pytest's own folder, which other users cannot enter; too deep for a socket."""
    with tempfile.TemporaryDirectory(prefix="vardkase-boot-", ignore_cleanup_errors=True) as place:
        data = Path(place) / ("a name so long that no socket would fit below it " * 2) / "data"
        with Running(data) as started:
            link = started.read_until("/start/").split()[-1]
            page, _ = started.get("/start/" + link.rpartition("/")[2])
            seen = First(data, started.said, link, page, info(data)["address"])
        yield seen


@pytest.fixture(scope="session")
def made(first: First) -> Path:
    return first.data


type Copy = Callable[[Path], Path]


@pytest.fixture(scope="session")
def copy_made(made: Path) -> Copy:
    """For who needs an instance of his own: `copy_made(tmp_path / "data")`. A third of a start."""

    def copy(data: Path) -> Path:
        subprocess.run(["cp", "-a", made, data], check=True)  # with its owners  # noqa: S607
        return data

    return copy
