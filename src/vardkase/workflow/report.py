"""Step 1 of the instruction: somebody tells of an event, and later adds to it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import Draft, decision, permit
from vardkase.events import queries, rules, services
from vardkase.events.models import Attachment, Event, Mark, Message, Statement
from vardkase.events.standing import answered, under_lock
from vardkase.lib.files import Received, keep
from vardkase.lib.ids import code_from, keyed, new_secret
from vardkase.organisation import queries as organisation
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import SWEDEN, parameter


class SentOtherwiseBefore(ValueError):
    """The same mark of sending came before with another content."""


class UnknownUnit(ValueError):
    """The report names a unit that is not there, or closed."""


class NotSetUp(RuntimeError):
    """Nobody has sent the set-up page yet: there is no organisation to report to."""


class NothingNew(ValueError):
    """What was added is there already: sent twice, or not changed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter gets: the number, and a code that is shown now and never again."""

    number: str
    code: str
    event: Event
    new: bool  # False: the same report had come before, and was not stored again


def report(
    sent: rules.Report, *, files: Sequence[Received] = (), by: Actor, at: datetime
) -> Receipt:
    """Store a report, once for each `sent.once`, and give its receipt.

    Sent again with more answers or files, it gets those too. Raises `SentOtherwiseBefore` and
    `UnknownUnit`.
    """
    mark = sent.once or new_secret()
    code = code_from(keyed(settings.SECRET_KEY, "receipt", mark, sent.what))
    once = keyed(settings.SECRET_KEY, "once", mark).hex() if sent.once else None
    if once and (before := sent_before(once, code)):
        return sent_again(before, sent, files, by=by, at=at)
    for file in files:
        keep(file, settings.FILES)
    try:
        return Receipt(*store(sent, files, code, once, by=by, at=at), new=True)
    except IntegrityError:  # the same report is being stored by another process
        if once and (before := sent_before(once, code)):
            return before
        raise


def store(
    sent: rules.Report,
    files: Sequence[Received],
    code: str,
    once: str | None,
    *,
    by: Actor,
    at: datetime,
) -> tuple[str, str, Event]:
    refuse_unasked(sent.answers, by=by, at=at)
    unit = unit_of(sent)
    number = services.next_number((sent.reported_at or at).astimezone(SWEDEN).year)
    kind = "event.recorded_for_another" if sent.on_behalf_of else "event.reported"
    scope = Scope(number=number, unit=unit.path, reporter=by.person)
    with decision(kind, scope=scope, by=by, at=at) as log:
        suggestion = suggest(sent.answers, log, at)
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
        if files:
            services.attach(event, files, by=by, at=at)
            log.note(files=[told(file) for file in files])
    return number, code, event


def refuse_unasked(answers: rules.Answers, *, by: Actor, at: datetime) -> None:
    """How far a source is believed is said by those who record for others, never by the source."""
    asked = parameter("report.questions").at(at).value
    if any(row.get("recorder") and row["id"] in answers for row in asked):
        permit("event.recorded_for_another", scope=Scope(""), by=by)


def unit_of(sent: rules.Report) -> Unit:
    """Where the report belongs; at the root, if it does not say."""
    if sent.unit is None:
        return root()
    try:
        return Unit.objects.get(pk=sent.unit, closed_at=None)
    except Unit.DoesNotExist as error:
        raise UnknownUnit(sent.unit) from error


def root() -> Unit:
    try:
        return organisation.root()
    except Unit.DoesNotExist as error:
        raise NotSetUp from error


def suggest(answers: rules.Answers, log: Draft, at: datetime) -> rules.Suggestion:
    return rules.suggest(
        answers,
        table=log.cite(parameter("report.suggestion").at(at)),
        matrix=log.cite(parameter("priority.matrix").at(at)),
        care_raise=log.cite(parameter("priority.care_harm_raise").at(at)),
    )


def sent_before(once: str, code: str) -> Receipt | None:
    """The receipt of an earlier sending with the same mark; its code is the same by its making."""
    event = Event.objects.select_related("unit").filter(once=once).first()
    if event is None:
        return None
    if event.code_digest != code_digest(code):
        raise SentOtherwiseBefore(event.number)
    return Receipt(event.number, code, event, new=False)


def sent_again(
    before: Receipt, sent: rules.Report, files: Sequence[Received], *, by: Actor, at: datetime
) -> Receipt:
    """Add what the second sending has more than the first; a sealed case takes nothing."""
    if not before.event.sealed:
        reporter = replace(by, holds=before.number)
        with suppress(NothingNew):
            supplement(before.event, sent.answers, by=reporter, at=at)
        with suppress(NothingNew):
            attach(before.event, files, by=reporter, at=at)
    return before


def code_digest(code: str) -> str:
    return keyed(settings.SECRET_KEY, "code", code).hex()


def supplement(
    event: Event, answers: rules.Answers, *, by: Actor, at: datetime, contact: str = ""
) -> Event:
    """Add to a report: each changed answer is a new version of it, none is overwritten.

    Until the event is judged its suggestion follows the answers. Raises `NothingNew`.
    """
    kind = "event.supplemented"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        known = queries.answers(case)
        new = rules.changed(known, answers)
        if not new and contact in {"", case.contact}:
            raise NothingNew
        services.said(case, new, by=by, at=at)
        suggestion = suggest(known | new, log, at)
        services.follow_answers(case, new, suggestion, contact=contact)
        turn_to(case, by)
        log.note(answers=new, suggested_priority=suggestion.priority)
        if contact:
            log.note(contact=contact)
    return case


def send_message(event: Event, text: str, *, by: Actor, at: datetime) -> Message:
    """Write to the reporter, or as the reporter to those who handle the case.

    Raises `NothingNew` if the last message said the same.
    """
    kind = "message.sent"
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        last = queries.messages(case).last()
        if last and (last.text, last.by) == (text, by.key):
            raise NothingNew
        made = services.write(case, text, from_reporter=reported(case, by), by=by, at=at)
        turn_to(case, by)
        log.note(text=text, from_reporter=made.from_reporter)
    return made


def attach(event: Event, files: Sequence[Received], *, by: Actor, at: datetime) -> list[Attachment]:
    """Add files to a case; raises `NothingNew` if each is there already."""
    kind = "attachment.added"
    for file in files:
        keep(file, settings.FILES)
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, kind, by=by)
        there = set(queries.attachments(case).values_list("sha256", "name"))
        new = [file for file in files if (file.sha256, file.name) not in there]
        if not new:
            raise NothingNew
        turn_to(case, by)
        log.note(files=[told(file) for file in new])
        return services.attach(case, new, by=by, at=at)


def told(file: Received) -> dict[str, Any]:
    """A file as the log names it."""
    return {"name": file.name, "size": file.size, "sha256": file.sha256}


def reported(case: Event, by: Actor) -> bool:
    """Whether `by` is the one who reported `case`."""
    return by.holds == case.number or (by.person is not None and by.person == case.reporter_id)


def turn_to(case: Event, by: Actor) -> None:
    """What the reporter adds is an answer: a case that waited for one is back in the queue."""
    if reported(case, by):
        answered(case)


def ask_callback(phone: str, *, once: str = "", by: Actor, at: datetime) -> None:
    """Somebody has something that touches national security to tell: store a number to call.

    The stub is sealed, and nothing of the matter is in it, nor who asked.
    """
    mark = keyed(settings.SECRET_KEY, "once", once).hex() if once else None
    if mark and Event.objects.filter(once=mark).exists():
        return
    whole = root()
    number = services.next_number(at.astimezone(SWEDEN).year)
    words = parameter("decisions").at(at).value["event.secret_callback"]["sv"]
    with decision("event.secret_callback", scope=Scope(number, whole.path), by=by, at=at) as log:
        services.store_stub(words, phone, number=number, unit=whole, once=mark, at=at)
        log.note(sealed=True)


def mark(
    statement: Statement, status: str, *, of: Event, note: str = "", by: Actor, at: datetime
) -> Mark:
    """Mark a statement of the case `of` verified, refuted or not verified: the last mark counts."""
    kind = "statement.marked"
    with decision(kind, scope=of.scope(), by=by, at=at) as log:
        under_lock(of, kind, by=by)
        log.note(statement=statement.pk, question=statement.question, status=status, note=note)
        return services.mark(statement, Mark.Status(status), note=note, by=by, at=at)
