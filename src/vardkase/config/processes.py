"""Child processes that never outlive the one that started them."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None) if LINUX else None
PR_SET_PDEATHSIG = 1


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For Popen(preexec_fn=...): the kernel sends `how` when the parent ends, kill -9 included."""
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def working_in(folder: Path) -> Iterator[int]:
    """Processes whose working directory is `folder`: those of a PostgreSQL server, its own."""
    if not LINUX:
        return
    wanted = folder.stat()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with contextlib.suppress(OSError):
                if os.path.samestat((process / "cwd").stat(), wanted):
                    yield int(process.name)


def wait_until(true: Callable[[], bool], *, seconds: float, step: float = 0.01) -> bool:
    """Whether `true` came true within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
