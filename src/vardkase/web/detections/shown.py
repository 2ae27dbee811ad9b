"""How alarms are drawn: their rate as a small picture, a message as it can be read."""

import json
from dataclasses import dataclass

from vardkase.detections.models import Detection, Raw

from .reasons import said

LONGEST = 20_000  # characters of a message that are shown
HEIGHT, STEP = 24, 3  # of the picture, in its own units: its height, and an hour


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts of the last hours as bars; `bars` are (x, y, height), those that are not empty."""

    counts: list[int]

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        most = max(self.counts)
        tall = [max(2, round(HEIGHT * n / most)) if n else 0 for n in self.counts]
        return [(STEP * at, HEIGHT - size, size) for at, size in enumerate(tall) if size]

    @property
    def width(self) -> int:
        return STEP * len(self.counts)

    @property
    def day(self) -> int:
        return sum(self.counts[-24:])

    @property
    def hour(self) -> int:
        return self.counts[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    group: Detection
    rate: Rate
    case: str  # the number of the case that it belongs to, if any

    @property
    def severity(self) -> "Severity":
        return Severity(self.group.severity)


@dataclass(frozen=True, slots=True)
class Severity:
    """In words; the colour is that of a priority, 5 being the mildest."""

    level: int

    @property
    def mark(self) -> str:
        return f"p{6 - self.level}"

    @property
    def words(self) -> str:
        return str(Detection.Severity(self.level).label)


@dataclass(frozen=True, slots=True)
class Told:
    """A message to be read: indented where that loses nothing, and as it came."""

    raw: Raw

    @property
    def why(self) -> str | None:
        """Why it was set aside, if the reason is one of ours."""
        return said(self.raw.aside or "")

    @property
    def plain(self) -> str:
        return self.text[:LONGEST]

    @property
    def text(self) -> str:
        return bytes(self.raw.body or b"").decode("utf-8", "backslashreplace")

    @property
    def is_cut(self) -> bool:
        return len(self.text) > LONGEST

    @property
    def pretty(self) -> str:
        """The message indented; empty if it is no JSON, or says so already."""
        text = self.text
        if not text.lstrip().startswith(("{", "[")):
            return ""
        try:
            found = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            return ""
        return found[:LONGEST] if found != text else ""
