"""What ePolicy Orchestrator of McAfee and Trellix forwards: an event in XML behind its header.

Trellix ePO Installation Guide, Registered servers, Syslog.
"""

import re

from ..priority import SEVERITIES
from .about import About, first_of
from .log import Log

LONGEST = 16_000  # characters that are read
_ELEMENT = re.compile(r"<([A-Za-z0-9]{2,40})>([^<]{1,500})</\1>")
_HOSTS = ("SourceIPV4", "SourceHostName", "IPAddress")
_TIMES = ("DetectedUTC", "GMTTime")
_TARGETS = ("TargetHostName", "MachineName", "AnalyzerHostName")
_USERS = ("SourceUserName", "TargetUserName", "UserName")
_KEPT = (
    *("ThreatCategory", "ThreatType", "ThreatActionTaken", "TargetFileName", "SourceProcessName"),
    *("AnalyzerName", "AnalyzerDetectionMethod", "OSName", "EventID"),
)


def epo(text: str) -> Log | None:
    """The event that the message is; None if it is none."""
    if "<EPO" not in text[:200]:
        return None
    told = {name: value.strip() for name, value in reversed(_ELEMENT.findall(text[:LONGEST]))}
    event = told.get("ThreatEventID") or told.get("EventID", "")
    if not event:
        return None
    name = told.get("ThreatName", "").strip("_ ") or told.get("ThreatCategory", "")
    level = told.get("ThreatSeverity", "")
    return Log(
        title=f"ePO {event}: {name}".strip(": "),
        rule=f"ePO/{event}/{name}".strip("/"),
        severity=SEVERITIES[int(level)] if level in tuple("01234567") else "",
        about=About(*(first_of(told, names) for names in (_HOSTS, _TARGETS, _USERS))),
        fields={"generated": _time(told)} | {n: told[n] for n in _KEPT if told.get(n)},
    )


def _time(told: dict[str, str]) -> str:
    """GMT, as the format says, though it does not write it."""
    at = first_of(told, _TIMES)
    return f"{at}Z" if at and not at.endswith("Z") else at
