"""Limits on how often something is done, shared by all processes, in one SQL statement."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# `window` is the second since 1970 when the row's count ends; a row that has ended starts anew.
COUNT = """
INSERT INTO lib_rate AS r (key, "window", count)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])
ON CONFLICT (key) DO UPDATE SET
  count = least(CASE WHEN r."window" = excluded."window" THEN r.count::bigint ELSE 0 END
                + excluded.count, 2147483647),
  "window" = excluded."window"
RETURNING key, count
"""
MOST = 2**31 - 1
LOCK = """
INSERT INTO lib_rate AS r (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET "window" = greatest(r."window", excluded."window")
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` of `key` in each window of `seconds`."""

    key: str
    count: int
    seconds: int

    def end(self, at: datetime) -> int:
        return (int(at.timestamp()) // self.seconds + 1) * self.seconds

    def seconds_left(self, at: datetime) -> int:
        """Until the window ends: what `Retry-After` says."""
        return self.end(at) - int(at.timestamp())


def exceeded(*limits: Limit, at: datetime, amount: int = 1) -> Limit | None:
    """Count `amount` against every limit; the one that it exceeds for the longest, if any."""
    rows = sorted(limits, key=lambda limit: limit.key)  # one order, so that no two deadlock
    with connection.cursor() as cursor:
        keys = [limit.key[:120] for limit in rows]
        cursor.execute(
            COUNT, [keys, [limit.end(at) for limit in rows], [min(amount, MOST)] * len(rows)]
        )
        counts = dict(cursor.fetchall())
    over = [limit for limit in rows if counts[limit.key[:120]] > limit.count]
    return max(over, key=lambda limit: limit.end(at), default=None)


def lock(key: str, *, until: int) -> None:
    """Shut `key` until a second since 1970; `locked` tells for how long."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [key[:120], until])


def locked(*keys: str, at: datetime) -> int:
    """Seconds until the last of `keys` opens again; 0 if all are open."""
    with connection.cursor() as cursor:
        names = [key[:120] for key in keys]
        cursor.execute('SELECT max("window") FROM lib_rate WHERE key = ANY(%s)', [names])
        (until,) = cursor.fetchone()
    return max(0, (until or 0) - int(at.timestamp()))


def sender(meta: Mapping[str, str], *, proxies: int) -> str:
    """The network that a request came from, as one key: an IPv4 address, or an IPv6 /64.

    `proxies` of our own stand before us, and each has added who called it; what lies further to
    the left in the header is the caller's own word and counts for nothing.
    """
    said = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    address = said[-proxies] if 0 < proxies <= len(said) else meta.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
