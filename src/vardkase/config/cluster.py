"""One embedded PostgreSQL server: made, started, found, stopped. It listens on a socket only."""

import contextlib
import getpass
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

from .binaries import Programs, programs, service_account
from .processes import LINUX, alive, die_with_parent, wait_until, working_in

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; the kernel's sun_path less its closing NUL
LARGEST_LOG = 5_000_000  # bytes
ROLES = ("postgres", "vardkase_owner", "vardkase_app")
READY_SECONDS = 60  # recovery after kill -9 may have much to read
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "96MB",
    "work_mem": "8MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "cluster_name": "vardkase",
}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database cluster in `folder`; `forgetful` ones are for tests and survive no power cut."""

    folder: Path
    forgetful: bool = False

    @property
    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()

    @property
    def programs(self) -> Programs:
        mark = self.folder / "PG_VERSION"
        return programs(int(mark.read_text())) if self.exists else programs()

    @property
    def socket_folder(self) -> Path | None:
        """Where the running server listens, once it takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        ready = len(lines) > 7 and lines[7].strip() == "ready" and alive(int(lines[0]))
        return Path(lines[4]) if ready else None

    @property
    def postmaster(self) -> int | None:
        """The server that runs on this folder; a stale file or another's process is none."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        found = pid in working_in(self.folder) if LINUX else alive(pid)
        return pid if found else None


def make(cluster: Cluster) -> None:
    """A new, empty cluster; whole or not at all, so that a killed start can be repeated."""
    half = cluster.folder.with_name(cluster.folder.name + ".making")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True, mode=0o700)
    if account := service_account():
        os.chown(half, account.pw_uid, account.pw_gid)
    found = programs()
    locale = ["--locale-provider=builtin"] if found.major >= 17 else []
    sync = ["--no-sync"] if cluster.forgetful else []
    with opened(half) as (path, start):
        command = [found["initdb"], "-D", path, "-U", "postgres", "--auth=peer", "-E", "UTF8"]
        made = subprocess.run(  # noqa: S603
            [*command, "--locale=C.UTF-8", "--no-instructions", *locale, *sync],
            capture_output=True,
            text=True,
            **start,
        )
    if made.returncode:
        raise Trouble(
            _("PostgreSQL could not make its files in %(folder)s: %(why)s")
            % {"folder": cluster.folder, "why": made.stderr.strip()},
            fix=f"df -h {cluster.folder.parent}",
        )
    half.rename(cluster.folder)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The folder as the server's user may name it, and how to start a program as that user.

    Root's folders are often closed to others; an open descriptor leads past the closed parents.
    """
    account = service_account()
    if account is None:
        yield str(folder), {"cwd": "/"}
        return
    owner = pwd.getpwuid(folder.stat().st_uid)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield (
            f"/proc/self/fd/{descriptor}",
            {
                "cwd": "/",
                "user": owner.pw_uid,
                "group": owner.pw_gid,
                "extra_groups": [],
                "pass_fds": [descriptor],
            },
        )
    finally:
        os.close(descriptor)


def start(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers; it stops when this process ends."""
    admit(cluster.folder)
    end_an_orphan(cluster)
    sockets = make_socket_folder(cluster.folder)
    settings = SETTINGS | (FORGETFUL if cluster.forgetful else {})
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    found = cluster.programs
    with opened(cluster.folder) as (path, how), log_file(cluster.folder).open("ab") as log:
        server = subprocess.Popen(  # noqa: S603
            [found["postgres"], "-D", path, "-k", str(sockets), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,  # Ctrl-C in the terminal is ours to pass on, last
            preexec_fn=die_with_parent(signal.SIGINT),
            **how,
        )
    wait_until(
        lambda: cluster.socket_folder is not None or server.poll() is not None,
        seconds=READY_SECONDS,
    )
    if cluster.socket_folder is None:
        stop(server, sockets)
        tail = log_file(cluster.folder).read_text(errors="replace")[-400:]
        raise Trouble(
            _("PostgreSQL did not start: %(why)s") % {"why": tail.strip()},
            fix=f"less {log_file(cluster.folder)}",
        )
    return server


def stop(server: subprocess.Popen[bytes], sockets: Path | None) -> None:
    """Fast shutdown: running statements are rolled back, everything committed is on disk."""
    for how, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is None:
            server.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(seconds)
    if sockets and sockets.name != "run":
        shutil.rmtree(sockets, ignore_errors=True)


def end_an_orphan(cluster: Cluster) -> None:
    """Stop a server whose starter was killed, and set aside a number that now means another."""
    if pid := cluster.postmaster:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    if not wait_until(lambda: not any(working_in(cluster.folder)), seconds=30, step=0.05):
        raise Trouble(
            _("A PostgreSQL server still runs on %(folder)s.") % {"folder": cluster.folder},
            fix=f"kill -INT {next(working_in(cluster.folder), '')}",
        )
    if LINUX:  # where we know; a killed server's number may still stand for a corpse or another
        (cluster.folder / "postmaster.pid").unlink(missing_ok=True)


def admit(folder: Path) -> None:
    """Let root and the folder's owner in over the socket, each as any of our roles; nobody else."""
    owner = pwd.getpwuid(folder.stat().st_uid)
    persons = sorted({"root", owner.pw_name, getpass.getuser() if os.geteuid() else "root"})
    lines = [f"vardkase {person} {role}\n" for person in persons for role in ROLES]
    rules = "local all all peer map=vardkase\nlocal replication postgres peer map=vardkase\n"
    for name, text in (("pg_ident.conf", "".join(lines)), ("pg_hba.conf", rules)):
        (folder / name).write_text(text)


def make_socket_folder(folder: Path) -> Path:
    """A closed folder whose name is short enough for a socket, the same one each time."""
    account = service_account()
    beside = folder.with_name("run")
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    if account:
        sockets = Path("/run") / f"vardkase-{digest}"
    elif len(os.fsencode(beside / SOCKET)) <= LONGEST_SOCKET_PATH:
        sockets = beside
    else:
        sockets = Path(tempfile.gettempdir()) / f"vardkase-{os.geteuid()}-{digest}"
    sockets.mkdir(mode=0o700, exist_ok=True)
    if sockets.is_symlink() or sockets.stat().st_uid not in {0, os.geteuid(), folder.stat().st_uid}:
        raise Trouble(
            _("%(path)s belongs to somebody else.") % {"path": sockets}, fix=f"rm -r {sockets}"
        )
    sockets.chmod(0o700)
    for left in sockets.glob(f"{SOCKET}*"):
        left.unlink()
    if account:
        os.chown(sockets, folder.stat().st_uid, folder.stat().st_gid)
    return sockets


def log_file(folder: Path) -> Path:
    """The server's log, beside its folder; the last one is kept when it has grown large."""
    log = folder.with_name("log") / "postgres.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return log
