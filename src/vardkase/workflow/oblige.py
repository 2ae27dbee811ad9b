"""Reporting: every law's question asked of the case, every clock planned, every decision kept.

The regimes judge (policy); a person decides, with a reason. What somebody sent, and what the
authority answered, is recorded with its own hash.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vardkase.access.actor import Actor
from vardkase.access.rules import roles_for
from vardkase.decisionlog.services import Draft, decision
from vardkase.events.models import Event
from vardkase.events.standing import under_lock
from vardkase.incidents.services import take
from vardkase.obligations.models import (
    Answer,
    Entity,
    Obligation,
    Reply,
    Ruling,
    Struck,
    Submission,
)
from vardkase.organisation.queries import is_one, is_person
from vardkase.policy.facts import BadFacts, Words, fact, read
from vardkase.policy.judge import Judgement
from vardkase.policy.regime_files import catalogue

from .acting import NotNow
from .duties import own_entity
from .level import refuse_unreasoned
from .planning import held, judged, replan
from .prefill import digest, report

AHEAD = timedelta(minutes=5)  # a clock that differs from ours


def answer(
    event: Event, said: Mapping[str, Any], *, entity: Entity | None = None, by: Actor,
    at: datetime, once: str = "",
) -> None:  # fmt: skip
    """Keep answers about facts; every regime is judged anew. Raises `BadFacts`, `NotNow`."""
    read({name: value for name, value in said.items() if value is not None}, catalogue())
    if strange := [name for name in said if fact(name, catalogue()) is None]:
        raise BadFacts(
            [Words(f"{name} är inget faktum.", f"{name} is no fact.") for name in strange]
        )
    with decision("facts.answered", scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, "facts.answered", by=by)
        refuse_unreasoned(case, entity, said, at)
        take(once, "facts", case.pk, by.key, sorted(said.items()), entity, at=at)
        for name, value in said.items():
            Answer.objects.create(
                event=case, entity=entity, name=name, value=value, at=at, by=by.key
            )
        told = {name: json.dumps(value, ensure_ascii=False) for name, value in said.items()}
        log.note(answers=told, entity=str(entity or ""))
        replan(case, at, log_into=log.note)


def strike(
    event: Event, entity: Entity, *, reason: str = "", by: Actor, at: datetime, once: str = ""
) -> None:
    """The event strikes another entity too, with duties of its own. Raises `NotNow`."""
    if entity.own or entity.ended_at:
        raise NotNow("no_such_entity")
    with decision("entity.struck", scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, "entity.struck", by=by)
        take(once, "struck", case.pk, by.key, entity.pk, reason, at=at)
        Struck.objects.get_or_create(
            event=case, entity=entity, ended_at=None,
            defaults={"at": at, "by": by.key, "reason": reason},
        )  # fmt: skip
        log.note(entity=entity.name, reason=reason)
        replan(case, at, log_into=log.note)


def unstrike(
    event: Event, entity: Entity, *, reason: str, by: Actor, at: datetime, once: str = ""
) -> None:
    """It was not struck after all: its clocks end; what was decided and sent stays."""
    with decision("entity.unstruck", scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, "entity.unstruck", by=by)
        take(once, "unstruck", case.pk, by.key, entity.pk, reason, at=at)
        rows = Struck.objects.filter(event=case, entity=entity, ended_at=None)
        if not rows.update(ended_at=at, ended_because=reason):
            raise NotNow("no_such_entity")
        log.note(entity=entity.name, reason=reason)
        replan(case, at, log_into=log.note)


def rule(
    event: Event, regime: str, outcome: str, reason: str, *, entity: Entity | None = None,
    of_authority: bool = False, signer: str = "", number: str = "", by: Actor, at: datetime,
    once: str = "",
) -> Ruling:  # fmt: skip
    """Decide to report or not, with a reason; or write down the authority's own view.

    Each entity has its own decision: who signs it, and its number in the entity's register.
    """
    with decision("obligation.decided", scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, "obligation.decided", by=by)
        said = (regime, outcome, reason, of_authority, entity, signer, number)
        take(once, case.pk, by.key, *said, at=at)
        who = entity or own_entity()
        kept = held(case, who, judged(case, who, regime, at), at)
        made = Ruling.objects.create(
            obligation=kept, outcome=outcome, reason=reason, of_authority=of_authority, at=at,
            by=by.key, signer=signer, number=number,
        )  # fmt: skip
        log.note(regime=regime, outcome=outcome, reason=reason, of_authority=of_authority)
        log.note(entity=kept.entity.name, verdict=kept.verdict, version=kept.version)
        log.note(signer=signer, our_number=number)
        replan(case, at, log_into=log.note)
    return made


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent in a step."""

    step: str
    sent_at: datetime
    recipient: str
    channel: str = ""
    reference: str = ""
    prepared_by: str = ""
    alone_because: str = ""
    late_reason: str = ""
    past_because: str = ""  # why not through whom the regime names
    signer: str = ""
    unsigned_because: str = ""
    content: Mapping[str, Any] | None = None


def record_sent(
    event: Event, regime: str, sent: Sent, *, entity: Entity | None = None, by: Actor,
    at: datetime, once: str = "",
) -> Submission:  # fmt: skip
    """A step was sent: its clock stops, and those that count from it start.

    Preparer and approver differ, or it says why one person did both. Raises `NotNow`.
    """
    if sent.sent_at > at + AHEAD:
        raise NotNow("future")
    if is_one(sent.prepared_by or by.key, by.key) and not sent.alone_because.strip():
        raise NotNow("alone")
    if sent.prepared_by and not is_person(sent.prepared_by):
        raise NotNow("nobody")
    with decision("obligation.sent", scope=event.scope(), by=by, at=at) as log:
        case = under_lock(event, "obligation.sent", by=by)
        take(once, case.pk, by.key, regime, sent, entity, at=at)
        return keep(case, regime, sent, entity=entity or own_entity(), by=by, at=at, log=log)


def keep(
    case: Event, regime: str, sent: Sent, *, entity: Entity, by: Actor, at: datetime, log: Draft
) -> Submission:
    """What was sent, told to the log, and the clocks brought up to it. Raises `NotNow`."""
    made = put(case, regime, sent, entity=entity, by=by, at=at)
    log.note(regime=regime, step=sent.step, sent_at=sent.sent_at.isoformat(), digest=made.digest)
    log.note(recipient=sent.recipient, reference=sent.reference, late=sent.late_reason)
    log.note(prepared_by=made.prepared_by, alone=sent.alone_because, past=sent.past_because)
    log.note(signer=sent.signer, unsigned=sent.unsigned_because)
    replan(case, at, log_into=log.note)
    return made


def put(
    case: Event, regime: str, sent: Sent, *, entity: Entity, by: Actor, at: datetime
) -> Submission:
    """What was sent, as a row; inside a decision in the case. Raises `NotNow`."""
    said = judged(case, entity, regime, at)
    if said.edition and sent.step not in {step.id for step in said.edition.steps}:
        raise NotNow("no_such_report")
    if goes_past(said, sent.step, case, by) and not sent.past_because.strip():
        raise NotNow("goes_past")
    signs = takes_signer(said, sent.step, entity)
    if signs and sent.signer not in entity.signing and not sent.unsigned_because.strip():
        raise NotNow("unsigned")
    kept = held(case, entity, said, at)
    refuse_late(kept, sent)
    content = said_in(case, entity, regime, sent, at) if sent.content is None else sent.content
    return Submission.objects.create(
        obligation=kept, step=sent.step, sent_at=sent.sent_at, recipient=sent.recipient,
        channel=sent.channel, reference=sent.reference,
        prepared_by=sent.prepared_by or by.key, alone_because=sent.alone_because,
        late_reason=sent.late_reason, signer=sent.signer,
        unsigned_because=sent.unsigned_because, content=content, digest=digest(content), at=at,
        by=by.key,
    )  # fmt: skip


def takes_signer(said: Judgement, step: str, entity: Entity) -> bool:
    """Whether the step's report is approved by one of those who sign for the entity: one to an
    authority, of a regime that names who approves."""
    edition = said.edition
    if edition is None or "approve" not in edition.sign_off or not entity.signing:
        return False
    return any(one.id == step and one.kind == "authority" for one in edition.steps)


def goes_past(said: Judgement, step: str, case: Event, by: Actor) -> bool:
    """Whether the step goes to an authority without the role that the regime sends through: to
    IMY, the data protection officer or whom he has named (S2-099)."""
    edition = said.edition
    through = edition.sign_off.get("send") if edition else None
    if edition is None or through is None:
        return False
    to_authority = any(one.id == step and one.kind == "authority" for one in edition.steps)
    return to_authority and through not in roles_for(by, "report_authority", case.scope())


def said_in(case: Event, who: Entity, regime: str, sent: Sent, at: datetime) -> Mapping[str, Any]:
    """The step's report as it stands when it is sent; nothing where the step has no form."""
    try:
        made = report(case, sent.step, at=at, language="sv", regime=regime, entity=who.pk)
    except NotNow:
        return {}
    return made.content()


def refuse_late(kept: Obligation, sent: Sent) -> None:
    """Lateness is recorded with its reason, by law for GDPR art. 33.1 and for our own sake."""
    due = kept.deadlines.filter(step=sent.step, ended_at=None, due_at__lt=sent.sent_at)
    if due.exists() and not sent.late_reason.strip():
        raise NotNow("late_reason")


def record_reply(
    made: Submission, text: str, *, reference: str = "", by: Actor, at: datetime, once: str = ""
) -> Reply:
    """What the authority answered, and its number; earlier answers stay."""
    event = made.obligation.event
    with decision("obligation.replied", scope=event.scope(), by=by, at=at) as log:
        under_lock(event, "obligation.replied", by=by)
        take(once, made.pk, by.key, text, reference, at=at)
        reply = Reply.objects.create(
            submission=made, text=text, reference=reference, at=at, by=by.key
        )
        log.note(regime=made.obligation.regime, step=made.step, answer=text, reference=reference)
    return reply
