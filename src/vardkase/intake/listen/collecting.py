"""Between the network and the storing processes: lines gathered to batches, senders held back."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context

from django.db import Error

from .storing import keep, prepare

MOST_LINES = 2_000
MOST_BYTES = 1_500_000
PAUSE = 0.2  # seconds that a line waits for company
LONGEST_BACK_OFF = 10.0  # seconds between two attempts to store
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Waiting:
    """The lines of one source that are not yet handed on."""

    lines: list[bytes] = field(default_factory=list)
    size: int = 0


class Collector:
    """Takes lines, and gives them in batches to storing processes; forgets none.

    While all processes are busy it takes no more: a TCP sender waits, and UDP is counted as lost.
    """

    def __init__(self, processes: int, new_pool: Callable[[int], Executor] | None = None) -> None:
        self.processes = processes
        self.new_pool = new_pool or storing_processes
        self.pool = self.new_pool(processes)
        self.free = asyncio.Semaphore(2 * processes)
        self.waiting: dict[str, Waiting] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.stored = self.lost = 0

    async def add(self, source: str, lines: Iterable[bytes]) -> None:
        """Take the lines; returns when the next may come."""
        for line in lines:
            waiting = self.put(source, line)
            if len(waiting.lines) >= MOST_LINES or waiting.size >= MOST_BYTES:
                await self.hand_on(source_of(source, line))

    def put(self, source: str, line: bytes) -> Waiting:
        waiting = self.waiting.setdefault(source_of(source, line), Waiting())
        waiting.lines.append(line)
        waiting.size += len(line)
        return waiting

    def put_or_lose(self, source: str, line: bytes) -> None:
        """A datagram: nobody can be told to wait."""
        waiting = self.waiting.get(source_of(source, line))
        if waiting and len(waiting.lines) >= 20 * MOST_LINES:
            self.lost += 1
        else:
            self.put(source, line)

    async def hand_on(self, source: str) -> None:
        """Give what has gathered to a process, once one has room."""
        await self.free.acquire()
        waiting = self.waiting.get(source)
        if waiting is None or not waiting.lines:
            self.free.release()
            return
        if len(waiting.lines) > MOST_LINES:
            lines, waiting.lines = waiting.lines[:MOST_LINES], waiting.lines[MOST_LINES:]
            waiting.size -= sum(map(len, lines))
        else:
            lines = self.waiting.pop(source).lines
        task = asyncio.create_task(self._store(source, lines, datetime.now(UTC)))
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.free.release()
        if not task.cancelled() and task.exception():
            log.error("lines were not stored", exc_info=task.exception())

    async def _store(self, source: str, lines: Sequence[bytes], at: datetime) -> None:
        """Until it is stored: without its database it waits, and so do the senders."""
        wait = 0.5
        while True:
            pool = self.pool
            try:
                loop = asyncio.get_running_loop()
                done = await loop.run_in_executor(pool, keep, source, lines, at)
                self.stored += done
                return
            except (Error, OSError):
                log.exception("%d lines of %s wait for the database", len(lines), source)
            except BrokenProcessPool:
                if self.pool is pool:
                    log.error("a storing process died; another begins")
                    self.pool = self.new_pool(self.processes)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_BACK_OFF)

    async def tick(self) -> None:
        """Hand on what has waited long enough, as long as we run."""
        while True:
            await asyncio.sleep(PAUSE)
            for source in list(self.waiting):
                await self.hand_on(source)
            if self.lost:
                log.error("%d datagrams were lost: the sender was faster than we", self.lost)
                self.lost = 0

    async def close(self) -> None:
        """Store all that came, and let the processes go."""
        while any(waiting.lines for waiting in self.waiting.values()):
            for source in list(self.waiting):
                await self.hand_on(source)
        await asyncio.gather(*self.tasks)
        self.pool.shutdown()


def storing_processes(number: int) -> Executor:
    return ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=prepare)


def source_of(source: str, line: bytes) -> str:
    """Who reads the line: CEF and LEEF come through syslog under its name."""
    if source != "syslog":
        return source
    if b"CEF:" in line and b"|" in line:
        return "cef"
    return "leef" if b"LEEF:" in line else source
