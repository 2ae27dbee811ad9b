"""Syslog: RFC 3164 as it is found, RFC 5424, and the framing of RFC 6587."""

import re
from datetime import datetime

from vardkase.detections.alert import Alert

from ..envelope import SEVERITIES, Envelope
from ..policy import fingerprint_of, policy
from ..reading import Line, by_frame, made
from ..source import NotUnderstood, Source
from ..understood import header_fields, peeled
from .about import about

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
    rule, severity = _sort(env)
    who = about(env.text, env.app, env.data, ours.names)
    fields = header_fields(env) | line.marks
    if severity:
        fields["syslog_severity"] = severity
    if ours.skips(fields.get):
        return ()
    title = env.text.strip() or " ".join(env.data.values()) or env.msgid or env.app or line.text
    return (
        made(
            title=f"{env.app}: {title}" if env.app and title != env.app else title,
            severity=ours.serious(severity),
            fields=fields | {"message": env.text} if env.text else fields,
            occurred=env.occurred,
            rule=rule,
            source_host=who.source or env.host,
            target_host=_target(who.source, who.target or env.host),
            user=who.user,
        ),
    )


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
