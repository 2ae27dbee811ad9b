"""Worker processes behind one port: they share what was loaded before they were made."""

import gc
import os
import resource
import signal
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from .front import Front, Wsgi
from .processes import die_with_parent

THREADS = int(os.environ.get("VARDKASE_THREADS", "4"))  # at work in each process
LARGEST = int(os.environ.get("VARDKASE_LARGEST_REQUEST_MB", "512")) * 1024 * 1024
HEADER_MILLISECONDS = 15_000  # to send the request's head, or to stay silent between requests
CONNECTIONS = 8_000  # open at once in each process


def run(application: Wsgi) -> None:
    """Serve on VARDKASE_HOST and VARDKASE_PORT until told to stop."""
    incoming = Path(os.environ.get("VARDKASE_DATA", "data")) / "files" / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    front = Front(application, threads=THREADS, folder=incoming, largest=LARGEST)
    allow_many_files()
    gc.collect()
    gc.freeze()
    in_child = die_with_parent(signal.SIGTERM)

    def load(_: object = None) -> Front:
        in_child()
        return front

    server = MPServer(
        "vardkase",
        address=os.environ.get("VARDKASE_HOST", "127.0.0.1"),
        port=int(os.environ.get("VARDKASE_PORT", "8000")),
        interface=Interfaces.RSGI,
        workers=int(os.environ.get("VARDKASE_WORKERS", "2")),
        backlog=1024,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    server.serve(target_loader=load, wrap_loader=False)  # type: ignore[arg-type]  # RSGI: an object


def allow_many_files() -> None:
    """A slow sender costs an open file, so the more the better."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
