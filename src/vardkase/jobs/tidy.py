"""Housekeeping: what nobody needs any more goes. Nothing of a case is touched."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from vardkase.detections.retention import tidy_detections
from vardkase.lib.sessions import SessionStore

DAY = timedelta(days=1)
KEPT_RESULTS = timedelta(days=30)


def tidy(at: datetime) -> None:
    """Expired sessions, counters, cache rows, results of tasks, and uploads never finished."""
    SessionStore.clear_expired()
    DBTaskResult.objects.finished().filter(finished_at__lt=at - KEPT_RESULTS).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < %s", [at])
        cursor.execute('DELETE FROM lib_rate WHERE "window" < %s', [int(at.timestamp())])
    forget_half_uploads()
    tidy_detections(at)


def forget_half_uploads() -> int:
    """Remove files that have lain in the incoming folder for a day; how many."""
    old, gone = time.time() - DAY.total_seconds(), 0
    for path in (settings.FILES / "incoming").glob("*"):
        if path.is_file() and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
