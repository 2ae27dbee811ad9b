"""A running instance: the database, the web server and the worker, kept alive as one."""

import contextlib
import fcntl
import http.client
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vardkase.lib.catalogue import compile_all
from vardkase.lib.console import gettext as _
from vardkase.lib.console import noop
from vardkase.lib.trouble import Trouble

from .children import Child, Say, Signals, stop
from .database import Served, Urls, descriptor_of, external_urls, keeping
from .instance import (
    environment,
    info_file,
    lay,
    migrate_if_needed,
    refuse_faulty_policy,
    running_instance,
)
from .processes import wait_until

FIRST_PORT = 8000
PORTS_TRIED = 20
READY_SECONDS = 60
WEB = "vardkase.config.web"
WORKER = "vardkase.jobs.worker"  # started once the web answers: whoever waits, waits for that
INTAKE = "vardkase.intake.listen.process"


@dataclass(slots=True)
class Instance:
    """Where an instance keeps its things, and where it answers."""

    data: Path
    host: str
    port: int  # 0 for the first free one
    workers: int
    urls: Urls = field(default_factory=lambda: Urls("", ""))

    @property
    def address(self) -> str:
        shown = reachable(self.host)
        return f"http://[{shown}]:{self.port}" if ":" in shown else f"http://{shown}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        where = {"HOST": self.host, "PORT": self.port, "WORKERS": self.workers}
        given = {f"VARDKASE_{name}": str(value) for name, value in where.items()}
        given["VARDKASE_ADDRESS"] = os.environ.get("VARDKASE_ADDRESS", self.address)
        return environment(self.data, self.urls) | given


def serve(
    instance: Instance,
    *,
    before: Callable[[Instance], None],
    once_open: Callable[[Instance], None],
    say: Say,
) -> None:
    """Run the instance until somebody asks it to stop."""
    lay(instance.data)
    refuse_faulty_policy(instance.data)
    signals = Signals()
    take_port(instance)
    with only_instance(instance.data), keeping(instance.data) as database:
        instance.urls = database.urls if database else external_urls() or instance.urls
        for warning in instance.urls.warnings:
            say(warning)
        compile_words()
        migrate_if_needed(instance.data, instance.urls)
        before(instance)
        children = [Child(noop("web server"), WEB, instance.environment)]
        try:
            if opened(instance, children[0], signals):
                children.append(Child(noop("worker"), WORKER, instance.environment))
                if os.environ.get("VARDKASE_LISTEN"):
                    children.append(Child(noop("intake"), INTAKE, instance.environment))
                note_down(instance)
                once_open(instance)
                tend(children, database, signals, say)
        finally:
            info_file(instance.data).unlink(missing_ok=True)
            stop(children, signals)


def tend(children: Sequence[Child], database: Served | None, signals: Signals, say: Say) -> None:
    while not signals.asked:
        if database and database.has_died():
            start_again(database, say)
        for child in children:
            child.tend(say)
        signals.wait(1)


def start_again(database: Served, say: Say) -> None:
    """Its disk may be full; then the web says so until somebody has made room."""
    say(_("The database server ended; starting it again."))
    try:
        database.start()
    except (Trouble, OSError) as error:
        say(_("It could not start: %(why)s") % {"why": error})


@contextlib.contextmanager
def only_instance(data: Path) -> Iterator[None]:
    """Two on one folder would undo each other's work."""
    with descriptor_of(data) as folder:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = running_instance(data) or {"process": "?", "address": _("not open yet")}
            raise Trouble(
                _("An instance already runs on %(folder)s: process %(process)s, %(address)s.")
                % {"folder": data, **found},
                fix=_("use it, or stop it with: kill %(process)s") % found,
            ) from None
        yield


def compile_words() -> None:
    """Translations changed since the installation; an installed package is not ours to write."""
    with contextlib.suppress(OSError):
        compile_all()


def opened(instance: Instance, web: Child, signals: Signals) -> bool:
    """Wait for the first answer; False when somebody asked us to stop meanwhile."""
    first_answer = False

    def over() -> bool:
        nonlocal first_answer
        first_answer = answers(instance)
        return first_answer or web.has_died() or signals.asked > 0

    wait_until(over, seconds=READY_SECONDS, step=0.02)
    if not first_answer and not signals.asked:
        raise Trouble(
            _("The web server did not start; its last words stand above."), fix="vardkase check"
        )
    return first_answer


def answers(instance: Instance) -> bool:
    connection = http.client.HTTPConnection(reachable(instance.host), instance.port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def note_down(instance: Instance) -> None:
    found = {
        "process": os.getpid(),
        "address": instance.address,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    info_file(instance.data).write_text(json.dumps(found))


def reachable(host: str) -> str:
    """Where we reach a server that listens everywhere."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def take_port(instance: Instance) -> None:
    """The port asked for, or the first free one."""
    wanted = instance.port
    ports = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    instance.port = next((port for port in ports if is_free(instance.host, port)), 0)
    if not instance.port:
        raise Trouble(
            _("Port %(port)s on %(host)s is taken or not allowed.")
            % {"port": wanted or FIRST_PORT, "host": instance.host},
            fix=f"vardkase start --port {wanted + 100 if wanted > 1023 else FIRST_PORT + 100}",
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
