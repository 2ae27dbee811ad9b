"""Between the network and the storing processes: lines gathered to batches, senders held back."""

import asyncio
import contextlib
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Protocol

from django.db import Error

from .refused import Refused
from .storing import keep, prepare

MOST_LINES = 2_000  # of a batch
MOST_BYTES = 1_500_000
ROOM = 2  # batches of lines, or of bytes, that wait; senders and datagrams each have such a room
PAUSE = 0.1  # seconds that a line waits for company
LONGEST_BACK_OFF = 10.0  # seconds between two attempts to store
log = logging.getLogger(__name__)


class Sender(Protocol):
    """Somebody who can be told to wait."""

    address: str

    def take_turn(self) -> None:
        """Put what was held back, and read on."""


@dataclass(slots=True)
class Heap:
    """The lines of one source that are not yet handed on."""

    source: str
    lines: deque[bytes] = field(default_factory=deque)
    size: int = 0
    since: float = 0.0  # when it got its first line

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MOST_LINES or self.size >= MOST_BYTES

    @property
    def is_crowded(self) -> bool:
        return len(self.lines) >= ROOM * MOST_LINES or self.size >= ROOM * MOST_BYTES

    def take(self) -> list[bytes]:
        """The oldest lines, at most so many as a batch may hold, one at least."""
        batch = [self.lines.popleft()]
        size = len(batch[0])
        while self.lines and len(batch) < MOST_LINES and size + len(self.lines[0]) < MOST_BYTES:
            batch.append(self.lines.popleft())
            size += len(batch[-1])
        self.size -= size
        return batch


class Turns:
    """Who waits for room: each address in turn, so that none gets more by more connections."""

    def __init__(self) -> None:
        self.waiting: OrderedDict[str, deque[Sender]] = OrderedDict()

    def line_up(self, sender: Sender) -> None:
        self.waiting.setdefault(sender.address, deque()).append(sender)

    def next(self) -> Sender:
        address, senders = self.waiting.popitem(last=False)
        first = senders.popleft()
        if senders:
            self.waiting[address] = senders
        return first


class Collector:
    """Takes lines, and gives them in batches to storing processes; forgets none.

    While all processes are busy it takes no more: senders wait, and datagrams are counted as lost.
    """

    def __init__(self, processes: int, new_pool: Callable[[int], Executor] | None = None) -> None:
        self.processes = processes
        self.new_pool = new_pool or storing_processes
        self.pool = self.new_pool(processes)
        self.free = asyncio.Semaphore(2 * processes)
        self.heaps: OrderedDict[tuple[str, bool], Heap] = OrderedDict()
        self.turns = Turns()
        self.news = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self.refused = Refused()
        self.stored = 0

    @property
    def has_room(self) -> bool:
        return not any(
            heap.is_crowded for (_, is_datagram), heap in self.heaps.items() if not is_datagram
        )

    def add(self, source: str, lines: Iterable[bytes]) -> None:
        """Take the lines. Ask first whether there `has_room`, or wait for your turn."""
        for line in lines:
            self.put(source, line)

    def put(self, source: str, line: bytes, *, is_datagram: bool = False) -> None:
        name = source_of(source, line)
        heap = self.heaps.get((name, is_datagram))
        if heap is None:
            heap = Heap(name, since=asyncio.get_running_loop().time())
            self.heaps[name, is_datagram] = heap
            self.news.set()
        if is_datagram and heap.is_crowded:  # nobody can be told to wait
            self.refused.note("datagram")
            return
        heap.lines.append(line)
        heap.size += len(line)
        if heap.is_full:
            self.news.set()

    async def pump(self) -> None:
        """Hand on what is full or has waited long enough, as long as we run."""
        while True:
            await self.free.acquire()
            try:
                heap = await self.ripe()
            except asyncio.CancelledError:
                self.free.release()
                raise
            self.hand_on(heap)

    async def ripe(self) -> Heap:
        """The next heap to be stored; none is taken twice while another waits."""
        while True:
            late = asyncio.get_running_loop().time() - PAUSE
            for key, heap in self.heaps.items():
                if heap.is_full or heap.since <= late:
                    self.heaps.move_to_end(key)
                    return heap
            self.news.clear()
            oldest = min((heap.since - late for heap in self.heaps.values()), default=None)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), oldest)

    def hand_on(self, heap: Heap) -> None:
        """Give a batch to a process, and its room to those who wait."""
        task = asyncio.create_task(self._store(heap.source, heap.take(), datetime.now(UTC)))
        self.tasks.add(task)
        task.add_done_callback(self._done)
        self.heaps = OrderedDict((key, each) for key, each in self.heaps.items() if each.lines)
        while self.turns.waiting and self.has_room:
            self.turns.next().take_turn()

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
            except (Error, OSError) as fault:
                why = type(fault).__name__
                log.error("%d lines of %s wait for the database: %s", len(lines), source, why)
            except BrokenProcessPool:
                if self.pool is pool:
                    log.error("a storing process died; another begins")
                    self.pool = self.new_pool(self.processes)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_BACK_OFF)

    async def close(self) -> None:
        """Store all that came, and let the processes go."""
        while self.heaps:
            await self.free.acquire()
            self.hand_on(next(iter(self.heaps.values())))
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
