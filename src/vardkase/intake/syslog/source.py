"""Syslog: RFC 3164 as it is found, RFC 5424, and the framing of RFC 6587."""

import re
from datetime import datetime

from vardkase.detections.alert import Alert

from ..heading import Envelope
from ..policy import Policy, fingerprint_of, policy
from ..priority import LEVEL_WORDS, SEVERITIES
from ..reading import Line, by_frame, made
from ..shape import SHAPED, asked, shape
from ..source import NotUnderstood, Source
from ..understood import header_fields, peeled
from ..when import any_time
from .about import about
from .cisco import firepower
from .epo import epo
from .filterlog import filterlog
from .log import Log
from .meraki import meraki
from .modsecurity import modsecurity
from .panos import panos
from .said_json import said_json
from .symantec import symantec
from .windows import of_windows, snare

_MARKUP = re.compile(r"\s*(?:[{<]|\[\s*(?:[{\[\"\]]|-?\d+(?:\.\d+)?\s*(?:,|\]\s*\Z)))")
_MNEMONIC = re.compile(
    r"(?:^|[ :])%(?:%\d\d)?([A-Za-z0-9_]{1,40}(?:-[A-Za-z_][A-Za-z0-9_]{0,40}){0,3})[-/]([0-7])"
    r"[-/]([A-Za-z0-9_]{1,60})"
)
_SIGNATURE = re.compile(r"\bSig:(\d{1,10})")  # of the IPS of Cisco IOS
_ATTACK = (".attack-name", ".threat-name", ".EventID")  # of structured data: which sort it is
_THREAT = {  # Juniper's words to syslog's, by what our policy makes of each
    "critical": "alert", "high": "crit", "major": "crit", "medium": "err", "minor": "warning",
    "low": "warning",
}  # fmt: skip
_SINCE_START = re.compile(r"\A\[ {0,8}\d{1,12}\.\d{1,9}\] ")  # seconds since the machine started
_WRITTEN = re.compile(  # a time within a line that begins with none
    r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [+-]\d{4})?)\]"
    r"|\b(?:t|ts|time|timestamp|date)=\"?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,:Z+-]{0,16})"
    r"|(?:\A\[?|\baudit\()(\d{10}(?:\.\d{1,6})?)(?=[ \]:])"
)
_LEVEL = re.compile(  # a program's own word for how serious it is, in a line without a priority
    r"(?:\d{1,8} )?(?:\[(?:\w{0,20}:)?([A-Za-z]{3,11})[ ]?\]|([A-Z]{4,9})\b)"
)
_BY_PROGRAM = {"filterlog": filterlog, "SymantecServer": symantec}
_BY_START = {"%": firepower, "M": snare, "s": meraki, "i": meraki} | dict.fromkeys(
    "0123456789 ,", panos
)


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("syslog", received_at)
    env = peeled(line, ours, received_at)
    if env.app == "kernel":
        env = env._replace(text=_SINCE_START.sub("", env.text, 1))
    if env.is_bare and _MARKUP.match(line.text):
        raise NotUnderstood("This is no syslog line but JSON, XML or the like.")
    log = _product(env, ours)
    rule, severity = _sort(env)
    fields = header_fields(env) | line.marks
    if log:
        rule, severity, who = log.rule, log.severity or severity, log.about
        fields |= log.fields
    else:
        who = of_windows(env.text, about(env.text, env.app, env.data, ours.names))
    if severity:
        fields["syslog_severity"] = severity
    if ours.skips(fields.get):
        return ()
    return (
        made(
            title=log.title if log else _title(env) or line.text,
            severity=ours.serious(severity),
            fields=fields | {"message": env.text} if env.text else fields,
            occurred=env.occurred or _told_at(env, log, ours, received_at),
            rule=rule,
            source_host=who.source or env.host,
            target_host=_target(who.source, who.target or env.host),
            user=who.user,
        ),
    )


def _title(env: Envelope) -> str:
    said = env.text.strip() or " ".join((env.msgid, *env.data.values())).strip() or env.app
    return f"{env.app}: {said}" if env.app and said != env.app else said


def _told_at(
    env: Envelope, log: Log | None, ours: Policy, received_at: datetime
) -> datetime | None:
    told = log.fields.get("generated", "") if log else ""
    if not told and not env.stamp and (found := _WRITTEN.search(env.text[:300])):
        told = found[found.lastindex or 0]
    return any_time(told, zone=ours.zone, received_at=received_at) if told else None


def _target(source: str, target: str) -> str:
    return target if source and source != target else ""


def _sort(env: Envelope) -> tuple[str, str]:
    """The sender's own name of the sort, or its shape; and how serious it says that it is."""
    head = env.text[:200]
    code = _MNEMONIC.search(head) if "%" in head else None
    severity = env.severity or (SEVERITIES[int(code[2])] if code else _level(env.text))
    if code:
        rule = f"%{code[1]}-{code[2]}-{code[3]}"
        signature = _SIGNATURE.search(head) if code[3] == "SIGNATURE" else None
        return f"{rule}/{signature[1]}" if signature else rule, severity
    rule = env.msgid or asked(env.text) or shape(env.text[:SHAPED])
    if env.data:
        named = next((v for n, v in env.data.items() if n.endswith(_ATTACK) and v), "")
        rule = "/".join(filter(None, (env.msgid or env.app, named))) if named else rule
        threat = next((v for n, v in env.data.items() if n.endswith(".threat-severity")), "")
        severity = _THREAT.get(threat.lower(), severity)
    return rule, severity


def _product(env: Envelope, ours: Policy) -> Log | None:
    """What the reader of a product's own format finds, if the message is of one."""
    text = env.text
    read = _BY_PROGRAM.get(env.app) or _BY_START.get(text[:1])
    found = read(text) if read else None
    if found is None and text.startswith(("{", "@cee:")):
        found = said_json(text, ours)
    return found or modsecurity(text) or epo(text)


def _level(text: str) -> str:
    found = _LEVEL.match(text)
    number = LEVEL_WORDS.get((found[1] or found[2]).lower()) if found else None
    return "" if number is None else SEVERITIES[number]


SOURCE = Source("syslog", by_frame(understand), fingerprint_of("syslog"))
