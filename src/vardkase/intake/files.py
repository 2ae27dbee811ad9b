"""Files of messages, part by part: each part is stored together with how far the file was read,
so that whatever stops the reading, it goes on there and takes nothing twice."""

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import batched, islice
from pathlib import Path
from typing import BinaryIO

import msgspec
from django.db import transaction

from vardkase.detections.models import FileMark
from vardkase.detections.rules import Answer, Fault
from vardkase.detections.storage import store

from .batch import GZIP, MOST_MESSAGES, folded, read
from .source import Message, Source

PART = 1024 * 1024  # bytes read at a time
HEAD = 512  # bytes that a file is known by
LONGEST = 64 * 1024 * 1024  # bytes of one line
WHOLE = 256 * 1024 * 1024  # bytes of a file that is taken whole
DESCRIBING = 65_536  # bytes at a file's beginning that are searched for lines to carry

ARRAY = re.compile(rb"\[\s*(?:[{\[\]\"]|\Z)")  # `[2026-11-20 ...]` begins a line of a log file


class TooLong(ValueError):
    """The file is, or holds a line, longer than is taken."""


class Reader:
    """One file of one source, opened where it was left. `told` sums up what was taken in."""

    def __init__(self, source: Source, path: Path, *, again: bool = False) -> None:
        """`again`: from its beginning, whatever is in already. Raises `OSError`."""
        self.source, self.path, self.told = source, path, Answer()
        self.offset = self.messages = 0
        self.is_left = False  # another file has taken its place
        self.file, self.packed = opened(path)
        info = os.fstat(self.file.fileno())
        self.place = (info.st_dev, info.st_ino)
        self.key = f"{source.name}:{info.st_dev}:{info.st_ino}"
        self.whole = source.whole or is_one_document(self.at(0, PART))
        self.head_size = 0
        self.know()
        if not again:
            self.go_on()
        self.carried = self.describing(self.at(0, min(self.offset, DESCRIBING)), b"")

    def go_on(self) -> None:
        mark = FileMark.objects.filter(file=self.key).first()
        if mark is None or digest(self.at(0, mark.head_size)) != bytes(mark.head):
            return
        if self.packed or self.whole or mark.offset <= self.size():
            self.offset, self.messages = mark.offset, mark.messages

    def know(self) -> None:
        """Take the file's first bytes for its mark, as many as there are by now."""
        if self.head_size < HEAD:
            head = self.at(0, HEAD)
            self.head_size, self.head = len(head), digest(head)

    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def at(self, offset: int, size: int) -> bytes:
        self.file.seek(offset)
        return self.file.read(size)

    def has_moved(self) -> bool:
        """Whether another file stands at the path now, or this one was emptied."""
        try:
            info = self.path.stat()
        except OSError:
            return False
        emptied = not self.whole and not self.packed and info.st_size < self.offset
        return emptied or self.place != (info.st_dev, info.st_ino)

    def take_in(self, now: datetime, *, growing: bool = False) -> Iterator[int]:
        """Store part after part; yields the bytes (or messages) done. A file that is `growing` is
        read to the end of its last whole line."""
        yield from self.document(now) if self.whole else self.lines(now, growing=growing)

    def lines(self, now: datetime, *, growing: bool) -> Iterator[int]:
        while body := self.part(growing=growing):
            messages = read(self.source, self.carried + body, now, most=2**62)
            self.keep(messages, now, self.offset + len(body))
            self.carried = self.describing(body, self.carried)
            yield self.offset

    def document(self, now: datetime) -> Iterator[int]:
        body = self.at(0, WHOLE + 1)
        if len(body) > WHOLE:
            raise TooLong(f"more than {WHOLE // 1024 // 1024} MB")
        messages = islice(read(self.source, body, now, most=2**62), self.offset, None)
        for several in batched(messages, MOST_MESSAGES):
            self.keep(several, now, self.offset + len(several))
            yield self.offset

    def part(self, *, growing: bool) -> bytes:
        """The next lines: at most 2,000, and of about a megabyte; empty at the end."""
        size = PART
        while True:
            body = self.at(self.offset, size)
            end = body.rfind(b"\n") + 1
            if len(body) < size and not growing:
                end = len(body)
            if end or len(body) < size:
                break
            size *= 2
            if size > LONGEST:
                raise TooLong(f"a line of more than {LONGEST // 1024 // 1024} MB")
        return first_lines(body[:end], MOST_MESSAGES)

    def keep(self, messages: Iterable[Message], now: datetime, offset: int) -> None:
        """One transaction: messages, and how far the file is read."""
        batch = folded(self.source, messages, now)
        self.know()
        with transaction.atomic():
            answer = batch.answer(store(batch))
            FileMark.objects.update_or_create(
                file=self.key,
                defaults={
                    "name": called(self.path), "head_size": self.head_size, "head": self.head,
                    "offset": offset, "messages": self.messages + answer.received, "at": now,
                },
            )  # fmt: skip
        shifted = [Fault(self.messages + f.line, f.error) for f in answer.rejected]
        add(self.told, msgspec.structs.replace(answer, rejected=shifted))
        self.offset, self.messages = offset, self.messages + answer.received

    def describing(self, body: bytes, known: bytes) -> bytes:
        """The lines that describe those below them, the latest such."""
        if not self.source.carry:
            return b""
        lines = [x + b"\n" for x in body.split(b"\n") if x.startswith(self.source.carry)]
        return b"".join(lines) or known


def called(path: Path) -> str:
    return str(path.absolute())[:1000]


def opened(path: Path) -> tuple[BinaryIO, bool]:
    """The file, unpacked if it is gzip, and whether it was packed."""
    found = path.open("rb")
    packed = found.read(2) == GZIP
    found.seek(0)
    return (gzip.GzipFile(fileobj=found), True) if packed else (found, False)  # type: ignore[return-value]


def digest(head: bytes) -> bytes:
    return sha256(head).digest()


def first_lines(body: bytes, most: int) -> bytes:
    if body.count(b"\n") <= most:
        return body
    end = -1
    for _ in range(most):
        end = body.index(b"\n", end + 1)
    return body[: end + 1]


def is_one_document(head: bytes) -> bool:
    """An array, XML, or an object over many lines: cut at a line's end it would be nothing."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if ARRAY.match(bare) or bare[:1] == b"<" and not bare[1:2].isdigit():  # <34> begins a line
        return True
    line = bare.partition(b"\n")[0].rstrip()
    return bare[:1] == b"{" and line.endswith((b"{", b"[", b",", b":"))


def add(total: Answer, more: Answer) -> None:
    for name in ("received", "new", "folded", "skipped", "set_aside"):
        setattr(total, name, getattr(total, name) + getattr(more, name))
    total.rejected += more.rejected
