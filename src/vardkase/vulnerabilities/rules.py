"""When a source is to be checked. Pure; `days` is policy of the source itself, 1 to 366."""

from datetime import datetime, timedelta


def due(last: datetime, days: int) -> datetime:
    """The latest moment for the next check: `days` after the last one."""
    return last + timedelta(days=days)


def missed(last: datetime, days: int, at: datetime) -> int:
    """How many whole intervals have gone without a check."""
    return max(0, (at - last) // timedelta(days=days))
