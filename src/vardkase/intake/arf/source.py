"""Abuse reports by mail (ARF): someone complains of mail that came from us, or in our name."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from vardkase.detections.alert import Alert

from ..letter import header, letter, mails, sent_at
from ..policy import fingerprint_of, policy
from ..reading import first, made
from ..source import Message, Source, outcome
from ..understood import clean_host, occurred
from ..when import plausible
from .report import Report, read_report

_MADE = re.compile(
    r"[=+]|\d{5}|[0-9a-f-]{16}"
)  # bounce-123456-you=isp@..., SRS0=..., 0100016fcb...


def read(body: bytes, received_at: datetime) -> Iterator[Message]:
    for number, raw in enumerate(mails(body), 1):
        yield outcome(number, raw, understand, received_at)


def understand(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("arf", received_at)
    report = read_report(letter(raw))
    told = report.told
    known = {name.lower(): value for name, value in told.items()}
    kind = known.get("feedback-type", "").strip().lower() or "abuse"
    sender = first(known, ours.names["user"]).strip("<> ")
    fields = (
        told
        | {"sender": _sorted(sender)}
        | _named("original", report.original)
        | _named("report", _sender(report))
    )
    if ours.skips(lambda name: known.get(name.lower())):
        return ()
    at = occurred(known, ours.names["occurred"], ours, received_at) or sent_at(report.mail)
    return (
        made(
            title=_title(kind, known, report),
            severity=ours.serious(kind),
            fields=fields,
            occurred=at if at and plausible(at, received_at=received_at) else None,
            rule=kind,
            source_host=_address(clean_host(first(known, ours.names["source_host"]))),
            target_host=clean_host(first(known, ours.names["target_host"]).rpartition(";")[2]),
            user=sender,
            ref=header(report.mail, "Message-ID").strip("<> "),
        ),
    )


def _address(host: str) -> str:
    """Without the mark that RFC 5321 puts before an IPv6 address."""
    return host[5:] if host[:5].lower() == "ipv6:" else host


def _sorted(sender: str) -> str:
    """The account that sent, but only its domain where the address is made anew for each mail."""
    local, _, domain = sender.rpartition("@")
    return domain if _MADE.search(local) else sender


def _title(kind: str, known: Mapping[str, str], report: Report) -> str:
    about = report.original.get("Subject") or first(
        known, ("reported-uri", "reported-domain", "source-ip", "source", "original-mail-from")
    )
    return f"Abuse report ({kind}): {about}" if about else f"Abuse report ({kind})"


def _sender(report: Report) -> dict[str, str]:
    return {name: header(report.mail, name) for name in ("From", "Subject", "Date")}


def _named(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}.{name}": value for name, value in values.items() if value}


SOURCE = Source("arf", read, fingerprint_of("arf"), whole=True)
