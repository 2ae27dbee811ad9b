"""Syslog: RFC 3164 as it is found, RFC 5424, and the framing of RFC 6587."""

import re
from datetime import datetime

from vardkase.detections.alert import Alert

from ..envelope import SEVERITIES, Envelope
from ..policy import Policy, fingerprint_of, policy
from ..reading import Line, by_frame, made
from ..source import NotUnderstood, Source
from ..understood import header_fields, peeled
from ..when import any_time
from .about import about
from .panos import Log, panos

_MARKUP = re.compile(r"\s*(?:[{<]|\[\s*(?:[{\[\"\]]|-?\d+(?:\.\d+)?\s*[,\]]))")
SHAPED = 160  # characters of a message that say which sort it is
_MNEMONIC = re.compile(
    r"(?:^|[ :])%([A-Za-z0-9_]{1,40}(?:-[A-Za-z_][A-Za-z0-9_]{0,40}){0,3})-([0-7])"
    r"-([A-Za-z0-9_]{1,60})"
)
_NUMBERED = re.compile(r"[^\s'\"()\[\]{}=,;|<>]*[0-9][^\s'\"()\[\]{}=,;|<>]*")  # of SHAPED


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("syslog", received_at)
    env = peeled(line, ours, received_at)
    if env.is_bare and _MARKUP.match(line.text):
        raise NotUnderstood("This is no syslog line but JSON, XML or the like.")
    log = panos(env.text)
    rule, severity = _sort(env)
    fields = header_fields(env) | line.marks
    if log:
        rule, severity, who = log.rule, log.severity or severity, log.about
        fields |= log.fields
    else:
        who = about(env.text, env.app, env.data, ours.names)
    if severity:
        fields["syslog_severity"] = severity
    if ours.skips(fields.get):
        return ()
    return (
        made(
            title=log.title if log else _title(env) or line.text,
            severity=ours.serious(severity),
            fields=fields | {"message": env.text} if env.text else fields,
            occurred=env.occurred or _told_at(log, ours, received_at),
            rule=rule,
            source_host=who.source or env.host,
            target_host=_target(who.source, who.target or env.host),
            user=who.user,
        ),
    )


def _title(env: Envelope) -> str:
    said = env.text.strip() or " ".join(env.data.values()) or env.msgid or env.app
    return f"{env.app}: {said}" if env.app and said != env.app else said


def _told_at(log: Log | None, ours: Policy, received_at: datetime) -> datetime | None:
    told = log.fields.get("generated", "") if log else ""
    return any_time(told, zone=ours.zone, received_at=received_at) if told else None


def _target(source: str, target: str) -> str:
    return target if source and source != target else ""


def _sort(env: Envelope) -> tuple[str, str]:
    """The sender's own name of the sort, or its shape; and how serious it says that it is."""
    code = _MNEMONIC.search(env.text[:200])
    severity = env.severity or (SEVERITIES[int(code[2])] if code else "")
    if code:
        return f"%{code[1]}-{code[2]}-{code[3]}", severity
    return env.msgid or shape(env.text[:SHAPED]), severity


def shape(text: str) -> str:
    """The sort of a message: its words, with a # for each that holds a digit."""
    return _NUMBERED.sub("#", text)


SOURCE = Source("syslog", by_frame(understand), fingerprint_of("syslog"))
