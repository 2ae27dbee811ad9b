"""A line that a shipper has put into JSON, and what the shipper tells of it beside the line.

Filebeat, Fluent Bit, Logstash, Vector, rsyslog's templates, journald, GELF, Splunk, Log Analytics.
"""

from datetime import datetime, tzinfo
from typing import Any

import msgspec

from .heading import Envelope
from .json_text import loads
from .priority import KIND_WORDS, LEVEL_WORDS
from .source import NotUnderstood, Unreadable
from .values import at, table, text
from .when import any_time

LINES = (
    "event.original", "log.original", "message", "MESSAGE", "SyslogMessage", "full_message",
    "short_message", "_raw", "raw", "raw_message", "rawmessage", "line", "log", "msg", "event",
    "result", "payload", "body",
)  # fmt: skip
HOSTS = (
    "host.hostname", "log.syslog.hostname", "hostname", "syslog_hostname", "_HOSTNAME", "HostName",
    "host.name", "host", "HOST", "Computer", "fromhost", "fromhost-ip", "log.source.address",
    "agent.hostname", "source_ip",
)  # fmt: skip
APPS = (
    "appname", "app-name", "app_name", "log.syslog.appname", "programname", "program", "PROGRAM",
    "ident", "SYSLOG_IDENTIFIER", "process.name", "ProcessName", "syslogtag", "tag",
)  # fmt: skip
PIDS = ("procid", "pid", "PID", "_PID", "process.pid", "log.syslog.procid", "ProcessID")
TIMES = (
    "timereported", "timestamp", "@timestamp", "time", "date", "timegenerated", "TimeGenerated",
    "__REALTIME_TIMESTAMP", "EventTime", "ISODATE", "DATE", "_time", "ts",
)  # fmt: skip
LEVELS = (
    "log.syslog.severity.code", "log.syslog.severity.name", "syslog.severity", "severity",
    "syslogseverity", "syslogseverity-text", "PRIORITY", "SeverityLevel", "level", "log.level",
)  # fmt: skip
KINDS = ("log.syslog.facility.code", "log.syslog.facility.name", "facility", "syslogfacility",
         "syslogfacility-text", "SYSLOG_FACILITY", "Facility")  # fmt: skip
PRIORITIES = ("pri", "priority", "log.syslog.priority", "PRI")
DEEPEST = 3  # shippers behind shippers
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def array(body: bytes) -> list[bytes] | None:
    """The elements of a body that is one array of objects, as shippers send a batch."""
    bare = body.strip()
    if not (bare.startswith(b"[") and bare[1:200].lstrip().startswith(b"{")):
        return None
    try:
        return [bytes(each) for each in _elements.decode(bare)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def unwrapped(line: str) -> tuple[str, dict[str, Any]] | None:
    """The line within the JSON of a shipper, and what stands around it; None if there is none."""
    around: dict[str, Any] = {}
    for _ in range(DEEPEST):
        if not line.startswith("{"):
            break
        try:
            record = table(loads(line.encode("utf-8", "surrogatepass")))
        except (NotUnderstood, Unreadable):
            break
        inner = _line(record)
        if not inner:
            break
        around = around | record
        line = inner
    return (line, around) if around else None


def _line(record: dict[str, Any]) -> str:
    for name in LINES:
        found = at(record, name)
        if isinstance(found, dict):
            found = next(filter(None, (at(found, inner) for inner in LINES)), None)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def filled(
    env: Envelope, around: dict[str, Any], *, zone: tzinfo, received_at: datetime
) -> Envelope:
    """The line's own envelope, its gaps filled by what the shipper tells."""
    if not around:
        return env
    stamp = "" if env.stamp else _first(around, TIMES)
    occurred = env.occurred or any_time(stamp, zone=zone, received_at=received_at)
    return env._replace(
        priority=_priority(around) if env.priority is None else env.priority,
        stamp=env.stamp or stamp,
        occurred=occurred,
        host=env.host or _first(around, HOSTS),
        app=env.app or _first(around, APPS).partition("[")[0].strip(": "),
        pid=env.pid or _first(around, PIDS),
    )


def _first(around: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        found = at(around, name)
        if isinstance(found, str | int | float) and (told := text(found)) not in ("", "-"):
            return told
    return ""


def _priority(around: dict[str, Any]) -> int | None:
    whole = _first(around, PRIORITIES)
    if whole.isdecimal() and int(whole) < 192:
        return int(whole)
    level = _number(_first(around, LEVELS), LEVEL_WORDS, 8)
    kind = _number(_first(around, KINDS), KIND_WORDS, 24)
    return None if level is None else (1 if kind is None else kind) * 8 + level


def _number(told: str, words: dict[str, int], end: int) -> int | None:
    if told.isdecimal() and len(told) < 3:
        return int(told) if int(told) < end else None
    return words.get(told.lower())
