"""The queue's rows: age, suggestion with its reasons, and flags, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event, Statement
from vardkase.lib.built import AnyOf, Built
from vardkase.web.words import local

from .shown import patience

COUNTED = 200  # more than these are "more than 200": counting all would cost with the years
SYSTEM = 40  # characters of the system's name
SHOWN = (  # and what the list is ordered by
    "id", "number", "priority", "care_harm", "source", "title", "system", "suggestion",
    "unit__name", "reported_at", "rank",
)  # fmt: skip
FLAGS = {
    "personal_data": ({"sensitive", "other"}, _("Personal data")),
    "intent": ({"yes"}, _("Crime suspected")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An event in words, ready to be drawn: a list holds many, and each `if` of theirs costs."""

    number: str
    priority: str
    title: str
    address: str
    chosen: bool
    alerts: list[str]
    words: list[str]
    reasons: str


@dataclass(frozen=True, slots=True)
class Size:
    """How many wait, and since when the oldest does."""

    count: int
    oldest: datetime | None

    @property
    def more(self) -> bool:
        return self.count > COUNTED


def rows(events: Sequence[Any], at: datetime, *, here: str, chosen: str) -> list[Row]:
    """`events` with the columns of `SHOWN`; `here` is the address that `chosen` is added to."""
    answers = answered([event.id for event in events])
    limits = patience(at)
    sources = {code: str(label) for code, label in Event.Source.choices}
    before = f"?{here}&visa=" if here else "?visa="
    return [
        Row(
            number=event.number,
            priority=str(event.priority),
            title=event.title,
            address=f"{before}{event.number}#r-{event.number}",
            chosen=event.number == chosen,
            alerts=alerts(event, answers, limits, at),
            words=words(event, sources, at),
            reasons=reasons(event.suggestion),
        )
        for event in events
    ]


def alerts(
    event: Any, answers: dict[tuple[int, str], set[str]], limits: list[int], at: datetime
) -> list[str]:
    harm = [gettext("Care harm?")] if event.care_harm else []
    waited = [gettext("Has waited too long")] if late(event, limits, at) else []
    return harm + flags(answers, event.id) + waited


def words(event: Any, sources: dict[str, str], at: datetime) -> list[str]:
    age = timesince(event.reported_at, at, depth=1)
    system = event.system if len(event.system) <= SYSTEM else f"{event.system[: SYSTEM - 1]}…"
    said = [event.number, sources[event.source], event.unit__name, system, age]
    return [word for word in said if word]


def answered(ids: list[int]) -> dict[tuple[int, str], set[str]]:
    """The last answers to the questions that raise a flag; one statement."""
    last: dict[tuple[int, str], tuple[datetime, set[str]]] = {}
    for event, question, answer, when in FLAGGING.rows(events=ids):
        key = (event, question)
        at, codes = last.get(key, (when, set()))
        last[key] = (when, {answer} | (codes if at == when else set()))
    return {key: codes for key, (_, codes) in last.items()}


def flagging() -> QuerySet[Statement, Any]:
    told = Statement.objects.filter(AnyOf("event", "events"), question__in=list(FLAGS))
    return told.order_by("at", "pk").values_list("event_id", "question", "answer", "at")


def flags(answers: dict[tuple[int, str], set[str]], event: int) -> list[str]:
    return [
        str(words)
        for question, (codes, words) in FLAGS.items()
        if answers.get((event, question), set()) & codes
    ]


def reasons(suggestion: dict[str, Any]) -> str:
    return " ".join(local(row) for row in suggestion.get("reasons", []))


def late(event: Any, limits: list[int], at: datetime) -> bool:
    return bool(at - event.reported_at > timedelta(minutes=limits[event.priority - 1]))


def size(queue: QuerySet[Event]) -> Size:
    """Counted up to a bound, so that a long queue is not slow; one statement."""
    first = queue.order_by("reported_at")[: COUNTED + 1]
    found = first.aggregate(count=Count("pk"), oldest=Min("reported_at"))
    return Size(found["count"], found["oldest"])


FLAGGING = Built(flagging)
