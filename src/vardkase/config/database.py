"""Where PostgreSQL comes from: DATABASE_URL, else an embedded server in the data folder.

    with running(data) as urls: ...             # the instance's own, started if it is not running
    with temporary_server(fsync=False) as urls: ...    # a test's own, gone afterwards

The addresses are libpq's (`postgresql://vardkase_app@/vardkase?host=/run/...`); read them with
`psycopg.conninfo.conninfo_to_dict`.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

from .cluster import Cluster, make, start, stop
from .external import prepare
from .processes import wait_until
from .roles import APP, DATABASE, OWNER, lay_foundation

PATIENCE = 30  # seconds to wait for another command to start or end its server


@dataclass(frozen=True, slots=True)
class Urls:
    """How to reach the database: the owner migrates, the app works; warnings go to `check`."""

    app: str
    owner: str
    superuser: str = ""
    warnings: tuple[str, ...] = ()


def urls_of(sockets: Path) -> Urls:
    def url(role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(sockets), safe='')}"

    return Urls(url(APP, DATABASE), url(OWNER, DATABASE), url("postgres", "postgres"))


@contextlib.contextmanager
def running(data: Path) -> Iterator[Urls]:
    """The database of the instance in `data`; a server that runs is used, else one is started.

    Whoever started the server keeps it until other commands that came to use it have finished.
    """
    if found := external_urls():
        yield found
        return
    cluster = cluster_of(data)
    with locked(data / "run", fcntl.LOCK_SH) as visitors, descriptor_of(data / "log") as keeper:
        await_turn(data, lambda: taken(keeper) or cluster.socket_folder is not None)
        if not taken(keeper):
            yield urls_of(cluster.socket_folder or data / "run")
            return
        with served(cluster) as server:
            try:
                yield server.urls
            finally:
                fcntl.flock(visitors, fcntl.LOCK_EX)


@contextlib.contextmanager
def keeping(data: Path) -> Iterator["Served | None"]:
    """The server of a whole instance: others visit it. None for a server of the operator's own."""
    if external_urls():
        yield None
        return
    cluster = cluster_of(data)
    with descriptor_of(data / "log") as keeper:
        await_turn(data, lambda: taken(keeper))
        with served(cluster) as server:
            yield server


def external_urls() -> Urls | None:
    address = os.environ.get("DATABASE_URL")
    if not address:
        return None
    found = prepare(address, os.environ.get("DATABASE_OWNER_URL"))
    return Urls(found.app, found.owner, warnings=found.warnings)


def cluster_of(data: Path) -> Cluster:
    for name in ("run", "log"):
        (data / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return Cluster(data / "postgres")


def await_turn(data: Path, mine: Callable[[], bool]) -> None:
    if not wait_until(mine, seconds=PATIENCE, step=0.05):
        raise Trouble(
            _("Another command is using the database in %(folder)s.") % {"folder": data},
            fix=_("wait until it has finished, then run this again"),
        )


def taken(keeper: int) -> bool:
    """Whether this process keeps the server: it alone may start and stop it."""
    try:
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Served:
    """A running server of ours."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.start()

    def start(self) -> None:
        self.process = start(self.cluster)
        self.sockets = self.cluster.socket_folder or Path()
        self.urls = urls_of(self.sockets)

    def has_died(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        stop(self.process, self.sockets)


@contextlib.contextmanager
def served(cluster: Cluster) -> Iterator[Served]:
    """The cluster, made if it is new, with its server running."""
    if not cluster.exists:
        make(cluster)
    server = Served(cluster)
    try:
        lay_foundation_once(cluster, server.urls)
        yield server
    finally:
        server.stop()


def lay_foundation_once(cluster: Cluster, urls: Urls) -> None:
    """Roles and grants; marked when whole, since granting again would undo what migrations take."""
    mark = cluster.folder / "vardkase.founded"
    if not mark.exists():
        lay_foundation(urls.superuser)
        mark.touch()


@contextlib.contextmanager
def temporary_server(*, fsync: bool = False) -> Iterator[Urls]:
    """A server of its own in a new folder, with roles and an empty database; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vardkase-pg-"))
    (folder / "run").mkdir(mode=0o700)
    try:
        with served(Cluster(folder / "postgres", forgetful=not fsync)) as server:
            yield server.urls
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def descriptor_of(folder: Path) -> Iterator[int]:
    """An open descriptor of `folder`. Locks lie on folders, so that no lock file is left behind."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(folder: Path, how: int) -> Iterator[int]:
    with descriptor_of(folder) as descriptor:
        fcntl.flock(descriptor, how)
        yield descriptor
