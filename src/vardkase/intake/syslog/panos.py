"""What firewalls of Palo Alto Networks write: values between commas, known by their places.

PAN-OS Administrator's Guide, Syslog Field Descriptions.
"""

import csv
import re

from .about import About, first_of
from .log import Log

_START = re.compile(r"[\d ]{0,4},\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,\w{0,20},([A-Z][A-Z\-]{2,20}),")
_WHAT = ("threat", "opaque", "error", "reason", "command", "action", "eventid")
_NAMED = ("threat", "eventid", "command", "rule")
LONGEST = 8_000  # characters that are read
_FLOW = {"generated": 6, "src": 7, "dst": 8, "rule": 11, "srcuser": 12, "dstuser": 13, "app": 14,
         "sport": 24, "dport": 25, "proto": 29, "action": 30}  # fmt: skip
_THREAT = _FLOW | {"misc": 31, "threat": 32, "category": 33, "severity": 34}
_SYSTEM = {"generated": 6, "eventid": 8, "object": 9, "module": 12, "severity": 13, "opaque": 14}
_CONFIG = {"generated": 6, "src": 7, "command": 9, "srcuser": 10, "result": 12, "path": 13}
_LOGIN = {"generated": 6, "src": 8, "srcuser": 9, "rule": 12, "opaque": 18}
_VPN = {
    "generated": 6,
    "eventid": 8,
    "stage": 9,
    "method": 10,
    "srcuser": 12,
    "machine": 14,
    "src": 15,
    "private": 17,
    "reason": 25,
    "error": 26,
    "opaque": 27,
    "status": 28,
}
PLACES = {
    "TRAFFIC": _FLOW,
    "THREAT": _THREAT,
    "SYSTEM": _SYSTEM,
    "CONFIG": _CONFIG,
    "AUTHENTICATION": _LOGIN,
    "GLOBALPROTECT": _VPN,
}
SEVERITY = {  # to the words of syslog, by what our policy makes of each
    "critical": "alert", "high": "crit", "medium": "err", "low": "warning",
    "informational": "info",
}  # fmt: skip


def panos(text: str) -> Log | None:
    """The log that the message is; None if it is none, or of a type that we do not know."""
    found = _START.match(text)
    places = PLACES.get(found[1]) if found else None
    if places is None:
        return None
    try:
        values = next(csv.reader([text[:LONGEST]]), [])
    except csv.Error:
        return None
    told = {name: values[n].strip() for name, n in places.items() if n < len(values)}
    kind, sort = values[3], values[4] if len(values) > 4 and values[4] != "0" else ""
    what = first_of(told, _WHAT)
    named = first_of(told, _NAMED)
    return Log(
        title=" ".join(filter(None, (f"PAN-OS {kind} {sort}".strip() + ":", what))).strip(": "),
        rule="/".join(filter(None, (kind, sort, named))),
        severity=SEVERITY.get(told.get("severity", "").lower(), ""),
        about=About(
            told.get("src", ""), told.get("dst", ""), told.get("srcuser") or told.get("dstuser", "")
        ),
        fields={name: value for name, value in told.items() if value},
    )
