"""One case with everything that a case page shows, made by the verbs themselves: 200 log entries.

Run by `benchmarks.seed` in a process of its own, as the working role.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from benchmarks.words import ENDS, STARTS
from benchmarks.world import NOW, READER
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.queries import entries, verify
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow.assess import assess
from vardkase.workflow.report import mark, report

ENTRIES, EARLIER = 200, 12
JUDGED = Judgement(
    outcome="confirmed_incident", impact=4, urgency=4, reason="Hela sjukhuset.",
    category="technical_failure",
)  # fmt: skip


def main() -> None:
    at = NOW
    by = actor_of(Person.objects.get(username=READER), at)
    for days in range(1, EARLIER + 1):  # as many as the page shows, however small the instance
        handled(f"Journalsystemet var nere, gång {days}.", by=by, at=at - timedelta(days=days))
    answers = {"ongoing": ["yes_worse"], "can_work": ["fallback"]}
    what = "Journalsystemet är nere på hela sjukhuset. " + " ".join(ENDS)
    case = handled(what, answers, by=by, at=at)
    said = list(case.statements.order_by("pk"))
    for n in range(ENTRIES - entries(case.number).count()):
        note = f"{STARTS[n % 12]} rum {n}. {ENDS[n % 12]}"
        mark(
            said[n % len(said)], "verified", of=case, note=note, by=by,
            at=at + timedelta(minutes=6 + n),
        )  # fmt: skip
    if not verify(case.number).ok:
        raise SystemExit("the log of the long case does not hold")
    Path(settings.DATA, "bench-case").write_text(case.number)


def handled(
    what: str, answers: dict[str, list[str]] | None = None, *, by: Actor, at: datetime
) -> Event:
    """Reported and judged an incident five minutes later."""
    receipt = report(Report(what=what, answers=answers or {}, unit=2), by=by, at=at)
    case = Event.objects.select_related("unit").get(number=receipt.number)
    assess(case, JUDGED, by=by, at=at + timedelta(minutes=5))
    case.refresh_from_db()
    return case
