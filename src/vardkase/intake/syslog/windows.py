"""What Windows' event log says by way of Snare, and whose account its words are about.

InterSect Alliance, Snare for Windows Agent Guide: fields between tabs, known by their places.
"""

import re

from .about import LOOKED_AT, About, about
from .log import Log

LONGEST = 8_000  # characters that are read
_MARK = "MSWinEventLog"
_TABS = re.compile(r"\t|#011")
_LEVEL = {"failure audit": "warning", "error": "err", "warning": "warning", "critical": "crit"}
_SAYS_NO_ONE = ("-", "n/a", "unknown user", "")
_ACCOUNT = re.compile(r"\bAccount Name:\s{1,8}([^\s:]{1,64})")
_FROM = re.compile(r"\bSource Network Address:\s{1,8}([0-9a-fA-F:.]{3,45})\b")


def snare(text: str) -> Log | None:
    """The event that the message is; None if Snare did not write it."""
    if not text.startswith(_MARK):
        return None
    values = [value.strip() for value in _TABS.split(text[:LONGEST])]
    if len(values) < 14 or not values[5].isdecimal():
        return None
    log, event, maker, named, kind, computer = (values[n] for n in (2, 5, 6, 7, 9, 10))
    said = values[13]
    who = about(said, "", {}, {})
    user = account(said) or (named if named.lower() not in _SAYS_NO_ONE else "")
    return Log(
        title=f"{maker} {event}: {said.partition('.')[0][:200] or kind}",
        rule=f"Windows/{log}/{maker}/{event}",
        severity=_LEVEL.get(kind.lower(), "info"),
        about=About(origin(said) or who.source, computer, user),
        fields={"EventID": event, "Channel": log, "EventType": kind, "Computer": computer},
    )


def of_windows(said: str, who: About) -> About:
    """Whom the words of an event are about, where they are those of Windows."""
    if "Account Name:" not in said:
        return who
    return who._replace(source=origin(said) or who.source, user=account(said) or who.user)


def account(said: str) -> str:
    """The last account that the words of an event name: that which was tried, not who asked."""
    names = _ACCOUNT.findall(said[: 4 * LOOKED_AT])
    return next((name for name in reversed(names) if name.lower() not in _SAYS_NO_ONE), "")


def origin(said: str) -> str:
    found = _FROM.search(said[: 4 * LOOKED_AT])
    return found[1] if found else ""
