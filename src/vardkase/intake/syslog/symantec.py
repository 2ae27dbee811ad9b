"""What Symantec Endpoint Protection Manager says: what happened, and `Name: value` between commas.

Broadcom, External Logging settings and log event severity levels for Endpoint Protection Manager.
"""

import re

from .about import About, first_of
from .log import Log

LONGEST = 4_000  # characters that are read
_PAIR = re.compile(r"(?:\A|,)\"?([A-Z][A-Za-z ]{1,40}): ?([^,]{0,300})")
_NAMED = ("Risk name", "CIDS Signature string", "Event Description", "Rule")
_HOSTS = ("Source IP", "Source Computer IP", "Remote Host IP", "IP Address", "Local Host IP")
_COMPUTERS = ("Computer name", "Computer", "Local Host Name", "Server Name")
_USERS = ("User Name", "User", "User1", "Admin")


def symantec(text: str) -> Log | None:
    """The event that the message is; None if it tells none."""
    told: dict[str, str] = {}
    for name, value in _PAIR.findall(text[:LONGEST]):
        told.setdefault(name, value.strip(' "'))
    words = (part.strip() for part in text[:LONGEST].split(","))
    what = next((part for part in words if part.endswith((" found", "detected"))), "")
    name = first_of(told, _NAMED)
    if not what and not name:
        return None
    return Log(
        title=": ".join(filter(None, ("Symantec", what, name))),
        rule="/".join(filter(None, ("Symantec", what, name))),
        severity="err" if "Risk name" in told or "CIDS Signature string" in told else "",
        about=About(first_of(told, _HOSTS), first_of(told, _COMPUTERS), first_of(told, _USERS)),
        fields=told,
    )
