"""Step 4 of the instruction: what we learnt, what we do differently, and the end of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from vardkase.access.actor import Actor
from vardkase.conclusions import queries, rules
from vardkase.conclusions.models import Conclusion
from vardkase.conclusions.sheet import sheet
from vardkase.events.models import Event
from vardkase.events.standing import move
from vardkase.incidents import services
from vardkase.incidents.models import Milestone

from .acting import NotNow, acting, handling, incident_of, refuse_unseen
from .handle import Task, assign_action


class Unfinished(ValueError):
    """The case may not be closed yet: `missing` without a reason are `unexplained`."""

    def __init__(self, missing: tuple[str, ...], unexplained: tuple[str, ...]) -> None:
        super().__init__(", ".join(unexplained))
        self.missing, self.unexplained = missing, unexplained


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Why it happened, how, what harm it did, and what we learnt (s. 14)."""

    cause_kind: str
    cause: str
    course: str
    lessons: str
    direct_harm: str = ""
    indirect_harm: str = ""
    disclosed: str = ""
    altered: str = ""
    checked_how: str = ""


@transaction.atomic
def conclude(
    event: Event,
    review: Review,
    improvements: Sequence[Task] = (),
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    once: str = "",
) -> Conclusion:
    """Write the conclusions, and assign what follows from them; the ones before stay.

    `expected` is the conclusion that the writer saw last, 0 if there was none. Raises `Overtaken`.
    """
    kind, said = "conclusion.written", asdict(review)
    with handling(kind, event, by=by, at=at, once=once, said=said) as (log, incident):
        refuse_unseen(incident.conclusions.order_by("-pk").first(), expected)
        made = Conclusion.objects.create(incident=incident, **said, at=at, by=by.key)
        incident.repeats = queries.repeated(incident, at=at)
        incident.save(update_fields=["repeats"])
        log.note(**said)
    for task in improvements:
        assign_action(event, task, by=by, at=at)
    return made


def close(
    event: Event, reasons: Mapping[str, str], *, text: str = "", by: Actor, at: datetime
) -> Milestone:
    """Close the case. What is missing needs a reason each, which is recorded.

    Raises `Unfinished`, which names exactly what is missing.
    """
    with handling("incident.closed", event, by=by, at=at) as (log, incident):
        absent = rules.missing(sheet(incident.event).facts(incident.event))
        bare = rules.unexplained(absent, reasons)
        if bare:
            raise Unfinished(absent, bare)
        left_open = {code: reasons[code].strip() for code in absent}
        log.note(text=text, left_open=left_open)
        made = services.reach(
            incident,
            Milestone.Kind.CLOSED,
            reached=True,
            reached_at=at,
            reason=text,
            left_open=left_open,
            by=by,
            at=at,
        )
        move(incident.event, Event.State.CLOSED)
    return made


def reopen(event: Event, reason: str, *, by: Actor, at: datetime) -> Event:
    """Open a closed case again: it stands as it was last judged."""
    with acting("incident.reopened", event, by=by, at=at) as (log, case):
        if case.state != Event.State.CLOSED:
            raise NotNow("open")
        move(case, queries.judged_as(case) or Event.State.CONFIRMED_INCIDENT)
        incident = incident_of(case)
        services.reach(
            incident,
            Milestone.Kind.CLOSED,
            reached=False,
            reached_at=at,
            reason=reason,
            by=by,
            at=at,
        )
        log.note(reason=reason, state=case.state)
    return case
