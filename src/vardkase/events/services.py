"""What changes in step 1. Each function is called inside a decision of `workflow.report`."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from vardkase.access.actor import Actor
from vardkase.lib.files import NAME, Received
from vardkase.lib.text import first_sentence
from vardkase.organisation.models import Unit

from .models import Attachment, Event, Mark, Message, Statement
from .rules import OPEN, Answers, Report, Suggestion

# In SQL, since every report pays for it; in the order in which it was said.
SAID = """
INSERT INTO events_statement (event_id, at, "by", question, answer)
SELECT %s, %s, %s, t.question, t.answer
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS t (question, answer, place) ORDER BY t.place
"""


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
        reported_at=min(report.reported_at or at, at),
        received_at=at,
        discovered_at=report.discovered_at,
        happened_at=report.happened_at,
        reporter_kind=report.reporter_kind,
        reporter_id=None if report.on_behalf_of else by.person,
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
    told = [(question, answer) for question, given in answers.items() for answer in given]
    asked, answered = [question for question, _ in told], [answer for _, answer in told]
    with connection.cursor() as cursor:
        cursor.execute(SAID, [event.pk, at, by.key, asked, answered])


def follow_answers(case: Event, new: Answers, suggestion: Suggestion, *, contact: str = "") -> None:
    """Let the case stand as its newest answers say; its priority only until it has been judged."""
    case.suggestion = suggestion.plain()
    case.system = new.get("system", [case.system])[0][:300]
    kind = new.get("event_kind", [""])[0]
    case.kind = kind if kind in Event.Kind else case.kind
    case.contact = contact or case.contact
    if case.state in OPEN:
        case.priority = suggestion.priority
        case.care_harm = suggestion.care_harm
    fields = ["suggestion", "system", "kind", "contact", "priority", "care_harm"]
    case.save(update_fields=fields)


def write(case: Event, text: str, *, from_reporter: bool, by: Actor, at: datetime) -> Message:
    return Message.objects.create(
        event=case, text=text, from_reporter=from_reporter, at=at, by=by.key
    )


def attach(case: Event, files: Sequence[Received], *, by: Actor, at: datetime) -> list[Attachment]:
    """Write the rows of files whose bytes are in the store already."""
    return Attachment.objects.bulk_create(
        Attachment(event=case, name=f.name[:NAME], size=f.size, sha256=f.sha256, at=at, by=by.key)
        for f in files
    )


def store_stub(
    words: str, phone: str, *, number: str, unit: Unit, once: str | None, at: datetime
) -> Event:
    """A sealed event that says nothing but whom to call back."""
    return Event.objects.create(
        number=number,
        kind=Event.Kind.OTHER,
        title=words,
        what=words,
        contact=phone,
        reported_at=at,
        received_at=at,
        unit=unit,
        priority=1,
        sealed=True,
        once=once,
    )


def mark(statement: Statement, status: str, *, note: str, by: Actor, at: datetime) -> Mark:
    """Say whether a statement holds; the marks before stay."""
    return Mark.objects.create(statement=statement, status=status, note=note, at=at, by=by.key)
