"""Lines of key=value: FortiGate, Sophos, SonicWall, packet filters, audit trails, logfmt."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vardkase.detections.alert import Alert

from ..heading import Envelope
from ..pairs import pairs
from ..policy import Policy, fingerprint_of, policy
from ..reading import Line, by_frame, first
from ..shape import SHAPED, shape
from ..source import NotUnderstood, Source
from ..understood import header_fields, kept, occurred, peeled, understood
from ..when import any_time, zone_of

FEWEST = 2  # pairs; prose may hold one = by chance
_OPENED = ("98", "537")  # SonicWall's numbers of connections that were opened and closed
_SAID = ("type", "op", "res", "comm", "name", "key")  # what an audit record is of
_AUDIT = re.compile(r"audit\((\d{9,11}\.\d{1,9}):(\d{1,12})\)")


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("keyvalue", received_at)
    env = peeled(line, ours, received_at)
    if env.text.lstrip()[:1] in ("{", "<") and env.is_bare:
        raise NotUnderstood("This is no line of key=value but JSON or XML.")
    found = pairs(env.text)
    if len(found) + len(env.data) < FEWEST and not _is_one(env.text, found):
        raise NotUnderstood("There are no two key=value in the line.")
    said = _deeper(kept(found))
    fields = header_fields(env) | said | line.marks
    told = env.data and {name.rpartition(".")[2]: value for name, value in env.data.items()}
    known = {**told, **said} if told else said
    if (connection := _connection(known)) is not None:
        fields["connection"] = connection
    title = _title(env, known, ours)
    fields["sort"] = shape(title[:SHAPED])  # without the numbers that each line has its own of
    return understood(
        fields | _device(known, env, ours),
        ours=ours,
        env=env,
        title=title,
        rule=first(known, ours.names["rule"]),
        severity=ours.serious(first(known, ours.names["severity"]) or env.severity),
        at=_occurred(known, ours, received_at),
    )


def _connection(known: Mapping[str, str]) -> str | None:
    """What a firewall did with a connection; None if the line is not about one."""
    if known.get("type") == "traffic" or known.get("log_type") == "Firewall":
        told = (known.get(name, "") for name in ("action", "log_subtype", "status"))
        return next(filter(None, told), "")
    if known.get("sub") == "packetfilter" or known.get("product", "").startswith("VPN-1"):
        return known.get("action", "")
    if known.get("id") == "firewall" and known.get("m") in _OPENED:
        return "close"
    return None


def _is_one(text: str, found: list[tuple[str, str]]) -> bool:
    """A single pair that the line begins with, and that is all there is."""
    return bool(found) and text.startswith(f"{found[0][0]}=") and bool(found[0][1])


def _deeper(said: dict[str, str]) -> dict[str, str]:
    """An audit record holds more pairs within its `msg`, in single quotes."""
    inner = said.get("msg", "")
    audit = _AUDIT.match(inner)
    if audit:
        said["audit_time"], said["audit_id"] = audit.groups()
    if "=" not in inner and "msg.2" not in said:
        return said
    for name, value in pairs(said.get("msg.2", "") if audit else inner):
        said.setdefault(name, value)
    return said


def _device(known: Mapping[str, str], env: Envelope, ours: Policy) -> dict[str, str]:
    named = first(known, ours.names["device"]) or env.host
    return {"sent_by": named} if named else {}


def _title(env: Envelope, known: Mapping[str, str], ours: Policy) -> str:
    """What the sender says in words; of a packet filter, what stands before its pairs."""
    before = env.text.partition("=")[0].rpartition(" ")[0].strip(" :,;[]")
    before = before.rpartition("] ")[2] if before.startswith("[") or "] " in before else before
    told = (known.get(name, "") for name in ours.names["title"])
    spoken = next((word for word in told if word.strip("0123456789.-:/%() ")), "")
    if "SRC" in known and "DST" in known:
        said = before if before.strip("0123456789. ") else env.app or "packet"
        return f"{said} {known.get('PROTO', '')}".strip()
    if known.get("msg", "").startswith("audit("):
        parts = (known.get(name, "") for name in _SAID)
        spoken = " ".join(part for part in parts if part and part != "(null)") or "audit"
    return spoken or before or env.app or env.text[:80]


def _occurred(known: dict[str, str], ours: Policy, received_at: datetime) -> datetime | None:
    if "audit_time" in known:
        return any_time(known["audit_time"], zone=ours.zone, received_at=received_at)
    day, time = known.get("date", ""), known.get("time", "")
    at = occurred(known, ours.names["occurred"][:1], ours, received_at)
    if at is None and day and ":" in time:
        zone = _zone(known.get("tz") or known.get("timezone", "")) or ours.zone
        at = any_time(f"{day} {time}", zone=zone, received_at=received_at)
    return at or occurred(known, ours.names["occurred"][1:], ours, received_at)


def _zone(word: str) -> tzinfo | None:
    known = zone_of(word)
    if known or "/" not in word or len(word) > 40:
        return known
    try:
        return ZoneInfo(word)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


SOURCE = Source("keyvalue", by_frame(understand), fingerprint_of("keyvalue"))
