"""Which time is counted, how it is cut, and what stands out in a list of counts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from vardkase.policy.parameter import SWEDEN

DAYS, MONTHS = 31, 36 * 31  # the longest period, in days, that is drawn by day, by month
MOST_STEPS = 60
FEW = 5  # cases; fewer show no pattern
MUCH = 0.65  # the share of all from which a few values are worth a headline


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Sweden, from `since` to before `until`; None is without end."""

    since: date | None = None
    until: date | None = None

    def moments(self) -> dict[str, datetime | None]:
        """The same as two moments, for a `Choice`."""
        return {"since": midnight(self.since), "until": midnight(self.until)}


def midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), SWEDEN) if day else None


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today + timedelta(days=1))


def twelve_months(today: date) -> Period:
    """This month so far and the eleven before it."""
    month = today.year * 12 + today.month - 12
    return Period(date(month // 12, month % 12 + 1, 1), today + timedelta(days=1))


def a_year_before(period: Period) -> Period:
    return Period(*(year_before(day) if day else None for day in (period.since, period.until)))


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


def just_before(period: Period) -> Period | None:
    """As many days, ending where `period` begins; None if it is without end."""
    if period.since is None or period.until is None:
        return None
    return Period(period.since - (period.until - period.since), period.since)


def step(first: date, last: date) -> str:
    """What a period from `first` to `last` is cut into: day, month or year."""
    days = (last - first).days + 1
    return "day" if days <= DAYS else "month" if days <= MONTHS else "year"


def steps(first: date, last: date, by: str) -> list[date]:
    """The first day of each step, the latest 60 of them."""
    return list(all_steps(first, last, by))[-MOST_STEPS:]


def all_steps(first: date, last: date, by: str) -> Iterator[date]:
    if by == "day":
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))
    elif by == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        yield from (date(m // 12, m % 12 + 1, 1) for m in months)
    else:
        yield from (date(year, 1, 1) for year in range(first.year, last.year + 1))


def leading(counts: Sequence[int], whole: int) -> tuple[int, int] | None:
    """How many of the first values (1 to 3) make most of `whole`, and their share in tenths.

    None if no few of them do, or if there are no others.
    """
    for many in (1, 2, 3):
        share = sum(counts[:many]) / whole if whole >= FEW and len(counts) > many else 0.0
        if share >= MUCH:
            return many, min(9, round(share * 10))
    return None


def change(now: int, before: int) -> int | None:
    """Per cent more (or less, negative) than before; None where before was too little to say."""
    return round(100 * (now - before) / before) if before >= FEW else None
