"""A text that tells those affected stops the clock of the law that wants them told (GDPR art. 34).

The text that left is the proof. While somebody is known to be left the clock goes on, until a
person says that everybody has been told, or why the rest cannot be.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from vardkase.access.actor import Actor
from vardkase.communication.affected import Totals, totals
from vardkase.communication.models import Dispatch
from vardkase.communication.queries import Kept
from vardkase.decisionlog.services import Draft
from vardkase.events.models import Event
from vardkase.obligations.models import Submission
from vardkase.policy.clocks import Clock
from vardkase.policy.parameter import parameter
from vardkase.policy.regime_files import regime, regimes

from .acting import NotNow, acting
from .duties import Standing, standings
from .oblige import Sent, put
from .planning import replan

SCHEMA = "vardkase/told/1"

type Waiting = tuple[Standing, Clock]


def wanted(audience: str, at: datetime) -> bool:
    """Whether any law of the day wants the audience told in a step of its own."""
    return any(step.audience == audience for step in steps(at))


def steps(at: datetime) -> Iterator[Any]:
    for id in regimes():
        try:
            yield from regime(id, at).steps
        except LookupError:  # not in force
            continue


def waiting(case: Event, audience: str, at: datetime) -> list[Waiting]:
    """The steps whose clocks run until the audience is told, of every entity struck."""
    if not wanted(audience, at):
        return []
    return [
        (one, clock)
        for one in standings(case, at)
        for clock in one.open_clocks
        if clock.step.audience == audience
    ]


def left(case: Event, audience: str) -> int:
    """How many are known not to have been told yet."""
    many = counted(case, audience)
    numbers = sent(case, audience).values_list("number", flat=True)
    return many.untold(number for number in numbers if number) if many else 0


def counted(case: Event, audience: str) -> Totals | None:
    return next((one for one in totals(case) if one.audience == audience), None)


def sent(case: Event, audience: str) -> Any:
    rows = Dispatch.objects.filter(version__bulletin__event=case)
    return rows.filter(version__bulletin__audience=audience).select_related("version__bulletin")


def stop_if_all(case: Event, audience: str, *, by: Actor, at: datetime, log: Draft) -> None:
    """The clocks stop if a text has left and nobody is known to be left; inside a decision."""
    proof = sent(case, audience).order_by("sent_at", "pk").last()
    if proof is not None and (rows := waiting(case, audience, at)) and not left(case, audience):
        stop(case, proof, rows, by=by, at=at, log=log)


def stop(
    case: Event, proof: Dispatch, rows: Iterable[Waiting], *, by: Actor, at: datetime, log: Draft
) -> list[Submission]:
    """Each step is sent, with the text that left as its proof. One that was due before it left
    goes on: lateness has a reason of its own, said where the step is marked by hand."""
    bulletin = proof.version.bulletin
    content = proven(proof, counted(case, bulletin.audience))
    made = [
        put(case, one.judgement.regime, as_sent(proof, clock, content, at), entity=one.entity,
            by=by, at=at)
        for one, clock in rows
        if clock.due is None or clock.due >= proof.sent_at
    ]  # fmt: skip
    if made:
        log.note(stops=[f"{row.obligation.regime} {row.step}" for row in made])
        log.note(digest=made[0].digest)
        replan(case, at, log_into=log.note)
    return made


def proven(proof: Dispatch, many: Totals | None) -> dict[str, Any]:
    """What proves that they were told: the text, its way and time, and how many it reached."""
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "information": proof.version.bulletin_id,
        "dispatch": proof.pk,
        "heading": proof.version.heading,
        "text": proof.version.text,
        "channel": proof.channel,
        "sent_at": proof.sent_at.isoformat(),
        "number": proof.number,
    }
    if many is not None:
        found |= {"affected": many.number, "reached": many.reached, "sent": many.sent}
        found |= {"returned": many.returned, "waiting": many.waiting}
    return found


def as_sent(proof: Dispatch, clock: Clock, content: dict[str, Any], at: datetime) -> Sent:
    named = parameter("communication.audiences").at(at).value
    audience = proof.version.bulletin.audience
    to = [str(named.get(audience, {}).get("sv", audience)), proof.recipients]
    verdict = proof.version.verdicts.last()
    return Sent(
        step=clock.step.id, sent_at=proof.sent_at, recipient=", ".join(filter(None, to))[:300],
        channel=proof.channel, prepared_by=proof.version.by, content=content,
        alone_because=proof.unapproved_because or (verdict.reason[:500] if verdict else ""),
    )  # fmt: skip


def complete(
    kept: Kept, reason: str = "", *, by: Actor, at: datetime, once: str = ""
) -> list[Submission]:
    """Everybody has been told; or the rest cannot be, and why. The clocks that waited stop.

    Raises `NotNow` if the text has not left, no clock waits for it, or somebody is left and it
    is not said why.
    """
    row, kind, said = kept.bulletin, "information.completed", (kept.bulletin.pk, reason)
    with acting(kind, row.event, by=by, at=at, once=once, said=said) as (log, case):
        proof = sent(case, row.audience).filter(version__bulletin=row).last()
        if proof is None:
            raise NotNow("not_sent")
        if (rest := left(case, row.audience)) and not reason.strip():
            raise NotNow("some_left")
        log.note(information=row.pk, audience=row.audience, untold=rest, reason=reason)
        made = stop(case, proof, waiting(case, row.audience, at), by=by, at=at, log=log)
        if not made:
            raise NotNow("no_clock_waits")
    return made


def proofs(case: Event, bulletin: int) -> list[Submission]:
    """The steps that a text was the proof of."""
    rows = Submission.objects.filter(obligation__event=case, content__information=bulletin)
    return list(rows.select_related("obligation__entity").order_by("pk"))
