"""Counts put into words: names of what is counted, of its values, and what stands out."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from vardkase.conclusions.models import Conclusion
from vardkase.events.models import Event
from vardkase.policy.parameter import SWEDEN, parameter
from vardkase.statistics.queries import IMPORTED, Row
from vardkase.statistics.rules import FEW, leading

DIMENSIONS = {
    "category": lazy("Category"),
    "unit": lazy("Unit"),
    "asset": lazy("Asset"),
    "source": lazy("Source"),
    "cause": lazy("Cause"),
    "supplier": lazy("Supplier"),
    "kind": lazy("Kind of event"),
    "reporter_kind": lazy("Reporter"),
    "priority": lazy("Priority"),
    "state": lazy("State"),
    "month": lazy("Month"),
    "year": lazy("Year"),
}
MANY = {
    "category": lazy("categories"),
    "unit": lazy("units"),
    "asset": lazy("assets"),
    "source": lazy("sources"),
    "cause": lazy("causes"),
    "supplier": lazy("suppliers"),
    "kind": lazy("kinds of event"),
    "reporter_kind": lazy("kinds of reporter"),
    "priority": lazy("priorities"),
    "state": lazy("states"),
    "month": lazy("months"),
    "year": lazy("years"),
}
CHOICES: dict[str, Any] = {
    "source": Event.Source,
    "kind": Event.Kind,
    "state": Event.State,
    "reporter_kind": Event.ReporterKind,
    "cause": Conclusion.Cause,
}
FORMATS = {"day": "j F", "month": "F Y", "year": "Y"}


def dimension(by: str) -> str:
    return by.removeprefix(IMPORTED) if by.startswith(IMPORTED) else str(DIMENSIONS[by])


def language() -> str:
    return "en" if get_language() == "en" else "sv"


def value(by: str, found: Any, at: datetime) -> str:
    """What to call one value of `by`, with the words in force at `at`."""
    if found is None or found == "":
        return _("Not stated")
    if by in CHOICES:
        return str(dict(CHOICES[by].choices).get(found, found))
    if by == "category":
        names = {row["code"]: row[language()] for row in parameter("categories").at(at).value}
        return str(names.get(found, found))
    if by in FORMATS:
        return moment(found, by)
    return f"P{found}" if by == "priority" else str(found)


def moment(found: datetime, step: str) -> str:
    return date_format(found.astimezone(SWEDEN), FORMATS[step])


def cases(incidents_only: bool) -> str:
    return _("incidents") if incidents_only else _("events")


def many(count: int, by: str) -> str:
    """ "Two categories", "Three values"."""
    words = _("Two %(things)s") if count == 2 else _("Three %(things)s")
    return words % {"things": MANY.get(by, lazy("values"))}


def finding(by: str, rows: list[Row], whole: int, *, incidents_only: bool, at: datetime) -> str:
    """What stands out among `rows`, the most frequent first: the headline over their bars."""
    if whole < FEW or not rows:
        return _("Too few %(cases)s for a pattern (%(count)d)") % {
            "cases": cases(incidents_only), "count": whole,
        }  # fmt: skip
    stated = [row for row in rows if row.value not in (None, "")]  # "not stated" is no pattern
    rows = sorted(stated or rows, key=lambda row: -row.count)
    if found := leading([row.count for row in rows], whole):
        first, tenths = found
        who = value(by, rows[0].value, at) if first == 1 else many(first, by)
        words = _("%(who)s: %(tenths)d of 10 %(cases)s")
        return words % {"who": who, "tenths": tenths, "cases": cases(incidents_only)}
    words = _("Most common: %(who)s, %(count)d of %(all)d")
    who = value(by, rows[0].value, at)
    return words % {"who": who, "count": rows[0].count, "all": whole}


def duration(time: timedelta) -> str:
    """ "1 h 22 min", "3 d 4 h": the two largest parts."""
    minutes = max(0, round(time.total_seconds() / 60))
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": left}
    return _("%(minutes)d min") % {"minutes": left}
