"""Who may connect: counted before anything is read, so that an idle crowd costs nothing."""

import asyncio
import contextlib
import errno
import logging
import resource
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from vardkase.policy.parameter import parameter

from .places import Allowed, Place
from .refused import Refused

type Serve = Callable[[socket.socket, str], Awaitable[None]]
BACKLOG = 1_024  # connections that the kernel keeps until we take them
SPARE = 100  # files that we need ourselves
MOST_FILES = 65_536
PAUSE = 1.0  # seconds without accepting when the machine has no more to give
KEEP_ALIVE = {socket.TCP_KEEPIDLE: 300, socket.TCP_KEEPINTVL: 60, socket.TCP_KEEPCNT: 5}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Most:
    """At the same time."""

    connections: int
    each_address: int


def most(kind: str) -> Most:
    """What policy lets in there now, and the process has files for."""
    found = parameter("detections.listening").at(datetime.now(UTC)).value
    if kind == "lmtp":
        return Most(found["mail_connections"], found["mail_each_address"])
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE - found["mail_connections"]
    share = max(0.0, min(1.0, files / found["connections"]))  # of each, where files are fewer
    return Most(*(max(1, int(found[name] * share)) for name in ("connections", "each_address")))


class Entrance:
    """Takes connections at one kind of place, and turns away those that are too many."""

    def __init__(self, kind: str, allowed: Allowed, refused: Refused) -> None:
        self.kind = kind
        self.allowed = allowed
        self.refused = refused
        self.open: Counter[str] = Counter()
        self.guests: set[asyncio.Task[None]] = set()

    def why_not(self, address: str) -> str:
        """Why whoever comes from there is turned away, or ""."""
        limit = most(self.kind)
        if address not in self.allowed:
            return "stranger"
        if self.open[address] >= limit.each_address:
            return "address"
        return "connections" if self.open.total() >= limit.connections else ""

    async def keep(self, door: socket.socket, serve: Serve) -> None:
        """Let in who comes, as long as we run."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                came, where = await loop.sock_accept(door)
            except OSError as fault:
                if fault.errno != errno.ECONNABORTED:
                    self.refused.note("files")
                    await asyncio.sleep(PAUSE)
                continue
            self.receive(came, where[0], serve)

    def receive(self, came: socket.socket, address: str, serve: Serve) -> None:
        why = self.why_not(address)
        if why:
            self.refused.note(why, address)
            came.close()
            return
        self.open[address] += 1
        guest = asyncio.create_task(self.served(came, address, serve))
        self.guests.add(guest)
        guest.add_done_callback(self.guests.discard)

    async def served(self, came: socket.socket, address: str, serve: Serve) -> None:
        try:
            with contextlib.suppress(OSError):  # it has hung up already
                alive(came)
            await serve(came, address)
        except OSError as fault:  # no TLS, or hung up before it began
            self.refused.note("conversation", address)
            log.info("a connection ended: %s", type(fault).__name__)
        finally:
            came.close()
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]


def alive(came: socket.socket) -> None:
    """A sender that lost its power holds its place for ten minutes, not for ever."""
    came.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEP_ALIVE.items():
        came.setsockopt(socket.IPPROTO_TCP, option, value)


def door(place: Place) -> socket.socket:
    """A socket that listens at the place."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.create_server((place.host, place.port), family=family, backlog=BACKLOG)
    made.setblocking(False)
    return made


def more_files() -> None:
    """As many connections as policy lets in need files, and systems begin with few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(MOST_FILES, hard if hard != resource.RLIM_INFINITY else MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
