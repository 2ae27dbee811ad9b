"""Zeek's logs, as rows under a header or as JSON: notices raise alerts, the rest is traffic."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Apart
from ..inside import within
from ..json_text import in_utf8, loads
from ..policy import Policy, fingerprint_of, policy
from ..reading import first, made, storable, text_of
from ..source import Message, NotUnderstood, Source, outcome
from ..values import at, leaves, table
from ..values import fields as in_words
from ..when import any_time
from .tsv import Header, bare_notice

_BY_FIELDS = {  # what only rows of that log have
    "signatures": {"sig_id", "event_msg"},
    "notice": {"note"},
    "weird": {"name", "notice"},
    "intel": {"seen.indicator"},
}
TIMES = ("ts", "_write_ts", "@timestamp", "timestamp", "time")
MOVED = {"src": "source.ip", "dst": "destination.ip", "ts": "@timestamp", "uid": "event.id"}
_SOURCE = ("src", "id.orig_h", "id_orig_h", "src_addr", "host", "orig_h")
_TARGET = ("dst", "id.resp_h", "id_resp_h", "dst_addr", "resp_h")
_TITLE = ("msg", "event_msg", "name", "seen.indicator", "sub_msg")
_RULE = ("note", "sig_id", "name", "seen.indicator")


def read(body: bytes, received_at: datetime) -> Iterator[Message]:
    body = in_utf8(body)
    if body.lstrip()[:1] in (b"{", b"["):
        yield from Apart(body, lambda raw: _json(raw, received_at)).messages()
        return
    header = Header()

    def parse(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
        text = text_of(raw).text
        if raw.startswith(b"{"):
            return _json(raw, received_at)
        if not header.fields and b"{" in raw:  # behind the words of a syslog daemon
            return _json(raw[raw.index(b"{") :], received_at)
        row = header.row(text)
        return _alerts(row, header.path or row.get("_path", ""), received_at)

    number = 0
    for line in body.split(b"\n"):
        raw = line.removesuffix(b"\r")
        if raw.strip() and not _is_directive(raw, header):
            number += 1
            yield outcome(number, raw, parse, received_at)


def _is_directive(raw: bytes, header: Header) -> bool:
    return raw.startswith(b"#") and header.directive(storable(raw.decode("utf-8", "replace")))


def _json(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
    return within(loads(raw), lambda each: _record(table(each), received_at))


def _record(document: dict[str, Any], received_at: datetime) -> tuple[Alert, ...]:
    message = document.get("message")
    bare = isinstance(message, str) and message[:1].isdigit() and "\t" in message
    row = bare_notice(str(message)) if bare else in_words(leaves(_named(document)))
    path = row.get("_path", "")
    known = path or "note" in row or any_time(row.get("ts", ""), zone=UTC, received_at=received_at)
    if row.keys() == {"name"} and row["name"].endswith((".zeek", ".bro")):
        return ()  # loaded_scripts.log, the one that tells no time
    if not known:
        raise NotUnderstood("There is neither _path nor a time in ts: not a record of Zeek.")
    return _alerts(row, path, received_at)


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """A record with the log's name in it, where Zeek's Kafka writer or Filebeat put it around."""
    inside = document.get("zeek") if "ts" not in document else None
    if isinstance(inside, dict):  # Filebeat's module, which moves addresses and time to ECS
        moved = {ours: told for ours, path in MOVED.items() if (told := at(document, path))}
        name = next((key for key, value in inside.items() if isinstance(value, dict)), "")
        log = name or str(at(document, "event.dataset")).removeprefix("zeek.")
        return moved | table(inside.get(name)) | {"_path": log}
    if len(document) == 1:
        ((log, row),) = document.items()
        if isinstance(row, dict) and "ts" in row:
            return {"_path": log, **row}
    return document


def _at(row: Mapping[str, str], zone: tzinfo, received_at: datetime) -> datetime | None:
    told = (row.get(name, "") for name in TIMES)
    found = (any_time(each, zone=zone, received_at=received_at) for each in told if each)
    return next(filter(None, found), None)


def _alerts(row: Mapping[str, str], path: str, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("zeek", received_at)
    log = path or next((log for log, names in _BY_FIELDS.items() if names <= row.keys()), "")
    if log.endswith("_notice") and "note" in row:  # renamed on its way: `bro_notice`
        log = "notice"
    fields = {"log": log, **row}
    if log not in ours.names["logs"] or ours.skips(fields.get):
        return ()
    return (_alert(fields, log, ours, received_at),)


def _alert(fields: dict[str, str], log: str, ours: Policy, received_at: datetime) -> Alert:
    rule = first(fields, _RULE)
    said = first(fields, _TITLE)
    return made(
        title=f"{rule}: {said}" if rule and said != rule else said or rule or f"Zeek {log}",
        severity=ours.serious(rule) if log.startswith("notice") else ours.serious(log),
        fields=fields,
        occurred=_at(fields, ours.zone, received_at),
        rule=rule,
        source_host=first(fields, _SOURCE),
        target_host=first(fields, _TARGET),
        user=first(fields, ("user", "username", "client")),
        ref=first(fields, ("uid", "fuid")),
    )


SOURCE = Source("zeek", read, fingerprint_of("zeek"), carry=b"#")
