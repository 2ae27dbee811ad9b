"""A running instance: the database, the web server and the worker, kept alive as one."""

import contextlib
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vardkase.lib.trouble import Trouble

from .database import Served, Urls, descriptor_of, external_urls, keeping
from .instance import environment, info_file, lay, migrate_if_needed, running_instance
from .processes import die_with_parent, wait_until

FIRST_PORT = 8000
PORTS_TRIED = 20
READY_SECONDS = 60
STOP_SECONDS = 15  # for requests and jobs at work; then they are killed, and nothing is lost
LONGEST_BACK_OFF = 30  # seconds
STEADY = 60  # seconds of life after which a child's earlier deaths are forgotten
PARTS = {"web server": "vardkase.config.web", "worker": "vardkase.jobs.worker"}

type Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A part of the instance, started again when it dies, more slowly each time."""

    name: str
    module: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)
    deaths: int = 0
    again_at: float = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.again_at, self.started = 0, time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", self.module],
            env=os.environ | self.environment,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def tend(self, say: Say) -> None:
        """Start it again if it is dead and its time has come."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.again_at:
            self.deaths = 0 if now - self.started > STEADY else self.deaths
            wait = min(0.5 * 2**self.deaths, LONGEST_BACK_OFF)
            self.again_at, self.deaths = now + wait, self.deaths + 1
            say(f"The {self.name} ended ({self.process.returncode}); again in {wait:g} s.")
        elif now >= self.again_at:
            self.start()


class Signals:
    """Waiting that ends when somebody asks us to stop, or when a child dies."""

    def __init__(self) -> None:
        self.asked = 0
        self.reader, self.writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def ask(self, *_: object) -> None:
        self.asked += 1

    def wait(self, seconds: float) -> None:
        ready, _, _ = select.select([self.reader], [], [], seconds)
        if ready:
            os.read(self.reader, 4096)


@contextlib.contextmanager
def only_instance(data: Path) -> Iterator[None]:
    """Two on one folder would undo each other's work."""
    with descriptor_of(data) as folder:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = running_instance(data) or {"process": "?", "address": "an address of its own"}
            raise Trouble(
                f"An instance already runs on {data}: process {found['process']},"
                f" {found['address']}.",
                fix=f"use it, or stop it with: kill {found['process']}",
            ) from None
        yield


def serve(
    data: Path, *, host: str, port: int | None, workers: int, prepare: Callable[[], None], say: Say
) -> None:
    """Run the instance until somebody asks it to stop; `prepare` is called before it opens."""
    lay(data)
    signals = Signals()
    with only_instance(data), keeping(data) as database:
        urls = database.urls if database else external_urls()
        if urls is None:
            raise AssertionError("a database is either ours or the operator's")
        for warning in urls.warnings:
            say(warning)
        migrate_if_needed(data, urls)
        prepare()
        port = port or free_port(host)
        refuse_a_taken_port(host, port)
        children = start_children(data, urls, host=host, port=port, workers=workers)
        try:
            if opened(children[0], signals, host=host, port=port):
                note_down(data, host, port)
                say(f"Vårdkase: {address(host, port)}")
                tend(children, database, signals, say)
        finally:
            info_file(data).unlink(missing_ok=True)
            stop(children, signals)


def start_children(
    data: Path, urls: Urls, *, host: str, port: int, workers: int
) -> tuple[Child, ...]:
    where = {"HOST": host, "PORT": str(port), "WORKERS": str(workers)}
    given = environment(data, urls) | {f"VARDKASE_{name}": word for name, word in where.items()}
    return tuple(Child(name, module, given) for name, module in PARTS.items())


def opened(web: Child, signals: Signals, *, host: str, port: int) -> bool:
    """Wait for the first answer; False when somebody asked us to stop meanwhile."""
    wait_until(
        lambda: answers(host, port) or web.process.poll() is not None or signals.asked > 0,
        seconds=READY_SECONDS,
        step=0.02,
    )
    if signals.asked:
        return False
    if not answers(host, port):
        raise Trouble(
            "The web server did not start; its last words stand above.", fix="vardkase check"
        )
    return True


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def tend(children: tuple[Child, ...], database: Served | None, signals: Signals, say: Say) -> None:
    while not signals.asked:
        if database and database.has_died():
            say("The database server ended; starting it again.")
            database.start()
        for child in children:
            child.tend(say)
        signals.wait(1)


def stop(children: tuple[Child, ...], signals: Signals) -> None:
    """Ask them to finish; whoever asks twice, or waits too long, has them killed."""
    for child in children:
        child.process.terminate()
    once = signals.asked
    wait_until(
        lambda: all(c.process.poll() is not None for c in children) or signals.asked > once,
        seconds=STOP_SECONDS,
    )
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def note_down(data: Path, host: str, port: int) -> None:
    found = {
        "process": os.getpid(),
        "address": address(host, port),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    info_file(data).write_text(json.dumps(found))


def reachable(host: str) -> str:
    """Where we reach a server that listens everywhere."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def address(host: str, port: int) -> str:
    shown = reachable(host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def free_port(host: str) -> int:
    ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    return next((port for port in ports if is_free(host, port)), FIRST_PORT)


def refuse_a_taken_port(host: str, port: int) -> None:
    if not is_free(host, port):
        raise Trouble(
            f"Port {port} on {host} is taken or not allowed.",
            fix=f"vardkase start --port {port + 100 if port > 1023 else FIRST_PORT}",
        )


def is_free(host: str, port: int) -> bool:
    """Asked without SO_REUSEPORT, which would let us share the port with another of ours."""
    try:
        kind, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
    except OSError:
        return False
    return True
