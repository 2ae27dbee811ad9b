"""Syslog over TCP (RFC 6587), TLS (RFC 5425) and UDP (RFC 5426)."""

import asyncio
import socket
import ssl
from asyncio.sslproto import SSLProtocol
from typing import Any

from ..framing import Framing
from .collecting import Collector
from .entrance import Serve
from .places import Allowed, Place

LONGEST = 262_144  # bytes of a line; what is longer is cut
TURN = 1_000  # lines that a sender hands over before it is the next one's turn
HANDSHAKE = 10.0  # seconds: who says nothing, or no TLS, holds no connection longer
RECEIVE_BUFFER = 8 * 1024 * 1024  # bytes that the kernel keeps of datagrams while we store
# asyncio gives each TLS connection 256 KiB, which a thousand silent ones would fill our memory
# with. A TLS record has 16 KiB.
SSLProtocol.max_size = 32 * 1024


class Sender(asyncio.Protocol):
    """One connection, read until it hangs up or we stop. While there is no room it is not read."""

    def __init__(self, collector: Collector, source: str, address: str) -> None:
        self.collector = collector
        self.source = source
        self.address = address
        self.framing = Framing(most=LONGEST)
        self.held: list[bytes] = []
        self.waits = False
        self.has_hung_up = False
        self.gone = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.hand_over(self.framing.feed(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """What was cut is a line too. The place is held until it is handed over."""
        self.has_hung_up = True
        self.hand_over(self.framing.close())

    def hand_over(self, lines: list[bytes]) -> None:
        self.held += lines
        if not self.waits:
            while self.held and self.collector.has_room:
                self.put_some()
            self.wait_or_go_on()

    def take_turn(self) -> None:
        self.waits = False
        self.put_some()
        self.wait_or_go_on()

    def put_some(self) -> None:
        self.collector.add(self.source, self.held[:TURN])
        del self.held[:TURN]

    def wait_or_go_on(self) -> None:
        self.waits = bool(self.held)
        if self.waits:
            self.collector.turns.line_up(self)
        elif self.has_hung_up:
            self.leave()
        if self.transport and not self.transport.is_closing():
            self.transport.pause_reading() if self.waits else self.transport.resume_reading()

    def leave(self) -> None:
        if not self.gone.done():
            self.gone.set_result(None)

    def stop(self) -> None:
        """We end: what has come over the network goes to the collector, whole."""
        if self.gone.done():
            return
        self.collector.add(self.source, self.held + self.framing.close())
        self.held = []
        if self.transport:
            self.transport.abort()
        self.leave()


class Senders:
    """All that are connected."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.open: set[Sender] = set()

    def serve(self, source: str, tls: ssl.SSLContext | None) -> Serve:
        """Read lines of that source from whoever has come in."""

        async def read(came: socket.socket, address: str) -> None:
            sender = Sender(self.collector, source, address)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: sender, came, ssl=tls, ssl_handshake_timeout=HANDSHAKE if tls else None
            )
            self.open.add(sender)
            try:
                await sender.gone
            finally:
                self.open.discard(sender)

        return read

    def stop(self) -> None:
        for sender in list(self.open):
            sender.stop()


class Datagrams(asyncio.DatagramProtocol):
    """One message a datagram."""

    def __init__(self, collector: Collector, allowed: Allowed, source: str) -> None:
        self.collector = collector
        self.allowed = allowed
        self.source = source

    def datagram_received(self, data: bytes, addr: Any) -> None:
        line = data.strip(b"\0\r\n")
        if addr[0] not in self.allowed:
            self.collector.refused.note("stranger", addr[0])
        elif line.strip():
            self.collector.put(self.source, line, is_datagram=True)


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
