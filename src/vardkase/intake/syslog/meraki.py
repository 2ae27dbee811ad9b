"""Security events of Cisco Meraki: pairs, and what the signature is called at the end.

Cisco Meraki, Syslog Event Types and Log Samples.
"""

import re

from .about import about
from .log import Log

_START = re.compile(r"(?:security_event )?(ids[-_]alert(?:s|ed)|security_filtering_\w{1,40}) ")
_SIGNATURE = re.compile(r"\b(?:signature|name)=(\S{1,100})")
_PRIORITY = re.compile(r"\bpriority=([1-4])\b")
_LEVELS = ("", "crit", "err", "warning", "notice")  # Snort's: 1 is the highest


def meraki(text: str) -> Log | None:
    """The event that the message is; None if it is none."""
    start = _START.match(text)
    if start is None:
        return None
    signature, priority = _SIGNATURE.search(text[:600]), _PRIORITY.search(text[:600])
    said = text[:1_000].partition("message: ")[2]
    named = signature[1].strip("'\"") if signature else ""
    return Log(
        title=f"Meraki {start[1]}: {said or named}",
        rule=f"Meraki/{start[1]}/{named}".rstrip("/"),
        severity=_LEVELS[int(priority[1])] if priority else "",
        about=about(text, "", {}, {}),
        fields={"signature": named},
    )
