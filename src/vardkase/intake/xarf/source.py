"""X-ARF abuse reports, by mail or as JSON: someone complains of a machine that is ours."""

from collections.abc import Iterator
from datetime import datetime

from vardkase.detections.alert import Alert

from ..apart import SPACE, Apart
from ..json_text import in_utf8
from ..letter import letter, mails
from ..policy import Policy, fingerprint_of, policy
from ..reading import first, made
from ..source import Message, Source, outcome
from ..understood import clean_host, occurred
from ..values import host_of_url
from .report import Report, read_json, read_mail


def read(body: bytes, received_at: datetime) -> Iterator[Message]:
    body = in_utf8(body)
    ours = policy("xarf", received_at)
    if body.lstrip(SPACE)[:1] in (b"{", b"["):
        parse = lambda raw: _alerts(read_json(raw), ours, received_at)  # noqa: E731
        yield from Apart(body, parse).messages()
        return
    for number, raw in enumerate(mails(body), 1):
        yield outcome(number, raw, understand, received_at)


def understand(raw: bytes, received_at: datetime) -> tuple[Alert, ...]:
    """The alert of a mail."""
    return _alerts(read_mail(letter(raw)), policy("xarf", received_at), received_at)


def _alerts(report: Report, ours: Policy, received_at: datetime) -> tuple[Alert, ...]:
    known = report.known
    if ours.skips(known.get):
        return ()
    area = first(known, ours.names["category"]).lower()
    kind = first(known, ours.names["type"]).lower()
    rule = "/".join(filter(None, (area, kind))) or "abuse"
    source = _host(first(known, ours.names["source_host"]))
    said = first(known, ("severity", "report.severity"))
    return (
        made(
            title=f"Abuse report ({rule}): {source or first(known, ours.names['title'])}",
            severity=ours.serious(said) if said.lower() in ours.severity else _by_kind(rule, ours),
            fields=report.told,
            occurred=occurred(known, ours.names["occurred"], ours, received_at),
            rule=rule,
            source_host=source,
            target_host=clean_host(first(known, ours.names["target_host"])),
            user=first(known, ours.names["user"]),
            ref=first(known, ours.names["ref"]),
            kind="vulnerability" if area == "vulnerability" else "alert",
        ),
    )


def _host(told: str) -> str:
    return host_of_url(told) if "://" in told else clean_host(told)


def _by_kind(rule: str, ours: Policy) -> int:
    """By area and kind, or else by kind, or else by area."""
    area, _, kind = rule.partition("/")
    told = next((word for word in (rule, kind, area) if word in ours.severity), "")
    return ours.serious(told)


SOURCE = Source("xarf", read, fingerprint_of("xarf"), whole=True)
