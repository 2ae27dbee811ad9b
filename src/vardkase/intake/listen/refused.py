"""What the listeners did not take in: counted, told once a minute, kept for `vardkase check`."""

import asyncio
import logging
from collections import Counter

from django.core.cache import cache
from django.db import Error, connection
from django.utils import timezone

KEY = "intake.refused"
KEPT = 24 * 3600  # seconds after the last one
EVERY = 60.0  # seconds between two lines of the log, however much is refused
log = logging.getLogger(__name__)


class Refused:
    """Since the process started; `news` is what nobody has been told of."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.news: Counter[str] = Counter()
        self.latest: dict[str, str] = {}  # the address that was refused last, by why

    def note(self, why: str, address: str = "") -> None:
        self.counts[why] += 1
        self.news[why] += 1
        self.latest[why] = address

    async def tell(self) -> None:
        """Say it, as long as we run."""
        while True:
            await asyncio.sleep(EVERY)
            await self.say()

    async def say(self) -> None:
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
