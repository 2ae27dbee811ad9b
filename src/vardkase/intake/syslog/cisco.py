"""Security events of Cisco's Firepower Threat Defense: `Name: value` between commas.

Cisco Secure Firewall Threat Defense Syslog Messages, 430001 to 430005.
"""

import re

from .about import About
from .log import Log

LONGEST = 8_000  # characters that are read
_START = re.compile(r"%(?:FTD|NGIPS)-(\d)-(43000[1-5]): ")
_PAIR = re.compile(r"(?:\A|, )([A-Za-z_][A-Za-z0-9_]{1,40}): (\"[^\"]{0,500}\"|[^,]{0,500})")
_PRIORITY = {"high": "crit", "medium": "err", "low": "warning"}  # of an intrusion
_NO_ONE = ("No Authentication Required", "Unknown", "")


def firepower(text: str) -> Log | None:
    """The event that the message is; None if it is none."""
    start = _START.match(text)
    if start is None:
        return None
    pairs = _PAIR.findall(text[start.end() : LONGEST])
    told = {name: value.strip('" ') for name, value in pairs}
    what, named = _named(told)
    user = told.get("User", "")
    is_attack = start[2] in ("430001", "430005")
    return Log(
        title=f"FTD {start[2]}: {what}".strip(": "),
        rule=f"%FTD-{start[2]}/{named}".rstrip("/"),
        severity=_PRIORITY.get(told.get("EventPriority", "").lower(), "") if is_attack else "",
        about=About(told.get("SrcIP", ""), told.get("DstIP", ""), "" if user in _NO_ONE else user),
        fields={"generated": told.get("FirstPacketSecond", "")} | told,
    )


def _named(told: dict[str, str]) -> tuple[str, str]:
    """What it is called, and what makes it a sort of its own."""
    if "SID" in told:
        return told.get("Message", ""), f"{told.get('GID', '1')}:{told['SID']}"
    threat = told.get("ThreatName") or told.get("FileName", "")
    action = " ".join(told.get(n, "") for n in ("AccessControlRuleAction", "AccessControlRuleName"))
    return (threat, threat) if threat else (action.strip(), action.strip())
