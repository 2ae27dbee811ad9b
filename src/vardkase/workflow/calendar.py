"""Deadlines and turns of duty as a calendar (RFC 5545): numbers and times, nothing of a case."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from vardkase.access.rules import visible
from vardkase.events.models import Event
from vardkase.obligations.models import Deadline
from vardkase.organisation.models import Duty, Person
from vardkase.organisation.queries import actor_of

MOST = 500
OCTETS = 73  # of a line, before it is folded
BACK = timedelta(days=30)


def calendar(person: Person, at: datetime) -> str:
    """The calendar of `person` at `at`, with the rights held then."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vardkase//SV", "METHOD:PUBLISH"]
    for entry in (*deadlines(person, at), *turns(person, at)):
        lines += entry
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def deadlines(person: Person, at: datetime) -> Iterator[list[str]]:
    """Running clocks of the cases that the person may read."""
    cases = Event.objects.filter(visible(actor_of(person, at), "read")).values("pk")
    rows = Deadline.objects.filter(
        ended_at=None, due_at__gte=at - BACK, obligation__event__in=cases
    ).select_related("obligation__event")
    for row in rows.order_by("due_at", "pk")[:MOST]:
        assert row.due_at is not None  # noqa: S101  asked for above
        number = row.obligation.event.number
        link = f"{settings.ADDRESS}/arenden/{number}/rapportering"
        alarm = [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:Frist",
            "TRIGGER:-PT2H",
            "END:VALARM",
        ]
        yield entry(f"clock-{row.pk}", row.due_at, row.due_at, f"Frist {number}", at, link, alarm)


def turns(person: Person, at: datetime) -> Iterator[list[str]]:
    rows = Duty.objects.filter(person=person, until__gte=at - BACK, cancelled_at=None)
    for row in rows.order_by("since")[:MOST]:
        yield entry(f"duty-{row.pk}", row.since, row.until, "Beredskap", at)


def entry(
    uid: str, begins: datetime, ends: datetime, words: str, at: datetime, link: str = "",
    alarm: list[str] | None = None,
) -> list[str]:  # fmt: skip
    host = settings.ADDRESS.partition("://")[2]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@{host}",
        f"DTSTAMP:{stamp(at)}",
        f"DTSTART:{stamp(begins)}",
        f"DTEND:{stamp(ends)}",
        f"SUMMARY:{words}",
        *([f"URL:{link}"] if link else []),
        *(alarm or []),
        "END:VEVENT",
    ]


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def folded(line: str) -> str:
    """Lines longer than 75 octets go on after a line break and a blank; ours are all ASCII."""
    parts = [line[k : k + OCTETS] for k in range(0, len(line), OCTETS)]
    return "\r\n ".join(parts)
