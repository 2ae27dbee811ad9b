"""Syslog over TCP (RFC 6587), TLS (RFC 5425) and UDP (RFC 5426)."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from ..framing import Framing
from .collecting import Collector
from .places import Allowed, Place

AT_ONCE = 65_536  # bytes of one read
LONGEST = 262_144  # bytes of a line; what is longer is cut
MOST_CONNECTIONS = 500
RECEIVE_BUFFER = 8 * 1024 * 1024  # bytes that the kernel keeps of datagrams while we store
log = logging.getLogger(__name__)

type Reader = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Connections:
    """The senders that are connected, each read until it hangs up or we stop."""

    def __init__(self, collector: Collector, allowed: Allowed) -> None:
        self.collector = collector
        self.allowed = allowed
        self.open: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, asyncio.StreamReader]] = {}

    def reader(self, place: Place) -> Reader:
        async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            address = (writer.get_extra_info("peername") or ("",))[0]
            if address not in self.allowed or len(self.open) >= MOST_CONNECTIONS or task is None:
                log.warning("a sender was turned away: %s", address)
                writer.close()
                return
            self.open[task] = (writer, reader)
            try:
                await self.lines(reader, place.source)
            finally:
                del self.open[task]
                writer.close()

        return read

    async def lines(self, reader: asyncio.StreamReader, source: str) -> None:
        """Every line until the end, that of a connection which is cut too."""
        framing = Framing(most=LONGEST)
        try:
            while data := await reader.read(AT_ONCE):
                await self.collector.add(source, framing.feed(data))
        except OSError as end:
            log.info("a connection ended: %s", type(end).__name__)
        await self.collector.add(source, framing.close())

    async def close(self) -> None:
        """Stop reading; what has come over the network goes to the collector, whole."""
        for writer, reader in self.open.values():
            if isinstance(writer.transport, asyncio.Transport):
                writer.transport.pause_reading()
            reader.feed_eof()
        await asyncio.gather(*self.open)


class Datagrams(asyncio.DatagramProtocol):
    """One message a datagram."""

    def __init__(self, collector: Collector, allowed: Allowed, source: str) -> None:
        self.collector = collector
        self.allowed = allowed
        self.source = source

    def datagram_received(self, data: bytes, addr: Any) -> None:
        line = data.strip(b"\0\r\n")
        if line.strip() and addr[0] in self.allowed:
            self.collector.put_or_lose(self.source, line)


def tls(certificate: str, key: str, authority: str = "") -> ssl.SSLContext:
    """The server's side; with an `authority`, senders must show a certificate of it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key or None)
    if authority:
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def datagram_socket(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    made.setblocking(False)
    made.bind((place.host, place.port))
    return made
