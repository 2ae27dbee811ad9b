"""`vardkase intake`: listens for syslog and mail beside the web server, until it is asked to stop.

What came over TCP or TLS is stored before the process ends, unless it is killed. Mail is answered
for only when it is stored.
"""

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardkase.config.settings")
django.setup()

from django.conf import settings  # noqa: E402

from vardkase.intake.listen.collecting import Collector  # noqa: E402
from vardkase.intake.listen.entrance import Entrance, Serve, door, more_files  # noqa: E402
from vardkase.intake.listen.lmtp import Mailbox  # noqa: E402
from vardkase.intake.listen.places import EXAMPLE, Allowed, Place, places  # noqa: E402
from vardkase.intake.listen.syslog import (  # noqa: E402
    Datagrams,
    Senders,
    datagram_socket,
    tls,
)
from vardkase.lib import logs  # noqa: E402
from vardkase.lib.console import gettext as _  # noqa: E402
from vardkase.lib.trouble import Trouble  # noqa: E402

log = logging.getLogger(__name__)


class Listening:
    """All that is open, and those who look after it."""

    def __init__(self, collector: Collector) -> None:
        allowed = Allowed(settings.LISTEN_FROM)
        self.collector = collector
        self.allowed = allowed
        self.senders = Senders(collector)
        self.lines = Entrance("syslog", allowed, collector.refused)
        self.mails = Entrance("lmtp", allowed, collector.refused)
        self.doors: list[socket.socket] = []
        self.datagrams: list[asyncio.DatagramTransport] = []
        pump, tell = collector.pump(), collector.refused.tell()
        self.tasks = [asyncio.create_task(pump), asyncio.create_task(tell)]

    async def open(self, place: Place) -> None:
        """Raises `Trouble` where that cannot be."""
        try:
            if place.kind == "udp":
                await self.take_datagrams(place)
            elif place.kind == "lmtp":
                self.keep(place, self.mails, Mailbox().serve)
            else:
                safe = certified() if place.kind == "tls" else None
                self.keep(place, self.lines, self.senders.serve(place.source, safe))
        except OSError as fault:
            where = {"where": f"{place.kind} {place.host} {place.port}", "why": fault.strerror}
            told = _("Cannot listen at %(where)s: %(why)s.") % where
            fix = _(
                "mend VARDKASE_LISTEN or VARDKASE_LISTEN_CERTIFICATE; ports under 1024 need rights"
            )
            raise Trouble(told, fix=fix) from fault
        log.info("listening: %s %s port %d", place.kind, place.host, place.port)

    async def take_datagrams(self, place: Place) -> None:
        opened = datagram_socket(place)
        self.collector.refused.watch(opened)
        transport, _protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Datagrams(self.collector, self.allowed, place.source), sock=opened
        )
        self.datagrams.append(transport)

    def keep(self, place: Place, entrance: Entrance, serve: Serve) -> None:
        self.doors.append(door(place))
        self.tasks.append(asyncio.create_task(entrance.keep(self.doors[-1], serve)))

    async def close(self) -> None:
        """Let nobody in, take what has come, and store it."""
        await ended(self.tasks)
        self.collector.refused.look()  # while the kernel knows the sockets
        for opened in self.doors:
            opened.close()
        for transport in self.datagrams:
            transport.close()
        self.senders.stop()
        await ended([*self.lines.guests, *self.mails.guests])
        await self.collector.refused.say()
        await self.collector.close()


def certified() -> ssl.SSLContext:
    return tls(settings.LISTEN_CERTIFICATE, settings.LISTEN_KEY, settings.LISTEN_AUTHORITY)


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait for one of them to end. One of ours never does, but by a fault, which is raised: a
    process that went on would take in what it never stores, and no other would begin."""
    done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def listen(
    where: list[Place],
    stopping: asyncio.Event,
    ready: Callable[[], None],
    collector: Collector | None = None,
) -> int:
    """Take in until `stopping`; returns how many lines were stored."""
    listening = Listening(collector or Collector(settings.LISTEN_PROCESSES))
    try:
        for place in where:
            await listening.open(place)
        ready()
        await first_of(asyncio.create_task(stopping.wait()), *listening.tasks)
    finally:
        await listening.close()
    return listening.collector.stored


def run(ready: Callable[[], None] = lambda: None) -> int:
    """Listen where `VARDKASE_LISTEN` says, until SIGTERM or SIGINT."""
    where = places(settings.LISTEN)
    if not where:
        raise Trouble(_("Nothing says where to listen."), fix=EXAMPLE)

    more_files()

    async def until_asked() -> int:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        return await listen(where, stopping, ready)

    return asyncio.run(until_asked())


if __name__ == "__main__":
    logs.set_up()
    run()
