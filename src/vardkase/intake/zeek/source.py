"""Zeek's logs, as rows under a header or as JSON: notices raise alerts, the rest is traffic."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from vardkase.detections.alert import Alert

from ..apart import Apart
from ..json_text import in_utf8, loads
from ..policy import Policy, fingerprint_of, policy
from ..reading import first, made, text_of
from ..source import Message, NotUnderstood, Source, outcome
from ..values import fields as in_words
from ..values import leaves
from ..when import any_time
from .tsv import Header

_BY_FIELDS = {  # what only rows of that log have
    "notice": {"note"},
    "weird": {"name", "notice"},
    "intel": {"seen.indicator"},
    "signatures": {"sig_id", "event_msg"},
}
_SOURCE = ("src", "id.orig_h", "src_addr", "host", "orig_h")
_TARGET = ("dst", "id.resp_h", "dst_addr", "resp_h")
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
        return _alerts(header.row(text), header.path, received_at)

    number = 0
    for line in body.split(b"\n"):
        raw = line.removesuffix(b"\r")
        if raw.strip() and not _is_directive(raw, header):
            number += 1
            yield outcome(number, raw, parse, received_at)


def _is_directive(raw: bytes, header: Header) -> bool:
    return raw.startswith(b"#") and header.directive(raw.decode("utf-8", "replace"))


def _json(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
    row = in_words(leaves(loads(raw)))
    path = row.get("_path", "")
    if not path and any_time(row.get("ts", ""), zone=UTC, received_at=received_at) is None:
        raise NotUnderstood("There is neither _path nor a time in ts: not a record of Zeek.")
    return _alerts(row, path, received_at)


def _alerts(row: Mapping[str, str], path: str, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("zeek", received_at)
    log = path or next((log for log, names in _BY_FIELDS.items() if names <= row.keys()), "")
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
        occurred=any_time(fields.get("ts", ""), zone=ours.zone, received_at=received_at),
        rule=rule,
        source_host=first(fields, _SOURCE),
        target_host=first(fields, _TARGET),
        user=first(fields, ("user", "username", "client")),
        ref=first(fields, ("uid", "fuid")),
    )


SOURCE = Source("zeek", read, fingerprint_of("zeek"), carry=b"#")
