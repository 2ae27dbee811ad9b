"""A mail server on loopback that can be made to refuse, to be silent, or to hang up after DATA."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

LONGER_THAN_ANYBODY_WAITS = 3.0  # seconds, in tests


class Inbox:
    """What the server took in, and how it behaves just now."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.mood = "well"

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        if self.mood == "refuse":
            return "451 4.3.0 Try again later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.mood == "drop":
            server.transport.close()
            return "421 gone"
        if self.mood == "hang":
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
            return "451 4.3.0 Try again later"
        self.letters.append(envelope.content)
        return "250 Taken"


@contextmanager
def mail_server[T: Inbox](inbox: T) -> Iterator[tuple[T, int]]:
    """The inbox and the port."""
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
