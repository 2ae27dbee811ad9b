"""The statistics page: patterns first as words, then as pictures, each with its table."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vardkase.access.actor import Actor
from vardkase.lib import sheet
from vardkase.policy.parameter import parameter
from vardkase.statistics.queries import (
    Choice,
    Row,
    Tally,
    counted,
    judged,
    tally,
    time_to_assessment,
    trend,
)
from vardkase.statistics.rules import FEW, change, step
from vardkase.web.actor import actor
from vardkase.web.door import needs

from . import words
from .chart import Chart, chart
from .forms import ChoiceForm, Wanted

LISTS = {"category": "kategori", "unit": "enhet", "priority": "prioritet", "state": "lage"}
BARS = 12  # values drawn; the file holds them all


@needs("stats")
def page(request: HttpRequest) -> HttpResponse:
    reader = actor(request)
    form = ChoiceForm(request.GET, reader=reader)
    context: dict[str, Any] = {"form": form, "section": "statistics"}
    if not form.is_valid():
        return render(request, "statistics/page.html", context, status=422)
    wanted = form.wanted()
    context |= {"query": request.GET.urlencode(), **counts(reader, wanted)}
    return render(request, "statistics/page.html", context)


@needs("stats")
def table(request: HttpRequest) -> HttpResponse:
    """All values with their counts, and sums if one was asked for, for a spreadsheet."""
    reader = actor(request)
    form = ChoiceForm(request.GET, reader=reader)
    if not form.is_valid():
        return render(request, "statistics/page.html", {"form": form}, status=422)
    name = f"statistik-{form.today:%Y-%m-%d}.csv"
    return HttpResponse(
        sheet.table(lines(reader, form.wanted())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def lines(reader: Actor, wanted: Wanted) -> Iterator[list[sheet.Cell]]:
    sums = bool(wanted.total)
    yield [words.dimension(wanted.by), _("Number"), *([wanted.total] if sums else [])]
    for row in counted(reader, wanted.by, wanted.choice, total=wanted.total):
        name = words.value(wanted.by, row.value, reader.at)
        yield [name, row.count, *([row.total] if sums else [])]


def counts(reader: Actor, wanted: Wanted) -> dict[str, Any]:
    """All that the page shows."""
    now = tally(reader, wanted.choice, total=wanted.total)
    rows = counted(reader, wanted.by, wanted.choice, total=wanted.total)
    whole = now.incidents if wanted.incidents_only else now.events
    return {
        "cases": words.cases(wanted.incidents_only),
        "few": FEW,
        "tiles": tiles(reader, wanted, now),
        "trend": drawn(reader, wanted, now),
        "bars": bars(rows, wanted.by, whole, reader),
        "finding": words.finding(
            wanted.by, rows, whole, incidents_only=wanted.incidents_only, at=reader.at
        ),
        "matrix": matrix(reader, wanted.choice),
    }


def tiles(reader: Actor, wanted: Wanted, now: Tally) -> dict[str, Any]:
    """The large numbers, held against the time before where there is one."""
    before = tally(reader, wanted.choice_of(wanted.before)) if wanted.before else None
    time = time_to_assessment(reader, wanted.choice)
    return {
        "now": now,
        "events": change(now.events, before.events) if before else None,
        "incidents": change(now.incidents, before.incidents) if before else None,
        "share": round(100 * now.incidents / now.events) if now.events else None,
        "time": words.duration(time[0]) if time else "",
        "timed": time[1] if time else 0,
        "total": wanted.total,
    }


def drawn(reader: Actor, wanted: Wanted, now: Tally) -> Chart | None:
    ends = wanted.ends(now.first, now.last)
    if ends is None or not now.events:
        return None
    by = step(*ends)
    return chart(trend(reader, wanted.choice, by), ends, by, ranked=wanted.incidents_only)


def bars(rows: list[Row], by: str, whole: int, reader: Actor) -> dict[str, Any]:
    shown = rows[-BARS:] if by in {"month", "year"} else rows[:BARS]
    found = [
        {
            "name": words.value(by, row.value, reader.at),
            "link": link(by, row),
            "count": row.count,
            "share": round(100 * row.count / whole) if whole else 0,
            "total": row.total,
        }
        for row in shown
    ]
    return {
        "title": words.dimension(by),
        "rows": found,
        "most": max((row.count for row in shown), default=1),
        "more": len(rows) - len(shown),
    }


def link(by: str, row: Row) -> str:
    """The list of what a bar counts, where there is one."""
    chosen = row.key if by == "unit" else row.value
    if by == "asset" and row.key:
        return reverse("asset", args=[row.key])
    if by not in LISTS or not chosen:
        return ""
    return f"{reverse('cases')}?{urlencode({'lage': 'alla', LISTS[by]: chosen})}"


def matrix(reader: Actor, choice: Choice) -> dict[str, Any]:
    """The priority matrix with the number of incidents in each square."""
    counts = judged(reader, choice)
    impact, urgency, priorities = (
        parameter(name).at(reader.at).value
        for name in ("scales.impact", "scales.urgency", "priority.matrix")
    )
    language = words.language()
    rows = [
        (
            high[language],
            [
                (counts.get((high["ordinal"], soon["ordinal"]), 0), priority)
                for soon, priority in zip(urgency, line, strict=True)
            ],
        )
        for high, line in zip(impact, priorities, strict=True)
    ]
    columns = [soon[language].partition("/")[0] for soon in urgency]
    return {"count": sum(counts.values()), "rows": rows, "columns": columns}
