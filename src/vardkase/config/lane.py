"""A lane of their own for machines' batches: a flood of them never takes the last thread, nor
memory without bound. What finds no room is told to come back, and nothing of it is stored."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from .refusals import Refused

PATH = "/api/v1/detections"
LARGEST = 2 * 1024 * 1024  # bytes of a batch; a larger one is refused further in, with its reason
READING = 32  # batches held in memory while they come in; the others wait on disk
SECONDS = 10  # to send one that is held in memory
SMALL = 64 * 1024  # bytes; larger ones work in half of the threads
WAITING = 16  # batches that may wait for a thread
PAUSE = 3.0  # seconds that one turned away waits for its answer: whoever repeats at once, waits


class Lane:
    """Its numbers are for one process."""

    def __init__(self, threads: int) -> None:
        self.seats = asyncio.Semaphore(max(1, threads - 1))
        self.large = asyncio.Semaphore(max(1, threads // 2))
        self.room = WAITING + threads
        self.inside = self.reading = 0

    def takes(self, scope: Scope) -> bool:
        return scope.method == "POST" and scope.path == PATH

    async def body(self, declared: int | None, protocol: HTTPProtocol) -> IO[bytes] | None:
        """The whole body at once; None where it must come in piece by piece, to disk."""
        if not declared or declared > LARGEST or self.reading >= READING:
            return None
        self.reading += 1
        try:
            body = await asyncio.wait_for(protocol(), SECONDS)
        except TimeoutError:
            raise Refused(408) from None
        finally:
            self.reading -= 1
        if len(body) != declared:
            raise Refused(400)
        return io.BytesIO(body)

    @contextlib.asynccontextmanager
    async def seat(self, size: int) -> AsyncIterator[None]:
        """A thread of the pool, after those who came before; raises `Refused`."""
        if self.inside >= self.room:
            await asyncio.sleep(PAUSE)
            raise Refused(503)
        self.inside += 1
        try:
            few = self.large if size > SMALL else contextlib.nullcontext()
            async with few, self.seats:
                yield
        finally:
            self.inside -= 1
