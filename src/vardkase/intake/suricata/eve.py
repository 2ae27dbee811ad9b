"""Suricata's EVE records: an alert becomes an alert, all else is understood and passed over.

A usual record is read by a typed decoder that takes only what is needed, in microseconds; one
with a field of another type, or of a protocol that tells more, is read whole by `understand`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from vardkase.detections.alert import Alert, Brief, Glance, Named

from ..apart import Alerts, Parse
from ..inside import within
from ..json_text import loads
from ..policy import Policy, policy
from ..source import NotUnderstood
from ..values import (
    EARLIEST,
    FIELD,
    LATEST,
    TEXT,
    TITLE,
    at,
    chosen,
    first,
    line,
    moment,
    number,
    table,
    text,
    words,
)  # fmt: skip

# event_type of the User Guide's EVE chapters; a newer one is known by the keys beside it
KINDS = frozenset({
    "alert", "anomaly", "arp", "bittorrent_dht", "dcerpc", "dhcp", "dnp3", "dns", "doh2",
    "drop", "engine", "enip", "fileinfo", "firewall", "flow", "frame", "ftp", "ftp_data",
    "http", "http2", "ike", "ikev2", "krb5", "ldap", "lua", "mdns", "metadata", "modbus",
    "mqtt", "netflow", "nfs", "ntp", "packetinfo", "pgsql", "pop3", "quic", "rdp", "rfb", "sdp",
    "sip", "smb", "smtp", "snmp", "ssh", "stats", "tftp", "tls", "websocket",
})  # fmt: skip
ALERTING = ("alert",)
MARKS = ("flow_id", "src_ip", "dest_ip", "in_iface", "pcap_cnt", "stats")
FIELDS = (
    "alert.category", "alert.action", "alert.severity", "alert.metadata.mitre_technique_id",
    "alert.metadata.signature_severity", "alert.metadata.attack_target", "alert.references",
    "proto", "app_proto",
    "src_port", "dest_port", "in_iface", "host", "flow_id", "community_id", "http.hostname",
    "http.url", "http.http_method", "http.http_user_agent", "tls.sni", "tls.subject", "xff",
    "verdict.action", "anomaly.type", "anomaly.event", "anomaly.layer", "fileinfo.filename",
    "fileinfo.sha256", "dns.rrname", "smtp.mail_from", "email.from", "email.subject",
    "ssh.client.software_version", "smb.command",
)  # fmt: skip
USERS = (
    "krb5.cname", "smb.ntlmssp.user", "ntlmssp.user", "ftp.user", "ldap.request.bind_request.name",
    "pgsql.request.user", "user",
)  # fmt: skip
MOVED = {  # what Filebeat's module calls otherwise
    "src_ip": "source.ip", "src_port": "source.port", "dest_ip": "destination.ip",
    "dest_port": "destination.port", "timestamp": "@timestamp", "proto": "network.transport",
}  # fmt: skip
SIGNS = {"signature": "rule.name", "signature_id": "rule.id", "category": "rule.category",
         "severity": "event.severity"}  # fmt: skip
UNKNOWN = "This is not one of Suricata's EVE records: it has no event_type that Suricata writes."


type Short = Annotated[str, msgspec.Meta(max_length=FIELD)]  # a longer one is read by `understand`


class Metadata(msgspec.Struct, gc=False):
    mitre_technique_id: list[str] | None = None
    signature_severity: list[str] | None = None
    attack_target: list[str] | None = None


class Signature(msgspec.Struct, gc=False):
    signature: str
    signature_id: int
    severity: int
    gid: int = 1
    category: Short | None = None
    action: Short | None = None
    metadata: Metadata | None = None
    references: list[str] | None = None
    source: None = None  # which of the two attacks, told by the rule itself
    target: None = None


class Http(msgspec.Struct, gc=False):
    hostname: Short | None = None
    url: Short | None = None
    http_method: Short | None = None
    http_user_agent: Short | None = None
    xff: None = None


class Tls(msgspec.Struct, gc=False):
    sni: Short | None = None
    subject: Short | None = None


class Record(msgspec.Struct, gc=False):
    """A usual record. What is typed None is read by `understand` where it is present."""

    event_type: str
    timestamp: str = ""
    src_ip: Short | None = None
    dest_ip: Short | None = None
    src_port: int | None = None
    dest_port: int | None = None
    proto: Short | None = None
    app_proto: Short | None = None
    in_iface: Short | None = None
    host: Short | None = None
    flow_id: int | None = None
    community_id: Short | None = None
    alert: Signature | None = None
    http: Http | None = None
    tls: Tls | None = None
    dns: None = None
    smb: None = None
    smtp: None = None
    email: None = None
    ssh: None = None
    krb5: None = None
    ftp: None = None
    ldap: None = None
    pgsql: None = None
    fileinfo: None = None
    ntlmssp: None = None
    verdict: None = None
    anomaly: None = None
    xff: None = None
    user: None = None


class Sign(msgspec.Struct, gc=False):
    signature_id: int
    severity: int
    gid: int = 1
    source: None = None
    target: None = None


class Key(msgspec.Struct, gc=False):
    """What folding needs of a record: read in half the time."""

    event_type: str
    timestamp: str = ""
    src_ip: Short | None = None
    alert: Sign | None = None


class Kind(msgspec.Struct, gc=False):
    event_type: str


_record = msgspec.json.Decoder(Record)
_key = msgspec.json.Decoder(Key)
_kind = msgspec.json.Decoder(Kind)
_FAULTS = (msgspec.DecodeError, ValueError, RecursionError)


def prepare(received_at: datetime) -> Parse:
    look, _, words_of, rest = glance(received_at)
    return lambda raw: (words_of(raw),) if next(look([raw]))[1] else rest(raw)


def glance(received_at: datetime) -> Glance:
    rule = policy("suricata", received_at)
    alerting = frozenset(rule.names.get("alert_on", ALERTING))
    serious = {int(word): int(s) for word, s in rule.severity.items() if word.isdecimal()}
    usual = "alert" if "alert" in alerting else None
    decode, moment_of = _key.decode, datetime.fromisoformat

    def look(lines: Iterable[bytes]) -> Iterator[Brief]:
        for raw in lines:
            try:
                record = decode(raw)
                at = moment_of(record.timestamp)
            except _FAULTS:
                yield raw, None, received_at
                continue
            sign = record.alert
            # \u may hold what cannot be stored; to look for one byte first is ten times as fast
            if record.event_type != usual or sign is None or b"\\" in raw and b"\\u" in raw:
                yield raw, None, received_at
                continue
            if at.tzinfo is not UTC:
                at = occurred(record.timestamp, rule) or received_at
            yield raw, (sign.gid, sign.signature_id, record.src_ip, sign.severity), at

    def named(key: tuple[int, int, str | None, int]) -> Named:
        generator, number, source, level = key
        host = (source or "")[:TEXT].strip()
        return Named(f"{generator}:{number}"[:TEXT], host, serious.get(level, rule.otherwise))

    def rest(raw: bytes) -> Alerts:
        try:
            kind = _kind.decode(raw).event_type
        except _FAULTS:
            return understand(loads(raw), rule)
        # plainly no alert, whatever the protocol it tells of
        is_passed = kind in KINDS and kind not in alerting
        return () if is_passed else understand(loads(raw), rule)

    return Glance(look, named, lambda raw: whole(raw, rule, serious), rest)


def whole(raw: bytes, rule: Policy, serious: dict[int, int]) -> Alert:
    """The same as `understand` makes of a usual alarm, in a fifth of the time."""
    try:
        record = _record.decode(raw)
    except _FAULTS:
        record = Record("")
    sign = record.alert
    if sign is None:
        found = understand(loads(raw), rule)
        if not found:  # a record around one of another kind
            raise NotUnderstood(UNKNOWN)
        return found[0]
    title, name = _named(sign.signature, sign.gid, sign.signature_id)
    return Alert(
        title=title,
        severity=serious.get(sign.severity, rule.otherwise),
        occurred=occurred(record.timestamp, rule),
        rule=name,
        source_host=(record.src_ip or "")[:TEXT].strip(),
        target_host=(record.dest_ip or "")[:TEXT].strip(),
        fields=_fields(record, sign),
    )


@lru_cache(maxsize=4096)
def _named(signature: str, generator: int, number: int) -> tuple[str, str]:
    """Title and rule: the same few for most records."""
    name = f"{generator}:{number}"[:TEXT]
    return " ".join(signature.split())[:TITLE] or name, name


def occurred(told: str, rule: Policy) -> datetime | None:
    """The time as Suricata writes it; another is left to `moment`."""
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo and EARLIEST < found.year < LATEST:
            return found if found.tzinfo is UTC else found.astimezone(UTC)
    except ValueError:
        pass
    return moment(told, rule.zone)


def _fields(record: Record, sign: Signature) -> dict[str, str]:
    """The same names as FIELDS, those that a usual record can have. Said one by one: a loop over
    them takes three times as long."""
    found = {
        "alert.category": sign.category, "alert.action": sign.action,
        "alert.severity": str(sign.severity), "proto": record.proto,
        "app_proto": record.app_proto, "src_port": _number(record.src_port),
        "dest_port": _number(record.dest_port), "in_iface": record.in_iface,
        "host": record.host, "flow_id": _number(record.flow_id),
        "community_id": record.community_id,
    }  # fmt: skip
    if meta := sign.metadata:
        found["alert.metadata.mitre_technique_id"] = _joined(meta.mitre_technique_id)
        found["alert.metadata.signature_severity"] = _joined(meta.signature_severity)
        found["alert.metadata.attack_target"] = _joined(meta.attack_target)
    if sign.references:
        found["alert.references"] = _joined(sign.references)
    if http := record.http:
        found["http.hostname"] = http.hostname
        found["http.url"] = http.url
        found["http.http_method"] = http.http_method
        found["http.http_user_agent"] = http.http_user_agent
    if tls := record.tls:
        found["tls.sni"] = tls.sni
        found["tls.subject"] = tls.subject
    return {name: told for name, v in found.items() if v and (told := v.strip())}


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _joined(words: list[str] | None) -> str:
    return text(words, FIELD) if words else ""


def understand(document: Any, rule: Policy) -> Alerts:
    """One record of any shape: as Suricata wrote it, or in the envelopes of shippers."""
    return within(document, lambda each: _one(_completed(table(each)), rule))


def _one(record: dict[str, Any], rule: Policy) -> Alerts:
    kind, sign = text(record.get("event_type")).lower(), table(record.get("alert"))
    if not kind and text(sign.get("signature")):
        kind = "alert"
    if kind not in KINDS and (not kind or not any(mark in record for mark in MARKS)):
        raise NotUnderstood(UNKNOWN)
    if kind not in rule.names.get("alert_on", ALERTING):
        return ()
    if kind == "alert" and not (sign or record.get("alert") is None):
        raise NotUnderstood("The record's alert is no object.")
    return (_alert(record, kind, rule),)


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """A record, or that of Filebeat's module with what was moved out of it to the names of ECS."""
    record = at(document, "suricata.eve")
    if not isinstance(record, dict):
        return document
    moved = {ours: told for ours, path in MOVED.items() if (told := at(document, path)) is not None}
    sign = {ours: told for ours, path in SIGNS.items() if (told := at(document, path)) is not None}
    whole = moved | record
    return whole | {"alert": sign | table(record.get("alert"))} if "alert" in record else whole


def _alert(record: dict[str, Any], kind: str, rule: Policy) -> Alert:
    sign = table(record.get("alert"))
    level = number(sign.get("severity"))
    source, target = at(sign, "source.ip"), at(sign, "target.ip")
    name = _rule(record, kind)
    return Alert(
        title=line(sign.get("signature")) or _anomaly(record) or name,
        severity=rule.serious(kind if level is None else int(level)),
        occurred=moment(first(record, "timestamp", "@timestamp", "ts"), rule.zone),
        rule=name,
        source_host=text(source or record.get("src_ip")),
        target_host=text(target or record.get("dest_ip")),
        user=words(record, *USERS),
        fields=chosen(record, *FIELDS),
    )


def _rule(record: dict[str, Any], kind: str) -> str:
    sign = table(record.get("alert"))
    sid = number(sign.get("signature_id"))
    if sid is not None:
        gid = number(sign.get("gid"))
        return f"{1 if gid is None else int(gid)}:{int(sid)}"
    return line(sign.get("signature")) or _anomaly(record) or kind


def _anomaly(record: dict[str, Any]) -> str:
    told = [text(at(record, f"anomaly.{key}")) for key in ("type", "event", "code")]
    return " ".join(filter(None, told))
