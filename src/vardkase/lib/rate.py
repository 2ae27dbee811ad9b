"""Limits on how often something is done, shared by all processes, in one SQL statement."""

from datetime import datetime

from django.db import connection

COUNT = """
INSERT INTO lib_rate AS r (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN r."window" = excluded."window" THEN r.count + 1 ELSE 1 END,
  "window" = excluded."window"
RETURNING count
"""


def over(key: str, *, limit: int, seconds: int, at: datetime) -> bool:
    """Count one try of `key`; whether that makes more than `limit` in this window of `seconds`."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key[:120], int(at.timestamp()) // seconds])
        count: int = cursor.fetchone()[0]
    return count > limit


def seconds_left(*, seconds: int, at: datetime) -> int:
    """Until the window ends: what `Retry-After` says."""
    return seconds - int(at.timestamp()) % seconds
