"""On which line of a TOML file a value stands, so that a finding can point at it.

Walks text that tomllib has already accepted, and therefore need not judge it.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)


class _Key(NamedTuple):
    parts: tuple[str, ...]
    end: int


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.ends = [found.start() for found in re.finditer("\n", text)]
        self.lines: dict[Place, int] = {(): 1}
        self.rows: dict[Place, int] = {}  # arrays of tables: the row we are in

    def mark(self, place: Place, pos: int) -> None:
        self.lines.setdefault(place, bisect_right(self.ends, pos - 1) + 1)

    def over(self, pattern: re.Pattern[str], pos: int) -> int:
        found = pattern.match(self.text, pos)
        return found.end() if found else pos

    def part(self, pos: int) -> _Key:
        if self.text[pos] in "\"'":
            end = self.over(_STRING, pos)
            return _Key((self.text[pos + 1 : end - 1],), end)
        end = self.over(_BARE, pos)
        return _Key((self.text[pos:end],), end)

    def key(self, pos: int) -> _Key:
        parts, pos = self.part(self.over(_BLANK, pos))
        pos = self.over(_BLANK, pos)
        while self.text[pos : pos + 1] == ".":
            more, pos = self.part(self.over(_BLANK, pos + 1))
            parts, pos = parts + more, self.over(_BLANK, pos)
        return _Key(parts, pos)

    def pair(self, inside: Place, pos: int) -> int:
        start, (parts, pos) = pos, self.key(pos)
        for count in range(1, len(parts) + 1):
            self.mark(inside + parts[:count], start)
        return self.value(inside + parts, self.over(_BLANK, pos + 1))

    def value(self, place: Place, pos: int) -> int:
        self.mark(place, pos)
        if self.text[pos] == "[":
            return self.array(place, pos)
        if self.text[pos] == "{":
            return self.table(place, pos)
        if self.text[pos] in "\"'":
            return self.over(_STRING, pos)
        return self.over(_SCALAR, pos)

    def array(self, place: Place, pos: int) -> int:
        pos, count = self.over(_BETWEEN, pos + 1), 0
        while self.text[pos] != "]":
            pos = self.over(_BETWEEN, self.value((*place, count), pos))
            count += 1
        return pos + 1

    def table(self, place: Place, pos: int) -> int:
        pos = self.over(_BETWEEN, pos + 1)
        while self.text[pos] != "}":
            pos = self.over(_BETWEEN, self.pair(place, pos))
        return pos + 1

    def header(self, pos: int) -> tuple[Place, int]:
        """Where the table or the row of tables that begins here lies."""
        double = self.text.startswith("[[", pos)
        parts, end = self.key(pos + 2 if double else pos + 1)
        inside: Place = ()
        for part in parts[:-1]:
            inside = (*inside, part)
            self.mark(inside, pos)
            if inside in self.rows:
                inside = (*inside, self.rows[inside])
        inside = (*inside, parts[-1])
        self.mark(inside, pos)
        if double:
            self.rows[inside] = self.rows.get(inside, -1) + 1
            inside = (*inside, self.rows[inside])
            self.mark(inside, pos)
        return inside, end + (2 if double else 1)

    def walk(self) -> dict[Place, int]:
        inside: Place = ()
        pos = self.over(_BLANK, 0)
        while pos < len(self.text):
            if self.text[pos] == "[":
                inside, pos = self.header(pos)
            else:
                pos = self.pair(inside, pos)
            pos = self.over(_BLANK, pos)
        return self.lines


def lines_of(text: str) -> dict[Place, int]:
    """The line, from 1, of every key and element of the TOML `text`."""
    return _Walk(text).walk()


def nearest(lines: dict[Place, int], place: Place) -> int:
    """The line of `place`, or of what it should have stood in."""
    while place not in lines:
        place = place[:-1]
    return lines[place]
