"""From the pairs that a line holds to an alert, by the source's policy. Shared by the sources."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from vardkase.detections.alert import Alert

from . import envelope
from .heading import Envelope
from .policy import Policy
from .reading import Line, first, made
from .when import any_time
from .wrapped import filled


def peeled(line: Line, ours: Policy, received_at: datetime) -> Envelope:
    """The envelope of a line, or what its shipper tells in place of one."""
    env = envelope.peel(line.text, zone=ours.zone, received_at=received_at)
    if line.around and env.priority is None and not env.stamp:  # the shipper took it off
        env = Envelope(line.text)
    return filled(env, line.around, zone=ours.zone, received_at=received_at)


def header_of(line: Line, before: str, ours: Policy, received_at: datetime) -> Envelope:
    """The envelope that ends where the message begins: `before` it."""
    env = envelope.header_of(before, zone=ours.zone, received_at=received_at)
    return filled(env, line.around, zone=ours.zone, received_at=received_at)


def kept(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs as a table. A name told twice keeps its first value, and its others numbered."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        if fields.setdefault(name, value) != value:
            number = 2
            while f"{name}.{number}" in fields and number < 10:
                number += 1
            fields.setdefault(f"{name}.{number}", value)
    return fields


def clean_host(text: str) -> str:
    """A host without brackets, quotes and the port of an IPv4 address or a name."""
    text = (text.strip("\"'<> ").removeprefix("\\\\").split(None, 1) or [""])[0]
    if text.startswith("["):
        return text[1:].partition("]")[0]
    _, bracket, inner = text.partition("[")
    if bracket and (address := inner.partition("]")[0]) and _is_number(address):
        return address  # `unknown[192.0.2.1]`
    name, colon, port = text.partition(":")
    is_v4 = not name.strip("0123456789.") and name.count(".") == 3
    return name if name and colon and (port.isdigit() or is_v4) else text


def is_connection(sorts: Iterable[str], said: Mapping[str, str], ours: Policy) -> bool:
    """Whether it is a line about traffic, of which what was let through is no alert.

    `sorts` are the words that may say so, each up to a colon.
    """
    if not any(said.get(name) for name in ("dst", "dpt", "request")):
        return False
    known = ours.names.get("connection", ())
    return any(word.partition(":")[0].strip().lower() in known for word in sorts)


def _is_number(text: str) -> bool:
    return not text.strip("0123456789abcdefABCDEF:.") and ("." in text or ":" in text)


def occurred(
    fields: Mapping[str, str], names: Iterable[str], ours: Policy, received_at: datetime
) -> datetime | None:
    """The first usable time under `names`."""
    for name in names:
        told = fields.get(name, "").removeprefix("#arcsightDate(")
        at = any_time(told, zone=ours.zone, received_at=received_at) if told else None
        if at:
            return at
    return None


def understood(
    fields: Mapping[str, str],
    *,
    said: Mapping[str, str] | None = None,
    ours: Policy,
    env: Envelope,
    title: str,
    rule: str,
    severity: int,
    at: datetime | None,
) -> tuple[Alert, ...]:
    """The alert that the line is, or none if the policy says that such raise none.

    `said` are the sender's own names, where `fields` has others.
    """
    told = {"title": title, "rule": rule, "severity": _name(severity), "app": env.app}
    if ours.skips(lambda name: fields.get(name, told.get(name))):
        return ()
    names, said = ours.names, fields if said is None else said
    source = clean_host(first(said, names.get("source_host", ())))
    target = clean_host(first(said, names.get("target_host", ())))
    device = clean_host(first(said, names.get("device", ())) or env.host)
    return (
        made(
            title=title,
            severity=severity,
            fields=fields,
            occurred=at or env.occurred,
            rule=rule,
            source_host=source or (device if not target else ""),
            target_host=target or (device if source and source != device else ""),
            user=first(said, names.get("user", ())),
            ref=first(said, names.get("ref", ())),
        ),
    )


def _name(severity: int) -> str:
    return ("", "informational", "low", "medium", "high", "critical")[severity]


def header_fields(env: Envelope) -> dict[str, str]:
    """What the envelope told, under the names of RFC 5424."""
    told = {
        "facility": env.facility,
        "syslog_severity": env.severity,
        "hostname": env.host,
        "app-name": env.app,
        "procid": env.pid,
        "msgid": env.msgid,
        "timestamp": env.stamp,
    }
    return {name: value for name, value in told.items() if value and value != "-"} | env.data
