"""Common Event Format: what firewalls, mail filters and endpoint products send to a SIEM."""

import re
from datetime import datetime

from vardkase.detections.alert import Alert

from ..policy import Policy, fingerprint_of, policy
from ..reading import Line, by_frame, first
from ..source import Source
from ..understood import header_fields, header_of, is_connection, kept, occurred, understood
from .line import read_line

_NUMBER = re.compile(r"(?<![^\s(\[\"'])\d[\d.,:]*(?![^\s)\]\"',.;%])")
_SORTS = ("name", "deviceEventClassId", "deviceProduct")  # what says that a line is of traffic
_LABEL = "Label"


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("cef", received_at)
    event = read_line(line.text)
    env = header_of(line, event.before, ours, received_at)
    said = kept(event.extension)
    header = event.header
    title = _title(header, said, ours)
    fields = header_fields(env) | {n: v for n, v in header.items() if v} | _labelled(said)
    sorts = (*(header[name] for name in _SORTS), said.get("cat", ""))
    if is_connection(sorts, said, ours):
        fields["connection"] = act = first(said, ("act", "deviceAction"))
        title = f"{title} {act}".strip()
    severity = header["severity"] or first(said, ours.names.get("severity", ()))
    return understood(
        fields | {"sort": _NUMBER.sub("#", title)} | line.marks,
        said=said,
        ours=ours,
        env=env,
        title=title,
        rule=header["deviceEventClassId"],
        severity=ours.serious(severity),
        at=occurred(said, ours.names["occurred"], ours, received_at),
    )


def _title(header: dict[str, str], said: dict[str, str], ours: Policy) -> str:
    """The name of the event; where that is a bare number, the product and its id of it as well."""
    name = header["name"]
    if name.lower() in ("", "generic"):
        name = first(said, ours.names.get("title", ())) or name
    if name.strip("0123456789.-: "):
        return name
    return " ".join(filter(None, (_product(header), header["deviceEventClassId"], name)))


def _labelled(said: dict[str, str]) -> dict[str, str]:
    """The custom fields (`cs1`, `cn2`) under the names that their labels give them."""
    told: dict[str, str] = {}
    for name, value in said.items():
        label = said.get(name + _LABEL, "")
        if label and label not in said:
            told.setdefault(label, value)
        elif not (name.endswith(_LABEL) and name.removesuffix(_LABEL) in said):
            told[name] = value
    return told


def _product(header: dict[str, str]) -> str:
    return " ".join(header[name] for name in ("deviceVendor", "deviceProduct")).strip() or "CEF"


SOURCE = Source("cef", by_frame(understand), fingerprint_of("cef"))
