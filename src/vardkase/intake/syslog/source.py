"""Syslog: RFC 3164 as it is found, RFC 5424, and the framing of RFC 6587."""

import re
from datetime import datetime
from typing import NamedTuple

from vardkase.detections.alert import Alert

from ..envelope import SEVERITIES, Envelope, peel
from ..policy import fingerprint_of, policy
from ..reading import Line, by_frame, made
from ..source import NotUnderstood, Source
from ..understood import header_fields

LOOKED_AT = 600  # characters of a message that are searched for who and where
SHAPED = 160  # characters of a message that say which sort it is
_MNEMONIC = re.compile(
    r"(?:^|[ :])%([A-Za-z0-9_]{1,40}(?:-[A-Za-z_][A-Za-z0-9_]{0,40}){0,3})-([0-7])"
    r"-([A-Za-z0-9_]{1,60})"
)
_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}:[0-9a-fA-F:]{1,40}(?:\.[0-9.]{1,15})?)"
_FROM = re.compile(  # also behind the name of an interface: `src outside:192.0.2.1/1234`
    r"\b(?:from|rhost=|client|addr=|src=?|SRC=|srcip=|peer|host:)[ =]?"
    rf"(?:[A-Za-z][\w.\-]{{0,30}}:)?[\"\[(]?({_ADDRESS})(?![\w.])"
)
_TO = re.compile(rf"\b(?:dst=?|DST=|to)[ =]?(?:[A-Za-z][\w.\-]{{0,30}}:)?({_ADDRESS})(?![\w.])")
_WHO = re.compile(
    r"\b(?:for (?:invalid user |illegal user |user )?|[Ii](?:nvalid|llegal) user |ruser="
    r"|user[ =:]{1,2}|acct=|USER=)[\"'<]{0,2}([\w.@\\$+-]{1,64})(?=[\s\"'>(,;:\])]|$)"
)
_SUDO = re.compile(r"([\w.@\\$+-]{1,64}) : ")
_NUMBERED = re.compile(r"[^\s'\"()\[\]{}=,;|<>]*[0-9][^\s'\"()\[\]{}=,;|<>]*")  # of SHAPED
_SAYS_FROM = ("from", "=", "src ", "peer", "client", "host:")
_SAYS_WHO = ("for ", "user", "USER=", "acct=")
_NO_ONE = frozenset(("from", "the", "a", "an", "user", "by", "port", "this", "invalid", "unknown"))


class Said(NamedTuple):
    rule: str
    severity: str  # the sender's word, or "" if it tells none
    source: str
    target: str
    user: str


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("syslog", received_at)
    env = peel(line.text, zone=ours.zone, received_at=received_at)
    if env.is_bare and line.text.lstrip()[:1] in ("{", "<", "["):
        raise NotUnderstood("This is no syslog line but JSON, XML or the like.")
    said = _said(env)
    fields = header_fields(env) | line.marks
    if said.severity:
        fields["syslog_severity"] = said.severity
    if ours.skips(fields.get):
        return ()
    title = env.text.strip() or " ".join(env.data.values()) or env.msgid or env.app or line.text
    return (
        made(
            title=f"{env.app}: {title}" if env.app and title != env.app else title,
            severity=ours.serious(said.severity),
            fields=fields | {"message": env.text} if env.text else fields,
            occurred=env.occurred,
            rule=said.rule,
            source_host=said.source or env.host,
            target_host=said.target if said.source != said.target else "",
            user=said.user,
        ),
    )


def _said(env: Envelope) -> Said:
    text = env.text[:LOOKED_AT]
    code = _MNEMONIC.search(text[:200])
    rule = f"%{code[1]}-{code[2]}-{code[3]}" if code else env.msgid or shape(text[:SHAPED])
    severity = env.severity or (SEVERITIES[int(code[2])] if code else "")
    source = _FROM.search(text) if any(map(text.__contains__, _SAYS_FROM)) else None
    who = _SUDO.match(text) if env.app == "sudo" else None
    if who is None and any(map(text.__contains__, _SAYS_WHO)):
        who = _WHO.search(text)
    user = who[1] if who and who[1] not in _NO_ONE else ""
    target = _TO.search(text, source.end()) if source else None
    return Said(
        rule,
        severity,
        source[1] if source else "",
        target[1] if target else env.host if source else "",
        user,
    )


def shape(text: str) -> str:
    """The sort of a message: its words, with a # for each that holds a digit."""
    return _NUMBERED.sub("#", text)


SOURCE = Source("syslog", by_frame(understand), fingerprint_of("syslog"))
