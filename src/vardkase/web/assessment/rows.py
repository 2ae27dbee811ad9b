"""The queue's rows: age, suggestion with its reasons, and flags, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event, Statement
from vardkase.web.words import local

from .shown import patience

COUNTED = 200  # more than these are "more than 200": counting all would cost with the years
SHOWN = (  # and what the list is ordered by
    "number", "priority", "care_harm", "source", "title", "system", "suggestion", "unit__name",
    "reported_at", "rank",
)  # fmt: skip
FLAGS = {
    "personal_data": ({"sensitive", "other"}, _("Personal data")),
    "intent": ({"yes"}, _("Crime suspected")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An event in words, ready to be shown: a list draws many of them."""

    event: Event
    source: str
    age: str
    flags: list[str]
    reasons: str
    late: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How many wait, and since when the oldest does."""

    count: int
    oldest: datetime | None

    @property
    def more(self) -> bool:
        return self.count > COUNTED


def rows(events: Sequence[Event], at: datetime) -> list[Row]:
    answers = answered(events)
    limits = patience(at)
    sources = {code: str(label) for code, label in Event.Source.choices}
    return [
        Row(
            event,
            sources[event.source],
            timesince(event.reported_at, at, depth=1),
            flags(answers, event.pk),
            reasons(event),
            late(event, limits, at),
        )
        for event in events
    ]


def answered(events: Sequence[Event]) -> dict[tuple[int, str], set[str]]:
    """The last answers to the questions that raise a flag; one statement."""
    ids = [event.pk for event in events]
    told = Statement.objects.filter(event__in=ids, question__in=FLAGS).order_by("at", "pk")
    last: dict[tuple[int, str], tuple[datetime, set[str]]] = {}
    for event, question, answer, when in told.values_list("event", "question", "answer", "at"):
        key = (event, question)
        at, codes = last.get(key, (when, set()))
        last[key] = (when, {answer} | (codes if at == when else set()))
    return {key: codes for key, (_, codes) in last.items()}


def flags(answers: dict[tuple[int, str], set[str]], event: int) -> list[str]:
    return [
        str(words)
        for question, (codes, words) in FLAGS.items()
        if answers.get((event, question), set()) & codes
    ]


def reasons(event: Event) -> str:
    return " ".join(local(row) for row in event.suggestion.get("reasons", []))


def late(event: Event, limits: list[int], at: datetime) -> bool:
    return at - event.reported_at > timedelta(minutes=limits[event.priority - 1])


def size(queue: QuerySet[Event]) -> Size:
    """Counted up to a bound, so that a long queue is not slow; one statement."""
    first = queue.order_by("reported_at")[: COUNTED + 1]
    found = first.aggregate(count=Count("pk"), oldest=Min("reported_at"))
    return Size(found["count"], found["oldest"])
