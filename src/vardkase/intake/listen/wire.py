"""The bytes of an LMTP conversation: commands in, answers out, mails laid on disk as they come.

A line ends with CR LF and a mail with CR LF . CR LF, and with nothing else: who takes a bare LF for
either can be made to see a mail within a mail (RFC 5321, 2.3.8 and 4.1.1.4).
"""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile

AT_ONCE = 65_536  # bytes of one read
LONGEST = 4_096  # bytes of a command
SILENCE = 300.0  # seconds that the mail server may say nothing, or take nothing
IN_MEMORY = 1024 * 1024  # bytes of a mail that come without the disk
END = b"\r\n.\r\n"
_WORDS = re.compile(rb"[^\0-\x1f\x7f]*")


class Hung(Exception):
    """The other side has gone, or says nothing sensible any more."""


class Wire:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.rest = b""

    async def more(self) -> bytes:
        try:
            async with asyncio.timeout(SILENCE):
                data = await self.reader.read(AT_ONCE)
        except OSError as end:  # a time-out is one
            raise Hung from end
        if not data:
            raise Hung
        return data

    async def line(self) -> str:
        """The next command; one that holds control characters comes as one that means nothing."""
        while b"\r\n" not in self.rest:
            if len(self.rest) > LONGEST:
                await self.say("500 5.5.2 Too long a line")
                raise Hung
            self.rest += await self.more()
        line, _, self.rest = self.rest.partition(b"\r\n")
        if len(line) > LONGEST or not _WORDS.fullmatch(line):
            return ""
        return line.decode("utf-8", "replace")

    async def say(self, words: str) -> None:
        self.writer.write(words.encode() + b"\r\n")
        try:
            async with asyncio.timeout(SILENCE):
                await self.writer.drain()
        except OSError as end:
            raise Hung from end

    @contextlib.contextmanager
    def mail(self, folder: Path, most: int) -> Iterator["Coming"]:
        with SpooledTemporaryFile(IN_MEMORY, dir=str(folder)) as file:
            yield Coming(self, file, most)

    def close(self) -> None:
        """At once: what the other side does not read would keep the connection's file in use."""
        self.writer.transport.abort()


class Coming:
    """A mail on its way in; of one that is too large no more is kept, but its end is awaited."""

    def __init__(self, wire: Wire, file: SpooledTemporaryFile[bytes], most: int) -> None:
        self.wire = wire
        self.file = file
        self.most = most
        self.size = -len(b"\r\n")  # the line end of DATA itself stands before the first line
        self.has_failed = False

    async def read(self) -> None:
        """Until its end."""
        held = b"\r\n" + self.wire.rest
        self.wire.rest = b""
        while (end := held.find(END)) < 0:
            self.keep(held[: 1 - len(END)])
            held = held[1 - len(END) :] + await self.wire.more()
        self.keep(held[: end + 2])
        self.wire.rest = held[end + len(END) :]

    def keep(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.most or self.has_failed:
            return
        try:
            self.file.write(data)
        except OSError:
            self.has_failed = True

    def content(self) -> bytes:
        """The mail, without what was laid in front of lines that begin with a dot."""
        self.file.seek(0)
        return self.file.read().replace(b"\r\n.", b"\r\n")[2:]
