"""A body of JSON taken apart into its messages, in whatever way they stand in it.

One object, an array, one value a line, values one after the other, RFC 7464 sequences, an object
over many lines. What cannot be read is a message of its own and takes none of the others with it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from vardkase.detections.alert import Alert

from .json_text import NotJson, decoded
from .source import Message, NotUnderstood, Unreadable, failed

type Alerts = tuple[Alert, ...]
type Parse = Callable[[bytes], Alerts]

SPACE = b" \t\r\n\x1e"
CONTINUED = re.compile(rb"[\s}\]\"]")  # how a line begins that goes on with the value above
NOTHING = (b"", b",", b"\xef\xbb\xbf")  # lines that are no message
OPENING = (b"{", b"[")
UNDONE = (b"{", b"[", b",", b":")  # how a line ends that the next one goes on from
BRACKETS = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+(?:"|\\?(?=\n)|\\?\Z)|[{}\[\]]')
BETWEEN = re.compile(rb"[ \t\r\x1e,]*")  # values that follow each other on a line
DEEPEST = 2_000  # brackets within brackets; what is deeper is not read
COMMAS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}\[\],]', re.DOTALL)
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def told(number: int, raw: bytes, parse: Parse) -> Message:
    """The same as `source.outcome` for a parser that knows when the body came."""
    try:
        return Message(number, raw, parse(raw))
    except Exception as fault:
        return failed(number, raw, fault)


def plain_lines(body: bytes) -> list[bytes] | None:
    """The lines of a body that looks like one object a line, to be tried before `Apart`."""
    if not body.startswith(b"{") or not _is_utf8(body):
        return None
    lines = body.split(b"\n")
    if lines[0].rstrip().endswith(UNDONE):
        return None
    return [raw for line in lines if (raw := line.strip(SPACE)) not in NOTHING]


class Apart:
    """A body being taken apart, from its beginning to its end, each byte looked at a bounded
    number of times."""

    def __init__(self, body: bytes, parse: Parse, *, spread: bool = True) -> None:
        self.body = body
        self.parse = parse
        self.spread = spread  # whether the elements of an array are messages
        self.place = 0
        self.number = 0
        self.joined = 0  # where a line ends that holds several values
        self.patience = 4 * len(body) + 65_536  # bytes that may be looked at in vain
        self.sound = _is_utf8(body)

    def messages(self) -> Iterator[Message]:
        yield from self.whole()
        body, parse, size = self.body, self.parse, len(self.body)
        while self.place < size:
            if self.place < self.joined:
                yield self.another()
                continue
            end = body.find(b"\n", self.place)
            end = size if end < 0 else end
            raw = body[self.place : end].strip(SPACE)
            if raw in NOTHING:
                self.place = end + 1
            elif raw[0] == 0x7B and self.sound:
                self.number += 1
                try:
                    yield Message(self.number, raw, parse(raw))
                    self.place = end + 1
                except NotJson:
                    yield self.mended(raw, end)
                except Exception as fault:
                    yield failed(self.number, raw, fault)
                    self.place = end + 1
            else:
                yield from self.odd(raw, end)

    def whole(self) -> Iterator[Message]:
        """The body as one value, where it looks like one that is longer than a line."""
        body = self.body.strip(SPACE)
        if body.startswith(b"[") and self.spread:
            try:
                elements = _elements.decode(body)
            except (msgspec.DecodeError, RecursionError):
                return
            self.place = len(self.body)
            for element in elements:
                yield self.next(bytes(element))
        elif body.startswith(b"{") and body.partition(b"\n")[0].rstrip().endswith(UNDONE):
            message = told(1, body, self.parse)
            if message.aside != str(NotJson()):
                self.place, self.number = len(self.body), 1
                yield message

    def next(self, raw: bytes) -> Message:
        self.number += 1
        return told(self.number, raw, self.parse)

    def mended(self, raw: bytes, end: int) -> Message:
        """The message that begins with `raw`, a line that is no value by itself."""
        if raw.endswith(b"},"):
            message = told(self.number, raw[:-1], self.parse)
            if message.aside != str(NotJson()):
                self.place = end + 1
                return message
        start = self.body.index(raw[:1], self.place)
        if close := self.close(start):
            piece = self.body[start:close]
            message = told(self.number, piece, self.parse)
            after = max(close, self.after(close, end))
            is_last = after >= end
            if message.aside != str(NotJson()) and (is_last or self.body[after] in b"{["):
                self.place, self.joined = (close, 0) if is_last else (after, end)
                return message
        self.place = self.block(start, end) if raw.endswith(UNDONE) else end + 1
        return Message(
            self.number, self.body[start : self.place].strip(SPACE), aside=str(NotJson())
        )

    def another(self) -> Message:
        """The next of the values on a line that holds several."""
        start, end = self.place, self.joined
        close = self.close(start) if self.body[start] in b"{[" else 0
        stop = close if close and close <= end else end
        self.place = self.after(stop, end)
        return self.next(self.body[start:stop].strip(SPACE))

    def after(self, place: int, end: int) -> int:
        """Where the next value begins, at most at `end`."""
        between = BETWEEN.match(self.body, place, end)
        return between.end() if between else place

    def odd(self, raw: bytes, end: int) -> Iterator[Message]:
        """A line that begins with no object: an array, words before an object, words alone."""
        start = self.body.index(raw[:1], self.place)
        try:
            decoded(raw)
        except Unreadable as problem:
            self.number += 1
            self.place = end + 1
            yield Message(self.number, raw, refused=str(problem))
            return
        if raw.startswith(b"{"):  # another line of the body was not UTF-8
            message = self.next(raw)
            if message.aside == str(NotJson()):
                yield self.mended(raw, end)
            else:
                self.place = end + 1
                yield message
        elif raw.startswith(b"[") and self.spread and (found := self.array(start, end)):
            self.place, elements = found
            for element in elements:
                yield self.next(element)
        else:
            self.place = end + 1
            yield self.worded(raw)

    def worded(self, raw: bytes) -> Message:
        """Words, perhaps with an object after them, as syslog writes it."""
        self.number += 1
        brace = raw.find(b"{")
        if brace > 0:
            message = told(self.number, raw[brace:], self.parse)
            if not message.aside:
                return message._replace(raw=raw)
        return Message(self.number, raw, aside=str(NotJson()))

    def array(self, start: int, end: int) -> tuple[int, list[bytes]] | None:
        """Where the array that begins at `start` ends, and its elements; None if it is none."""
        close = self.close(start)
        if close and self.body[close:end].strip(SPACE):
            return None
        if not close and self.number:
            return None
        inside = self.body[start + 1 : close - 1 if close else None]
        elements = [e for e in self.elements(inside) if e]
        if not elements or all(e.startswith(OPENING) for e in elements):
            return close or len(self.body), elements
        return None

    def elements(self, inside: bytes) -> Iterator[bytes]:
        """What stands between the commas of an array, whole or cut off."""
        depth = begun = 0
        for mark in COMMAS.finditer(inside):
            sign = mark[0]
            if sign in b"{[":
                depth += 1
            elif sign in b"}]":
                depth -= 1
            if depth > DEEPEST:
                break
            if sign == b"," and depth == 0:
                yield inside[begun : mark.start()].strip(SPACE)
                begun = mark.end()
        yield inside[begun:].strip(SPACE)

    def close(self, start: int) -> int:
        """Just after the bracket that closes the one at `start`; 0 if none does."""
        depth, last = 0, start
        if self.patience <= 0:
            return 0
        for mark in BRACKETS.finditer(self.body, start):
            sign, last = mark[0], mark.end()
            if sign in b"{[":
                depth += 1
            elif sign in b"}]":
                depth -= 1
                if depth == 0:
                    self.patience -= last - start
                    return last
            if depth > DEEPEST or last - start > self.patience:
                break
        self.patience -= last - start
        return 0

    def block(self, start: int, end: int) -> int:
        """Where the lines end that look as if they went on with the value at `start`."""
        size = len(self.body)
        while end < size and CONTINUED.match(self.body, end + 1):
            following = self.body.find(b"\n", end + 1)
            end = size if following < 0 else following
        return end


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def understood(found: Iterable[Any], read: Callable[[Any], Iterable[Alert]]) -> Alerts:
    """The alerts of a list's elements; raises only if none of them was understood."""
    alerts: list[Alert] = []
    fault: NotUnderstood | None = None
    some = False
    for each in found:
        try:
            alerts += read(each)
            some = True
        except NotUnderstood as problem:
            fault = problem
    if fault and not some:
        raise fault
    return tuple(alerts)
