"""Log Event Extended Format: what products send to IBM QRadar."""

from datetime import datetime

from vardkase.detections.alert import Alert

from ..java_time import java_time
from ..policy import Policy, fingerprint_of, policy
from ..reading import Line, by_frame, first
from ..source import Source
from ..understood import header_fields, header_of, is_connection, kept, occurred, understood
from .line import Event, read_line


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("leef", received_at)
    event = read_line(line.text)
    env = header_of(line, event.before, ours, received_at)
    said = kept(event.attributes)
    header = event.header
    fields = header_fields(env) | {n: v for n, v in header.items() if v} | said | line.marks
    if is_connection((header["eventID"], header["product"], said.get("cat", "")), said, ours):
        fields["connection"] = first(said, ("action", "act")) or header["eventID"]
    return understood(
        fields,
        ours=ours,
        env=env,
        title=_title(event, said, ours),
        rule=header["eventID"],
        severity=ours.serious(first(said, ours.names["severity"])),
        at=_occurred(said, ours, received_at),
    )


def _title(event: Event, said: dict[str, str], ours: Policy) -> str:
    """The format has no name of an event but its id, which may be a bare number."""
    header = event.header
    spoken = first(said, ours.names["title"])
    code = header["eventID"] or " ".join((header["vendor"], header["product"])).strip()
    if not code.strip("0123456789-.:x "):
        code = f"{header['product'] or header['vendor']} {code}".strip()
    return f"{code}: {spoken}" if spoken and spoken != code else code or "LEEF"


def _occurred(said: dict[str, str], ours: Policy, received_at: datetime) -> datetime | None:
    told, written = said.get("devTime", ""), said.get("devTimeFormat", "")
    if told and written:
        at = java_time(told, written, zone=ours.zone, received_at=received_at)
        if at:
            return at
    return occurred(said, ours.names["occurred"], ours, received_at)


SOURCE = Source("leef", by_frame(understand), fingerprint_of("leef"))
