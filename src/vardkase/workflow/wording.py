"""What the preparer adds to the reports: his own words for a field, and others' reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vardkase.access.actor import Actor
from vardkase.decisionlog.eyes import Second
from vardkase.events.models import Event
from vardkase.lib.changes import cleaned
from vardkase.obligations.models import Entity, SisterReport, Wording

from .acting import NotNow, acting
from .prefill import Line, Report, report

SISTER = ("actor", "regime", "recipient", "reference", "reported_on", "entity", "supplier")


@dataclass(frozen=True, slots=True)
class Words:
    """How a field is to be: `text` None is as the case gives it."""

    text: str | None
    later: bool
    secrecy: str = ""


def word(
    event: Event, regime: str, step: str, field: str, said: Words, *, entity: Entity, language: str,
    by: Actor, at: datetime, once: str = "", second: Second | None = None, read: str | None = None,
) -> Wording:  # fmt: skip
    """Keep how a field of a step's report is to be; earlier ones stay. Raises `NotNow`, and
    `NeedsSecond` for words without the secrecy that the field has; `read` is what the second saw.
    """
    kind, told = "report.worded", (regime, step, field, said, entity)
    with acting(kind, event, by=by, at=at, once=once, said=told, second=second) as (log, case):
        made = report(case, step, at=at, language=language, regime=regime, entity=entity.pk)
        line = next((one for one in made.lines if one.field.id == field), None)
        if line is None:
            raise NotNow("no_such_field")
        if second and read != shown_words(line, said):
            raise NotNow("reworded")
        if entity.pk is None:
            entity.save()
        row = Wording.objects.create(
            event=case, entity=entity, regime=regime, step=step, field=field,
            own_words=said.text is not None, text=said.text or "", later=said.later,
            secrecy=said.secrecy, drawn=line.drawn, at=at, by=by.key,
        )  # fmt: skip
        log.note(regime=regime, step=step, field=made.label(line), text=row.text)
        log.note(entity=entity.name, later=said.later, secrecy=said.secrecy)
        if lifted := lifts(line, said):
            log.note(lifted=["secrecy"], before=lifted)
    return row


def terms_of(case: Event, made: Report, line: Line, said: Words) -> dict[str, Any]:
    """What `four_eyes.do` is asked for, and what the second person reads first: the field's name,
    its secrecy, and the words that would go without it."""
    return {
        "number": case.number,
        "entity": made.standing.entity.pk,
        "regime": made.standing.judgement.regime,
        "step": made.step,
        "field": line.field.id,
        "language": made.language,
        "text": said.text,
        "later": said.later,
        "secrecy": said.secrecy,
        "label": made.label(line),
        "lifts": lifts(line, said),
        "words": shown_words(line, said),
    }


def shown_words(line: Line, said: Words) -> str:
    return line.drawn if said.text is None else said.text


def lifts(line: Line, said: Words) -> str:
    """The secrecy that the words would take from the field: the law's own, or one set before."""
    return "" if said.secrecy.strip() else line.field.secrecy or line.secrecy


def link_sister(
    event: Event, values: Mapping[str, Any], *, by: Actor, at: datetime, once: str = ""
) -> SisterReport:
    """Keep that another actor has reported the event to an authority; raises `Refused`."""
    ready = cleaned(SisterReport, values, SISTER)
    kind, said = "sister.linked", [str(value) for value in ready.values()]
    with acting(kind, event, by=by, at=at, once=once, said=said) as (log, case):
        row = SisterReport.objects.create(event=case, at=at, by=by.key, **ready)
        log.note(name=row.actor, regime=row.regime, recipient=row.recipient)
        log.note(reference=row.reference)
    return row


def unlink_sister(row: SisterReport, *, by: Actor, at: datetime, once: str = "") -> None:
    """It was not of this event after all; the row stays, ended."""
    kind = "sister.unlinked"
    with acting(kind, row.event, by=by, at=at, once=once, said=row.pk) as (log, _case):
        if not SisterReport.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at):
            raise NotNow("nothing_new")
        log.note(name=row.actor, reference=row.reference)
