"""The trend as columns of an SVG, with every number in a table beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vardkase.policy.parameter import SWEDEN
from vardkase.statistics.rules import steps

WIDTH, FLOOR, CEILING, LEFT = 340, 150, 24, 30  # of the drawing, in its own units
NUMBERED = 14  # columns; with more of them only some have a number and a name
AXIS = {"day": "j/n", "month": "b", "year": "Y"}
NAMES = {"day": "j F", "month": "F Y", "year": "Y"}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a column."""

    mark: str  # class of the stylesheet
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    short: str  # under the axis; empty where names would not fit
    x: float
    middle: float
    count: int
    parts: list[Part]

    @property
    def top(self) -> float:
        return min((part.y for part in self.parts), default=FLOOR) - 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line across, with its number."""

    count: int
    y: float

    @property
    def foot(self) -> float:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    lines: list[Line]
    legend: list[tuple[str, str]]  # class, words
    column_width: float

    @property
    def peak(self) -> Column:
        return max(self.columns, key=lambda column: column.count)

    @property
    def count(self) -> int:
        return sum(column.count for column in self.columns)


def chart(
    counts: Iterable[tuple[datetime, int, int]], ends: tuple[date, date], by: str, *, ranked: bool
) -> Chart:
    """Columns from the first to the last step, empty ones too. `ranked`: the parts are priorities,
    otherwise 1 for incidents and 0 for other events."""
    found: dict[date, dict[int, int]] = {}
    for moment, part, count in counts:
        found.setdefault(moment.astimezone(SWEDEN).date(), {})[part] = count
    days = steps(*ends, by)
    legend = parts(ranked)
    most = max((sum(found.get(day, {}).values()) for day in days), default=0)
    high = nice(most)
    pitch = (WIDTH - LEFT) / len(days)
    columns = [
        column(place, day, found.get(day, {}), by, legend, high=high, pitch=pitch, among=len(days))
        for place, day in enumerate(days)
    ]
    lines = [Line(high * k // 4, height_at(high * k // 4, high)) for k in range(5)]
    return Chart(columns, lines, [row[1:] for row in legend], round(pitch * 0.75, 1))


def parts(ranked: bool) -> list[tuple[int, str, str]]:
    """(part, class, words), the lowest of the column first."""
    if ranked:
        return [(p, f"f{p}", f"P{p}") for p in (5, 4, 3, 2, 1)]
    return [(1, "main", _("Incidents")), (0, "soft", _("Other events"))]


def nice(most: int) -> int:
    """A round number, divisible by four, at or above `most`."""
    size = 1
    while size * 40 < most:
        size *= 10
    return next(s for s in (4 * size, 8 * size, 12 * size, 20 * size, 40 * size) if s >= most)


def height_at(count: int, high: int) -> float:
    return round(FLOOR - (FLOOR - CEILING) * count / high, 1)


def column(
    place: int,
    day: date,
    found: dict[int, int],
    by: str,
    legend: list[tuple[int, str, str]],
    *,
    high: int,
    pitch: float,
    among: int,
) -> Column:
    counts = [found.get(part, 0) for part, _mark, _words in legend]
    tops = [height_at(sum_, high) for sum_ in accumulate(counts)]
    drawn = [
        Part(mark, count, top, round(floor - top, 1))
        for (_part, mark, _words), count, top, floor in zip(
            legend, counts, tops, [FLOOR, *tops], strict=False
        )
    ]
    x = LEFT + place * pitch
    every = -(-among // NUMBERED)
    short = date_format(day, AXIS[by]) if place % every == 0 else ""
    middle = round(x + pitch * 0.375, 1)
    name = date_format(day, NAMES[by])
    return Column(name, short, round(x, 1), middle, sum(counts), drawn)
