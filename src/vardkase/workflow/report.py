"""Step 1 of the instruction: somebody tells of an event, and later adds to it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.events import rules, services
from vardkase.events.models import Event, Mark, Statement
from vardkase.lib.ids import code_from, keyed, new_secret
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import SWEDEN, parameter


class SentOtherwiseBefore(ValueError):
    """The same mark of sending came before with another content."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter gets: the number, and a code that is shown now and never again."""

    number: str
    code: str
    event: Event
    new: bool  # False: the same report had come before, and was not stored again


def report(sent: rules.Report, *, by: Actor, at: datetime) -> Receipt:
    """Store a report, once for each `sent.once`, and give its receipt.

    Raises `SentOtherwiseBefore`.
    """
    mark = sent.once or new_secret()
    code = code_from(keyed(settings.SECRET_KEY, "receipt", mark, sent.what))
    once = keyed(settings.SECRET_KEY, "once", mark).hex() if sent.once else None
    if once and (before := sent_before(once, code)):
        return before
    try:
        return Receipt(*store(sent, code, once, by=by, at=at), new=True)
    except IntegrityError:  # the same report is being stored by another process
        if once and (before := sent_before(once, code)):
            return before
        raise


def store(
    sent: rules.Report, code: str, once: str | None, *, by: Actor, at: datetime
) -> tuple[str, str, Event]:
    unit = Unit.objects.get(pk=sent.unit) if sent.unit else Unit.objects.get(parent=None)
    number = services.next_number((sent.reported_at or at).astimezone(SWEDEN).year)
    kind = "event.recorded_for_another" if sent.on_behalf_of else "event.reported"
    scope = Scope(number=number, unit=unit.path, reporter=by.person)
    with decision(kind, scope=scope, by=by, at=at) as log:
        suggestion = rules.suggest(
            sent.answers,
            table=log.cite(parameter("report.suggestion").at(at)),
            matrix=log.cite(parameter("priority.matrix").at(at)),
            care_raise=log.cite(parameter("priority.care_harm_raise").at(at)),
        )
        event = services.store(
            sent,
            number=number,
            unit=unit,
            suggestion=suggestion,
            code_digest=code_digest(code),
            once=once,
            by=by,
            at=at,
        )
        log.note(
            what=sent.what,
            answers=sent.answers,
            reporter_kind=sent.reporter_kind,
            suggested_priority=suggestion.priority,
        )
    return number, code, event


def sent_before(once: str, code: str) -> Receipt | None:
    """The receipt of an earlier sending with the same mark; its code is the same by its making."""
    event = Event.objects.filter(once=once).first()
    if event is None:
        return None
    if event.code_digest != code_digest(code):
        raise SentOtherwiseBefore(event.number)
    return Receipt(event.number, code, event, new=False)


def code_digest(code: str) -> str:
    return keyed(settings.SECRET_KEY, "code", code).hex()


def mark(
    statement: Statement, status: str, *, of: Event, note: str = "", by: Actor, at: datetime
) -> Mark:
    """Mark a statement of the case `of` verified, refuted or not verified: the last mark counts."""
    with decision("statement.marked", scope=of.scope(), by=by, at=at) as log:
        log.note(statement=statement.pk, question=statement.question, status=status, note=note)
        return services.mark(statement, Mark.Status(status), note=note, by=by, at=at)
