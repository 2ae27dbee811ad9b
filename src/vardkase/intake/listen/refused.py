"""What the listeners did not take in: counted, told once a minute, kept for `vardkase check`."""

import asyncio
import contextlib
import logging
import os
import socket
from collections import Counter
from collections.abc import Container
from pathlib import Path

from django.core.cache import cache
from django.db import Error, connection
from django.utils import timezone

KEY = "intake.refused"
TABLES = (Path("/proc/net/udp"), Path("/proc/net/udp6"))  # of Linux; the last column is lost
INODE = 9  # the column
KEPT = 24 * 3600  # seconds after the last one
EVERY = 60.0  # seconds between two lines of the log, however much is refused
log = logging.getLogger(__name__)


class Refused:
    """Since the process started; `news` is what nobody has been told of."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.news: Counter[str] = Counter()
        self.latest: dict[str, str] = {}  # the address that was refused last, by why
        self.watched: dict[int, int] = {}  # sockets of datagrams, and what was lost at them

    def note(self, why: str, address: str = "", number: int = 1) -> None:
        self.counts[why] += number
        self.news[why] += number
        self.latest[why] = address

    def watch(self, listening: socket.socket) -> None:
        """Count what the kernel threw away before we saw it."""
        self.watched[os.fstat(listening.fileno()).st_ino] = 0

    def look(self) -> None:
        for inode, total in dropped(self.watched).items():
            if total > self.watched[inode]:
                self.note("datagram", number=total - self.watched[inode])
                self.watched[inode] = total

    async def tell(self) -> None:
        """Say it, as long as we run."""
        while True:
            await asyncio.sleep(EVERY)
            await self.say()

    async def say(self) -> None:
        self.look()
        if self.news:
            told = ", ".join(
                f"{why} {number} {self.latest[why]}".strip() for why, number in self.news.items()
            )
            log.warning("not taken in since the last such line: %s", told)
            self.news.clear()
            await asyncio.to_thread(self.keep)

    def keep(self) -> None:
        try:
            found = {"at": timezone.now(), "counts": dict(self.counts), "latest": self.latest}
            cache.set(KEY, found, KEPT)
        except Error:
            log.warning("what was refused could not be noted for vardkase check")
        finally:
            connection.close()


def dropped(inodes: Container[int]) -> dict[int, int]:
    """Datagrams that found the sockets' buffers full, since they were opened."""
    found: dict[int, int] = {}
    for table in TABLES:
        with contextlib.suppress(OSError, ValueError, IndexError):
            for row in table.read_text().splitlines()[1:]:
                columns = row.split()
                if int(columns[INODE]) in inodes:
                    found[int(columns[INODE])] = int(columns[-1])
    return found
