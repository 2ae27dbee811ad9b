"""What changes in step 1. Each function is called inside a decision of `workflow.report`."""

from datetime import datetime

from django.db import connection

from vardkase.access.actor import Actor
from vardkase.lib.text import first_sentence
from vardkase.organisation.models import Unit

from .models import Event, Mark, Statement
from .rules import Report, Suggestion


def next_number(year: int) -> str:
    """The next case number of `year`, `2026-0001`; a gap means a report that was never stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_event_number(%s)", [year])
        return f"{year}-{cursor.fetchone()[0]:04d}"


def store(
    report: Report,
    *,
    number: str,
    unit: Unit,
    suggestion: Suggestion,
    code_digest: str,
    once: str | None,
    by: Actor,
    at: datetime,
) -> Event:
    """Write the event and one statement for each thing that was said."""
    event = Event.objects.create(
        number=number,
        kind=report.kind,
        source=report.source,
        title=first_sentence(report.what),
        what=report.what,
        system=report.system,
        reported_at=report.reported_at or at,
        received_at=at,
        discovered_at=report.discovered_at,
        happened_at=report.happened_at,
        reporter_kind=report.reporter_kind,
        reporter_id=by.person,
        contact=report.contact,
        on_behalf_of=report.on_behalf_of,
        reference=report.reference,
        unit=unit,
        priority=suggestion.priority,
        care_harm=suggestion.care_harm,
        suggestion=suggestion.plain(),
        code_digest=code_digest,
        once=once,
    )
    said(event, {"what": [report.what], **report.answers}, by=by, at=at)
    return event


def said(event: Event, answers: dict[str, list[str]], *, by: Actor, at: datetime) -> None:
    """Add statements: each is unverified until somebody marks it."""
    Statement.objects.bulk_create(
        Statement(event=event, question=question, answer=answer, at=at, by=by.key)
        for question, given in answers.items()
        for answer in given
    )


def mark(statement: Statement, status: str, *, note: str, by: Actor, at: datetime) -> Mark:
    """Say whether a statement holds; the marks before stay."""
    return Mark.objects.create(statement=statement, status=status, note=note, at=at, by=by.key)
