"""LMTP (RFC 2033): where the organisation's mail server hands over what is sent to the intake.

A mail is answered for when it is stored. A fault of ours is told as one that passes (4xx), so that
the mail server keeps the mail and tries again; only too large a mail is refused for good.
"""

import asyncio
import logging
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings
from django.db import DataError, Error, close_old_connections
from django.utils import timezone

from vardkase.policy.parameter import parameter

from ..mail_in import receive, set_aside
from .wire import Coming, Hung, Wire

AT_ONCE = 2  # mails that are read at the same time
LARGE = 2 * 1024 * 1024  # bytes of a mail; of such only one is read at a time, for its memory
MOST_RECIPIENTS = 100
MOST_WRONG = 20  # commands that mean nothing; a mail server sends none
CAN = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 Not stored; try again later"
TOO_LARGE = "552 5.3.4 Larger than is taken"
NO_ROOM = "452 4.3.1 The disk is full; try again later"
OUT_OF_TURN = "503 5.5.1 Not now"
_PATH = re.compile(r"(?:FROM|TO): ?<([^<>]{0,1000})>((?: [!-~]+)*) ?", re.IGNORECASE)
log = logging.getLogger(__name__)


class Readers:
    """Threads that read and store mails."""

    def __init__(self) -> None:
        self.small: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail")
        self.large: Final = ThreadPoolExecutor(1, thread_name_prefix="large-mail")


class Mailbox:
    """Takes every mail to every address: which ones come here is the mail server's affair."""

    def __init__(self) -> None:
        self.readers: Final = Readers()

    async def serve(self, came: socket.socket, address: str) -> None:
        """A conversation with the mail server."""
        wire = Wire(*await asyncio.open_connection(sock=came))
        try:
            await Conversation(wire, self.readers).hold()
        except Hung:
            log.info("a mail server hung up")
        finally:
            wire.close()


class Conversation:
    """What was said since LHLO."""

    def __init__(self, wire: Wire, readers: Readers) -> None:
        self.wire = wire
        self.readers = readers
        self.greeted = False
        self.sender: str | None = None
        self.recipients = 0
        self.verbs: dict[str, Callable[[str], str]] = {
            "LHLO": self.lhlo,
            "MAIL": self.mail,
            "RCPT": self.rcpt,
            "RSET": self.rset,
            "NOOP": lambda _: "250 2.0.0 OK",
            "VRFY": lambda _: "252 2.1.5 Send, and see",
        }

    async def hold(self) -> None:
        await self.wire.say("220 Vardkase LMTP")
        wrong = 0
        while wrong < MOST_WRONG:
            line = await self.wire.line()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                await self.wire.say("221 2.0.0 Bye")
                return
            if verb == "DATA":
                await self.data(rest)
                continue
            answer = self.verbs[verb](rest) if verb in self.verbs else "500 5.5.2 Not understood"
            wrong += answer.startswith("5")
            await self.wire.say(answer)
        await self.wire.say("421 4.7.0 Too many errors")

    def lhlo(self, rest: str) -> str:
        self.rset("")
        self.greeted = True
        words = [f"250-{word}" for word in ("vardkase", *CAN)]
        return "\r\n".join([*words, f"250 SIZE {largest()}"])

    def rset(self, rest: str) -> str:
        self.sender, self.recipients = None, 0
        return "250 2.0.0 OK"

    def mail(self, rest: str) -> str:
        if not self.greeted or self.sender is not None:
            return OUT_OF_TURN
        path = _PATH.fullmatch(rest) if rest[:5].upper() == "FROM:" else None
        if path is None:
            return "501 5.5.4 MAIL FROM:<address>"
        size = re.search(r" SIZE=(\d{1,20})(?= |\Z)", path[2], re.IGNORECASE)
        if size and int(size[1]) > largest():
            return TOO_LARGE
        self.sender = path[1]
        return "250 2.1.0 OK"

    def rcpt(self, rest: str) -> str:
        if self.sender is None:
            return OUT_OF_TURN
        if rest[:3].upper() != "TO:" or not _PATH.fullmatch(rest):
            return "501 5.5.4 RCPT TO:<address>"
        if self.recipients >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        self.recipients += 1
        return "250 2.1.5 OK"

    async def data(self, rest: str) -> None:
        """One answer for each recipient, as LMTP wants; the mail is stored once."""
        if rest or not self.recipients:
            await self.wire.say(OUT_OF_TURN if not self.recipients else "501 5.5.4 DATA")
            return
        await self.wire.say("354 End with CR LF . CR LF")
        with self.wire.mail(settings.DATA, largest()) as came:
            await came.read()
            answer = await self.answer(came)
        await self.wire.say("\r\n".join([answer] * self.recipients))
        self.rset("")

    async def answer(self, came: Coming) -> str:
        if came.size > came.most:
            return TOO_LARGE
        if came.has_failed:
            return NO_ROOM
        reader = self.readers.large if came.size > LARGE else self.readers.small
        work = asyncio.get_running_loop().run_in_executor
        return await work(reader, lambda: stored(came.content(), self.sender))


def largest() -> int:
    """Bytes of a mail: as much as one file of a report, for it is kept as one."""
    megabytes: int = parameter("report.files").at(timezone.now()).value["each"]
    return megabytes * 1024 * 1024


def stored(raw: bytes, sender: str | None) -> str:
    """The answer to the mail server. What we fail on is set aside, and the next one is taken."""
    close_old_connections()
    try:
        log.info("mail: %s", receive(raw, sender=sender, at=timezone.now()))
    except Exception as fault:  # a mail must not stop the mails after it
        if isinstance(fault, Error | OSError) and not isinstance(fault, DataError):
            log.error("a mail was not stored: %s", type(fault).__name__)
            return LATER
        log.exception("a mail could not be read")
        return aside(raw, f"our reader failed: {type(fault).__name__}")
    return STORED


def aside(raw: bytes, why: str) -> str:
    try:
        set_aside(raw, why, timezone.now())
    except (Error, OSError):
        return LATER
    return STORED
