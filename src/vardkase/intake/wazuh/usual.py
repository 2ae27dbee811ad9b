"""A usual alert of Wazuh's read in microseconds; every other is read by `alerts.understand`."""

from datetime import datetime
from typing import Any

import msgspec

from vardkase.detections.alert import Alert

from ..apart import Alerts, Parse
from ..json_text import loads
from ..policy import Policy, policy
from ..values import FIELD, TEXT, TITLE, moment, text
from .alerts import MANAGER, understand

SKIPS = {"rule.level", "data.vulnerability.status"}  # what of the policy is looked at here


class Mitre(msgspec.Struct, gc=False):
    id: list[str] | None = None
    technique: list[str] | None = None


class Rule(msgspec.Struct, gc=False):
    level: int
    description: str
    id: str
    mitre: Mitre | None = None
    groups: list[str] | None = None
    firedtimes: int | None = None
    frequency: int | None = None


class Named(msgspec.Struct, gc=False):
    name: str | None = None
    id: str | None = None
    ip: str | None = None


class Predecoder(msgspec.Struct, gc=False):
    hostname: str | None = None
    program_name: str | None = None


class Syscheck(msgspec.Struct, gc=False):
    path: str | None = None
    event: str | None = None
    sha256_after: str | None = None
    uname_after: str | None = None


class Place(msgspec.Struct, gc=False):
    country_name: str | None = None


class Data(msgspec.Struct, gc=False):
    """What decoders of text logs tell; what is typed None is told by others, and read slowly."""

    srcip: str | None = None
    dstip: str | None = None
    srcport: str | None = None
    dstport: str | None = None
    protocol: str | None = None
    action: str | None = None
    id: str | None = None
    url: str | None = None
    srcuser: str | None = None
    dstuser: str | None = None
    status: str | None = None
    command: str | None = None
    src_ip: None = None
    source_ip: None = None
    win: None = None
    aws: None = None
    office365: None = None
    gcp: None = None
    src: None = None
    remote_ip: None = None
    srcIP: None = None
    dest_ip: None = None
    dst: None = None
    dstIP: None = None
    audit: None = None
    uname: None = None
    user: None = None
    username: None = None
    user_name: None = None
    dst_ip: None = None
    github: None = None
    callerIpAddress: None = None
    caller: None = None
    Caller: None = None
    EventChannel: None = None
    sca: None = None
    virustotal: None = None
    vulnerability: None = None


class Record(msgspec.Struct, gc=False):
    rule: Rule
    agent: Named
    timestamp: str
    id: str = ""
    manager: Named | None = None
    cluster: Named | None = None
    location: str | None = None
    decoder: Named | None = None
    predecoder: Predecoder | None = None
    syscheck: Syscheck | None = None
    place: Place | None = msgspec.field(default=None, name="GeoLocation")
    data: Data | None = None
    full_log: str | None = None
    srcip: None = None  # OSSEC's alerts keep these here
    dstip: None = None
    srcuser: None = None
    dstuser: None = None
    agentless: None = None


_record = msgspec.json.Decoder(Record)
_no_data = Data()


def prepare(received_at: datetime) -> Parse:
    rule = policy("wazuh", received_at)
    serious = {level: int(rule.serious(level)) for level in range(17)}
    skipped = {int(level) for level in rule.skip.get("rule.level", ()) if level.isdigit()}
    usual = set(rule.skip) <= SKIPS

    def parse(raw: bytes) -> Alerts:
        try:
            record = _record.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return understand(loads(raw), rule)
        sign = record.rule
        is_odd = not usual or sign.level not in serious or b"\\u" in raw
        if is_odd or not _is_plain(record):
            return understand(loads(raw), rule)
        return () if sign.level in skipped else (quickly(record, serious[sign.level], rule),)

    return parse


def _is_plain(record: Record) -> bool:
    """Whether rule, machine, addresses and accounts are said in so many words."""
    sign, agent, data = record.rule, record.agent, record.data or _no_data
    by_manager = agent.id == MANAGER and record.predecoder is not None
    if by_manager or not sign.id or not (agent.name or agent.ip):
        return False
    told = (sign.id, sign.description, agent.name, agent.ip, record.id, _owner(record),
            data.srcip, data.dstip, data.srcuser, data.dstuser)  # fmt: skip
    return "-" not in told and ":" not in (data.srcip or "") + (data.dstip or "")


def quickly(record: Record, severity: int, rule: Policy) -> Alert:
    """The alert of a usual record: the same as `understand` makes of it."""
    sign, data = record.rule, record.data or _no_data
    agent = (record.agent.name or record.agent.ip or "")[:TEXT].strip()
    source = (data.srcip or "")[:TEXT].strip()
    found = _fields(record, sign, data)
    return Alert(
        title=" ".join(sign.description.split())[:TITLE] or f"Rule {sign.id}"[:TITLE],
        severity=severity,
        occurred=moment(record.timestamp, rule.zone),
        rule=sign.id[:TEXT].strip(),
        source_host=source or agent,
        target_host=(data.dstip or "")[:TEXT].strip() or (agent if source else ""),
        user=(data.dstuser or data.srcuser or _owner(record))[:TEXT].strip(),
        ref=record.id[:TEXT].strip(),
        fields={"agent": agent}
        | {name: told for name, v in found if v is not None and (told := str(v)[:FIELD].strip())},
    )


def _owner(record: Record) -> str:
    return (record.syscheck.uname_after or "") if record.syscheck else ""


def _fields(record: Record, sign: Rule, data: Data) -> list[tuple[str, Any]]:
    """The same names as `alerts.FIELDS`, those that a usual record can have."""
    mitre, agent, check, before = sign.mitre, record.agent, record.syscheck, record.predecoder
    found: list[tuple[str, Any]] = [
        ("rule.level", sign.level), ("rule.groups", _joined(sign.groups)),
        ("rule.firedtimes", sign.firedtimes), ("rule.frequency", sign.frequency),
        ("agent.id", agent.id), ("agent.ip", agent.ip),
        ("manager.name", record.manager and record.manager.name),
        ("cluster.name", record.cluster and record.cluster.name),
        ("location", record.location), ("decoder.name", record.decoder and record.decoder.name),
        ("full_log", record.full_log),
    ]  # fmt: skip
    if mitre:
        found += [("rule.mitre.id", _joined(mitre.id)),
                  ("rule.mitre.technique", _joined(mitre.technique))]  # fmt: skip
    if before:
        found += [("predecoder.hostname", before.hostname),
                  ("predecoder.program_name", before.program_name)]  # fmt: skip
    if check:
        found += [
            ("syscheck.path", check.path), ("syscheck.event", check.event),
            ("syscheck.sha256_after", check.sha256_after),
            ("syscheck.uname_after", check.uname_after),
        ]  # fmt: skip
    if record.place:
        found.append(("GeoLocation.country_name", record.place.country_name))
    if data is not _no_data:
        found += [
            ("data.srcip", data.srcip), ("data.dstip", data.dstip), ("data.srcport", data.srcport),
            ("data.dstport", data.dstport), ("data.protocol", data.protocol),
            ("data.action", data.action), ("data.id", data.id), ("data.url", data.url),
            ("data.srcuser", data.srcuser), ("data.dstuser", data.dstuser),
            ("data.status", data.status), ("data.command", data.command),
        ]  # fmt: skip
    return found


def _joined(told: list[str] | None) -> str | None:
    return text(told, FIELD) if told else None
