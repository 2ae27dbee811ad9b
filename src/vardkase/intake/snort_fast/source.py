"""Snort's one-line alerts, from its file or through syslog; Suricata's fast.log is the same."""

import re
from datetime import datetime

from vardkase.detections.alert import Alert

from ..policy import Policy, fingerprint_of, policy
from ..reading import Line, by_frame, made
from ..source import Source
from ..understood import header_fields, header_of
from ..when import any_time
from .line import Fast, read_line

_SHORT = re.compile(r"(\d\d)/(\d\d)/(\d\d)(-.*)")


def understand(line: Line, received_at: datetime) -> tuple[Alert, ...]:
    ours = policy("snort-fast", received_at)
    fast = read_line(line.text)
    env = header_of(line, fast.before, ours, received_at)
    told = fast.told
    fields = header_fields(env) | {"gid": fast.gid, "sid": fast.sid, "rev": fast.rev}
    if ours.skips(lambda name: told.get(name, fields.get(name))):
        return ()
    return (
        made(
            title=fast.message or f"Snort {fast.gid}:{fast.sid}",
            severity=ours.serious(told.get("priority", "")),
            fields=fields | told | line.marks,
            occurred=_occurred(fast, ours, received_at) or env.occurred,
            rule=f"{fast.gid}:{fast.sid}",
            source_host=told.get("src", ""),
            target_host=told.get("dst", "") or env.host,
        ),
    )


def _occurred(fast: Fast, ours: Policy, received_at: datetime) -> datetime | None:
    """Snort 2 writes month/day/year, Snort 3 year/month/day, both with two digits each.

    Where both are days, the one nearer to arrival was meant.
    """
    short = _SHORT.fullmatch(fast.stamp)
    if short is None:
        return any_time(fast.stamp, zone=ours.zone, received_at=received_at)
    a, b, c, time = short.groups()
    read = (
        any_time(f"20{year}-{month}-{day}{time}", zone=ours.zone, received_at=received_at)
        for year, month, day in ((c, a, b), (a, b, c))
    )
    return max((at for at in read if at), default=None)


SOURCE = Source("snort-fast", by_frame(understand), fingerprint_of("snort-fast"))
