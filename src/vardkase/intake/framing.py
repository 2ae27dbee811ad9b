"""Messages out of a stream of bytes: a line each, or counted octets (RFC 6587), also mixed."""

import re
from collections.abc import Iterator

MOST = 1 << 20  # bytes that a connection may send as one message; what is longer is cut
_COUNTED = re.compile(rb"([1-9][0-9]{0,6}) (?=<[0-9])")
_MAYBE_COUNTED = re.compile(rb"[1-9][0-9]{0,6}(?: (?:<)?)?\Z")
_LINE = re.compile(rb"\n|\0(?=<[0-9])")  # a NUL may stand for the line feed
_TRAILERS = b"\0\r\n"
_BETWEEN = re.compile(rb"[\0\r\n]+")


class Framing:
    """Takes a connection's bytes as they come, and gives whole messages back."""

    def __init__(self, most: int = MOST) -> None:
        self.rest = b""
        self.most = most
        self.searched = 0  # bytes of `rest` in which no line ends: looked at once, not at each feed

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes."""
        found: list[bytes] = []
        buffer = self.rest + data
        at = self._take(buffer, found, whole=False)
        self.rest = buffer[at:]
        if len(self.rest) > self.most + len("1048576 "):
            found.append(self.rest[: self.most])
            self.rest, self.searched = self.rest[self.most :], 0
        return found

    def close(self) -> list[bytes]:
        """What was left when the sender hung up, in the middle of a line or not."""
        found: list[bytes] = []
        at = self._take(self.rest, found, whole=True)
        _keep(self.rest[at:], found)
        self.rest = b""
        return found

    def _take(self, buffer: bytes, found: list[bytes], *, whole: bool) -> int:
        at, end = 0, len(buffer)
        searched, self.searched = self.searched, 0
        while at < end:
            if buffer[at] in _TRAILERS:
                at = _over(buffer, at)
                continue
            step = _counted(buffer, at, whole=whole) if 49 <= buffer[at] <= 57 else 0
            if step is None:
                break
            if step:
                start = buffer.index(b" ", at) + 1
                _keep(buffer[start : at + step], found)
                at += step
                continue
            line = _LINE.search(buffer, max(at, searched))
            if line is None:
                self.searched = max(0, end - at - len(b"\0<"))
                break
            _keep(buffer[at : line.start()], found)
            at = line.end()
        return at


def _over(buffer: bytes, at: int) -> int:
    between = _BETWEEN.match(buffer, at)
    return between.end() if between else at


def _counted(buffer: bytes, at: int, *, whole: bool) -> int | None:
    """Octets of the counted message at `at`; 0 if it is none; None if more must come first.

    A count that does not end where a message can begin was a number in a line.
    """
    count = _COUNTED.match(buffer, at)
    if count is None:
        return None if not whole and _MAYBE_COUNTED.match(buffer, at) else 0
    end = count.end() + int(count[1])
    if end <= len(buffer):
        return end - at if _fits(buffer, end) else 0
    if not whole:
        return None if int(count[1]) <= MOST else 0
    return len(buffer) - at if b"\n" not in buffer[at:] else 0


def _fits(buffer: bytes, end: int) -> bool:
    return end == len(buffer) or buffer[end] in b"123456789<\0\r\n"


def _keep(raw: bytes, found: list[bytes]) -> None:
    raw = raw.strip(_TRAILERS)
    if raw.strip():
        found.append(raw)


def frames(body: bytes) -> Iterator[bytes]:
    """The messages of a whole batch; blank lines do not count."""
    framing = Framing(most=len(body))
    yield from framing.feed(body)
    yield from framing.close()
