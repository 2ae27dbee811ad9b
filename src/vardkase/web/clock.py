"""How long something is away, in words; the same words as those that tick in the browser."""

from datetime import datetime

from django.utils.translation import gettext as _


def time_left(due: datetime, at: datetime) -> str:
    """`22 h 17 min left`, `3 d 4 h late`: whole minutes, rounded towards the deadline."""
    minutes = int(abs((due - at).total_seconds()) // 60)
    days, hours = divmod(minutes // 60, 24)
    form = _("{d} d {h} h") if days else _("{h} h {m} min") if hours else _("{m} min")
    time = form.format(d=days, h=hours, m=minutes % 60)
    return (_("{time} left") if due >= at else _("{time} late")).format(time=time)


SOON = 75  # percent of the time used, from which a clock is marked


def word(start: datetime | None, due: datetime, at: datetime) -> str:
    """`late`, `soon`, or nothing."""
    return "late" if due < at else "soon" if used(start, due, at) >= SOON else ""


def used(start: datetime | None, due: datetime, at: datetime) -> int:
    """How much of the time from `start` to `due` has passed, in percent; 100 for no time."""
    span = (due - start).total_seconds() if start else 0
    if start is None or span <= 0:
        return 100
    return round(100 * min(max((at - start).total_seconds() / span, 0), 1))
