"""Periods of law: hours, days and weeks elapse in UTC; months are those of the Swedish calendar."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from vardkase.policy.parameter import SWEDEN

_PERIOD = re.compile(r"P(?:(\d{1,3})M|(\d{1,3})W|(\d{1,4})D|T(\d{1,5})H|T(\d{1,6})M)")


class BadPeriod(ValueError):
    """Not a period that law uses: P1M, P4W, P14D, PT24H or PT30M."""


def after(moment: datetime, period: str) -> datetime:
    """`period` after `moment`, as Swedish local time.

    The night the clocks change neither gives nor takes an hour (PT24H, P14D, P4W). A month ends on
    the same day and hour of the calendar, or on the last day of a shorter month.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise BadPeriod(period)
    months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
    if months:
        return _months_after(moment.astimezone(SWEDEN), months)
    elapsed = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    return (moment.astimezone(UTC) + elapsed).astimezone(SWEDEN)


def _months_after(local: datetime, months: int) -> datetime:
    """An hour that the clocks skip is the one after it; one they repeat is the first, the safe."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    moved = local.replace(year=year, month=month + 1, day=day, fold=0)
    return moved.astimezone(UTC).astimezone(SWEDEN)


def is_period(text: object) -> bool:
    """A period that law uses, and longer than nothing."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    return found is not None and any(int(part or 0) for part in found.groups())
