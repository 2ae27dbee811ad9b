"""What follows for a message: when it may leave, when it is tried again, and what it says.

Pure. Times are aware; quiet hours are Swedish wall-clock time and may pass midnight.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from vardkase.policy.parameter import SWEDEN

FIRST_PAUSE = timedelta(seconds=15)  # before the second try; doubled each time
LONGEST_PAUSE = timedelta(minutes=10)
NEXT_CHANNEL = 3  # failures after which the next channel is tried as well
SCHEMES = {  # how Apprise writes the address of each service
    "teams": ("workflows",),
    "slack": ("slack",),
    "mattermost": ("mmost", "mmosts"),
    "matrix": ("matrix", "matrixs"),
    "ntfy": ("ntfy", "ntfys"),
}
LONGEST = 500  # characters of an address
PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,30}")
MOST_TRIES = 1000  # about a week: longer than a mail server is ever away over holidays


def quiet(at: datetime, start: time | None, end: time | None) -> bool:
    """Whether `at` lies in the quiet hours; `start` included, `end` not; equal ends mean none."""
    if start is None or end is None or start == end:
        return False
    clock = at.astimezone(SWEDEN).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def may_leave(at: datetime, start: time | None, end: time | None, *, loud: bool) -> datetime:
    """The first moment from `at` on when a message may leave: now, or when quiet hours end."""
    if loud or end is None or not quiet(at, start, end):
        return at
    local = at.astimezone(SWEDEN)
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, SWEDEN)


def again(tries: int, at: datetime) -> datetime | None:
    """When to try the next time after `tries` failures; None when it is given up."""
    if tries >= MOST_TRIES:
        return None
    doublings = min(max(tries - 1, 0), 10)
    return at + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def fits(kind: str, address: str) -> bool:
    """Whether `address` is one of that kind of channel, and of no other."""
    if len(address) > LONGEST:
        return False
    if kind == "email":
        name, at, domain = address.rpartition("@")
        return bool(name and at and "." in domain and address.isprintable() and " " not in address)
    if kind == "sms":
        return PHONE.fullmatch(address) is not None
    scheme, slashes, rest = address.partition("://")
    return scheme in SCHEMES.get(kind, ()) and bool(slashes and rest) and address.isprintable()


@dataclass(frozen=True, slots=True)
class Words:
    """All that a message may say."""

    kind: str  # in the organisation's language
    case: str
    priority: int | None
    deadline: datetime | None
    link: str

    @property
    def title(self) -> str:
        """`P1 2026-0412 Larm`: what stands on a locked screen."""
        parts = [f"P{self.priority}" if self.priority else "", self.case, self.kind]
        return " ".join(part for part in parts if part)

    @property
    def text(self) -> str:
        lines = [f"{self.title}."]
        if self.deadline:
            lines.append(f"Frist {self.deadline.astimezone(SWEDEN):%Y-%m-%d %H:%M}.")
        return " ".join([*lines, self.link])
