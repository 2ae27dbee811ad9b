"""`vardkase intake`: listens for syslog and mail beside the web server, until it is asked to stop.

What came over TCP or TLS is stored before the process ends, unless it is killed. Mail is answered
for only when it is stored.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardkase.config.settings")
django.setup()

from django.conf import settings  # noqa: E402

from vardkase.intake.listen.collecting import Collector  # noqa: E402
from vardkase.intake.listen.lmtp import Mailbox, mail_server  # noqa: E402
from vardkase.intake.listen.places import EXAMPLE, Allowed, Place, places  # noqa: E402
from vardkase.intake.listen.syslog import (  # noqa: E402
    Connections,
    Datagrams,
    datagram_socket,
    tls,
)
from vardkase.lib.console import gettext as _  # noqa: E402
from vardkase.lib.trouble import Trouble  # noqa: E402

type Opened = asyncio.Server | asyncio.DatagramTransport
HANDSHAKE = 10.0  # seconds: who says nothing, or no TLS, holds no connection longer
log = logging.getLogger(__name__)


async def listen(
    where: list[Place],
    stopping: asyncio.Event,
    ready: Callable[[], None],
    collector: Collector | None = None,
) -> int:
    """Take in until `stopping`; returns how many lines were stored."""
    collector = collector or Collector(settings.LISTEN_PROCESSES)
    connections = Connections(collector, Allowed(settings.LISTEN_FROM))
    opened: list[Opened] = []
    ticking = asyncio.create_task(collector.tick())
    try:
        for place in where:
            opened.append(await open_place(place, connections))
            log.info("listening: %s %s port %d", place.kind, place.host, place.port)
        ready()
        await stopping.wait()
    finally:
        for each in opened:
            each.close()
        await connections.close()
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
        await collector.close()
    return collector.stored


async def open_place(place: Place, connections: Connections) -> Opened:
    loop = asyncio.get_running_loop()
    try:
        if place.kind == "udp":
            transport, _ = await loop.create_datagram_endpoint(
                lambda: Datagrams(connections.collector, connections.allowed, place.source),
                sock=datagram_socket(place),
            )
            return transport
        if place.kind == "lmtp":
            mailbox = Mailbox(connections.allowed)
            return await loop.create_server(lambda: mail_server(mailbox), place.host, place.port)
        reader = connections.reader(place)
        if place.kind != "tls":
            return await asyncio.start_server(reader, place.host, place.port)
        names = (settings.LISTEN_CERTIFICATE, settings.LISTEN_KEY, settings.LISTEN_AUTHORITY)
        return await asyncio.start_server(
            reader, place.host, place.port, ssl=tls(*names), ssl_handshake_timeout=HANDSHAKE
        )
    except OSError as fault:
        where = {"where": f"{place.kind} {place.host} {place.port}", "why": fault.strerror}
        told = _("Cannot listen at %(where)s: %(why)s.") % where
        fix = _("mend VARDKASE_LISTEN or VARDKASE_LISTEN_CERTIFICATE; ports under 1024 need rights")
        raise Trouble(told, fix=fix) from fault


def run(ready: Callable[[], None] = lambda: None) -> int:
    """Listen where `VARDKASE_LISTEN` says, until SIGTERM or SIGINT."""
    where = places(settings.LISTEN)
    if not where:
        raise Trouble(_("Nothing says where to listen."), fix=EXAMPLE)

    async def until_asked() -> int:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        return await listen(where, stopping, ready)

    return asyncio.run(until_asked())


if __name__ == "__main__":
    run()
