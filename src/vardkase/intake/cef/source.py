"""Common Event Format: what firewalls, mail filters and endpoint products send to a SIEM."""

from datetime import datetime

from vardkase.detections.alert import Alert

from ..policy import fingerprint_of, policy
from ..reading import Line, by_frame, first
from ..source import Source
from ..understood import header_fields, header_of, kept, occurred, understood
from .line import read_line


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("cef", received_at)
    event = read_line(line.text)
    env = header_of(line, event.before, ours, received_at)
    said = kept(event.extension)
    header = event.header
    fields = header_fields(env) | {n: v for n, v in header.items() if v} | said | line.marks
    severity = header["severity"] or first(said, ours.names.get("severity", ()))
    return understood(
        fields,
        ours=ours,
        env=env,
        title=header["name"] or first(said, ours.names.get("title", ())) or _product(header),
        rule=header["deviceEventClassId"],
        severity=ours.serious(severity),
        at=occurred(said, ours.names["occurred"], ours, received_at),
    )


def _product(header: dict[str, str]) -> str:
    return " ".join(header[name] for name in ("deviceVendor", "deviceProduct")).strip() or "CEF"


SOURCE = Source("cef", by_frame(understand), fingerprint_of("cef"))
