"""Those who are told personally (GDPR art. 34; cybersäkerhetslagen 2:9): listed, reached, erased.

The log says how many and by which way, and never who.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.core.exceptions import PermissionDenied

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.communication.affected import One
from vardkase.communication.models import Affected, Contact, Tally
from vardkase.communication.rules import may_reach
from vardkase.decisionlog.eyes import Second
from vardkase.events.models import Event
from vardkase.policy.parameter import parameter

from .acting import NotNow, acting
from .telling import stop_if_all


def enlist(
    event: Event, audience: str, people: Iterable[One], *, by: Actor, at: datetime, once: str = ""
) -> int:
    """Add people to the list; how many."""
    refuse_others(audience, at)
    rows = list(people)
    said = (audience, [asdict(row) for row in rows])
    with acting("affected.listed", event, by=by, at=at, once=once, said=said) as (log, case):
        if not rows:
            raise NotNow("nobody_listed")
        Affected.objects.bulk_create(
            Affected(event=case, audience=audience, at=at, by=by.key, **asdict(row)) for row in rows
        )
        hidden = sum(row.protected for row in rows)
        log.note(audience=audience, number=len(rows), protected=hidden)
    return len(rows)


def count(
    event: Event, audience: str, number: int, *, by: Actor, at: datetime, once: str = ""
) -> Tally:
    """Say how many are affected, where no list is kept."""
    refuse_others(audience, at)
    said = (audience, number)
    with acting("affected.listed", event, by=by, at=at, once=once, said=said) as (log, case):
        log.note(audience=audience, number=number)
        return Tally.objects.create(event=case, audience=audience, number=number, at=at, by=by.key)


def protect(row: Affected, safe_way: str, *, by: Actor, at: datetime, once: str = "") -> None:
    """Mark a protected identity, and by which way alone it is reached; also one known later.

    A safe way that is written down is replaced only by whoever may see it.
    """
    said = (row.pk, safe_way)
    kind = "affected.protected"
    with acting(kind, row.event, by=by, at=at, once=once, said=said) as (log, case):
        now = case.affected.filter(pk=row.pk, erased_at=None).first()
        if now is None:
            raise NotNow("erased")
        held = now.protected and now.safe_way
        if held and not allowed(by, "affected_protected", case.scope()):
            raise PermissionDenied(f"{by.key} may not replace a safe way")
        case.affected.filter(pk=row.pk).update(protected=True, safe_way=safe_way)
        log.note(audience=row.audience, number=1)


def reach(
    row: Affected, channel: str, outcome: str, proof: str = "", *, by: Actor, at: datetime,
    once: str = "",
) -> Contact:  # fmt: skip
    """How one person was contacted, and how it went. Raises `NotNow` for a way that may betray."""
    said = (row.pk, channel, outcome, proof)
    with acting("affected.contacted", row.event, by=by, at=at, once=once, said=said) as (log, case):
        now = Affected.objects.get(pk=row.pk, event=case)
        if now.erased_at:
            raise NotNow("erased")
        if not may_reach(channel, protected=now.protected, safe_way=now.safe_way):
            raise NotNow("protected_way")
        log.note(audience=now.audience, number=1, by_way=channel, went=outcome)
        made = keep([now], channel, outcome, proof, by=by, at=at)[0]
        stop_if_all(case, now.audience, by=by, at=at, log=log)
    return made


def reach_all(
    event: Event, audience: str, channel: str, proof: str = "", *, by: Actor, at: datetime,
    once: str = "",
) -> int:  # fmt: skip
    """Everybody not contacted yet was sent the message so, but for protected identities."""
    said = (audience, channel, proof)
    with acting("affected.contacted", event, by=by, at=at, once=once, said=said) as (log, case):
        if not may_reach(channel, protected=False, safe_way=""):
            raise NotNow("protected_way")
        waiting = case.affected.filter(
            audience=audience, protected=False, outcome=Affected.Outcome.WAITING, erased_at=None
        )
        made = keep(list(waiting), channel, Affected.Outcome.SENT, proof, by=by, at=at)
        if not made:
            raise NotNow("nobody_listed")
        log.note(audience=audience, number=len(made), by_way=channel, went="sent")
        stop_if_all(case, audience, by=by, at=at, log=log)
    return len(made)


def keep(
    rows: list[Affected], channel: str, outcome: str, proof: str, *, by: Actor, at: datetime
) -> list[Contact]:
    Affected.objects.filter(pk__in=[row.pk for row in rows]).update(outcome=outcome)
    return Contact.objects.bulk_create(
        Contact(affected=row, channel=channel, outcome=outcome, proof=proof, at=at, by=by.key)
        for row in rows
    )


def erase(
    event: Event, reason: str, *, by: Actor, at: datetime, once: str = "",
    second: Second | None = None,
) -> int:  # fmt: skip
    """Names, addresses and proofs go when they are needed no longer; the numbers stay.

    Raises `NeedsSecond`: what is gone does not come back.
    """
    kind = "affected.erased"
    with acting(
        kind, event, by=by, at=at, once=once, said=reason, second=second
    ) as (log, case):  # fmt: skip
        rows = case.affected.filter(erased_at=None)
        Contact.objects.filter(affected__in=rows.values("pk")).update(proof="")
        gone = rows.update(name="", address="", safe_way="", erased_at=at)
        if not gone:
            raise NotNow("nobody_listed")
        log.note(number=gone, reason=reason)
    return gone


def refuse_others(audience: str, at: datetime) -> None:
    if audience not in personal(at):
        raise NotNow("unknown_audience")


def personal(at: datetime) -> set[str]:
    """The audiences whose people are told one by one, and may be listed."""
    rows = parameter("communication.audiences").at(at).value
    return {code for code, row in rows.items() if row.get("personal")}
