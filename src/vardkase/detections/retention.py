"""What is short-lived goes: messages a month at a time, hourly counts, keys of batches."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from vardkase.policy.parameter import parameter

AHEAD = 2  # months that have their partition before they begin
PATIENCE = "2s"  # for a lock: those who send go first, and the next hour is soon enough

MAKE = "SELECT detections_make_month((%s::timestamptz + make_interval(months => %s))::date)"


def tidy_detections(at: datetime) -> int:
    """Make the months to come, drop those that are over; how many were dropped.

    A month is dropped when its last message is older than the policy's `raw_days`.
    """
    kept = parameter("detections.limits").at(at).value
    hour = int((at - timedelta(days=kept["hourly_days"])).timestamp()) // 3600
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("DELETE FROM detections_hourly WHERE hour < %s", [hour])
        keys = at - timedelta(hours=kept["batch_hours"])
        cursor.execute("DELETE FROM detections_batch WHERE at < %s", [keys])
        for month in range(AHEAD + 1):
            cursor.execute(MAKE, [at, month])
        cursor.execute("SELECT detections_drop_months(%s)", [at - timedelta(days=kept["raw_days"])])
        (gone,) = cursor.fetchone()
    return int(gone)
