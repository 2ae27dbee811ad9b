"""A year of simulated moments: incidents, two workers beside each other, and all that goes wrong.

Two clocks: the true one only goes on; the machine's is the true one plus `offset`, which somebody
sets days wrong now and then. Between two moments when anything can happen, nothing is computed.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from typing import Any

import psycopg
from django.db import Error, connection

from tests.delivery.mailserver import Inbox
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.delivery import outbox
from vardkase.delivery.models import Notice
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.jobs.rounds import tick
from vardkase.obligations.models import Deadline, Obligation
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow.alarm import KINDS, acknowledge
from vardkase.workflow.assess import assess
from vardkase.workflow.oblige import rule
from vardkase.workflow.report import report

TICK = timedelta(minutes=1)  # thirty rounds of the worker
NIL = timedelta()

type Act = Callable[[], object]


class Letters(Inbox):
    """An inbox that knows the true time, and can cut its sender off from the database."""

    def __init__(self, address: dict[str, Any]) -> None:
        super().__init__()
        self.address, self.cut = address, 0
        self.now = datetime.max.replace(tzinfo=UTC)
        self.taken: list[tuple[datetime, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if answer.startswith("250"):
            name = str(message_from_bytes(envelope.content)["Message-ID"])
            self.taken.append((self.now, name.strip("<>").partition("@")[0]))
            if self.mood == "cut":
                self.mood, self.cut = "well", self.cut + 1
                self.kill()
        return answer

    def kill(self) -> None:
        """The worker that waits for our answer loses its transaction, as when it is killed before
        it has noted that the letter left."""
        with psycopg.connect(**self.address, autocommit=True) as raw:
            raw.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                "pg_backend_pid() AND datname = current_database() AND state LIKE 'idle in%'"
            )


class Year:
    """`at(...)` says what happens when; `run()` lets the time pass."""

    def __init__(self, begins: datetime, ends: datetime, inbox: Letters) -> None:
        self.now, self.ends, self.inbox = begins, ends, inbox
        self.script: list[tuple[datetime, int, Act]] = []
        self.offset, self.offsets = NIL, [(begins, NIL)]
        self.up = True
        self.bad: list[tuple[datetime, datetime]] = []  # mail ill or workers away
        self.told: dict[int, datetime] = {}  # when each notice was made, in true time
        self.rounds, self.errors = 0, list[BaseException]()

    @property
    def clock(self) -> datetime:
        return self.now + self.offset

    def at(self, moment: datetime, act: Act) -> None:
        self.script.append((moment, len(self.script), act))

    def ill(self, moment: datetime, lasting: timedelta, mood: str) -> None:
        self.at(moment, lambda: setattr(self.inbox, "mood", mood))
        self.at(moment + lasting, lambda: setattr(self.inbox, "mood", "well"))
        self.bad.append((moment, moment + lasting))

    def away(self, moment: datetime, lasting: timedelta) -> None:
        """No worker runs: a power cut, an upgrade."""
        self.at(moment, lambda: setattr(self, "up", False))
        self.at(moment + lasting, lambda: setattr(self, "up", True))
        self.bad.append((moment, moment + lasting))

    def wrong(self, moment: datetime, lasting: timedelta, by: timedelta) -> None:
        """The machine's clock is set wrong, and right again after a while."""
        self.at(moment, partial(self.turn, by))
        self.at(moment + lasting, partial(self.turn, NIL))

    def turn(self, by: timedelta) -> None:
        self.offset = by
        self.offsets.append((self.now, by))

    def first(self, moment: datetime, *, since: datetime) -> datetime:
        """When, from `since` on, the machine's clock first showed `moment`, in true time."""
        ends = [begins for begins, _ in self.offsets[1:]] + [datetime.max.replace(tzinfo=UTC)]
        for (begins, offset), end in zip(self.offsets, ends, strict=True):
            reached = max(begins, since, moment - offset)
            if reached < end:
                return reached
        raise AssertionError(moment)

    def run(self) -> None:
        self.script.sort()
        while self.now < self.ends:
            self.now = self.inbox.now = min(self.following(), self.ends)
            while self.script and self.script[0][0] <= self.now:
                self.script.pop(0)[2]()
            self.note_told()
            if self.up:
                self.work()
                self.note_told()

    def following(self) -> datetime:
        """The next moment when anything can happen: the script's, or what the workers wait for."""
        script = self.script[0][0] if self.script else self.ends
        waits = [
            Deadline.objects.filter(ended_at=None).order_by("remind_at").values_list("remind_at"),
            Notice.objects.filter(seen_at=None, passed_on_at=None, kind__in=KINDS)
            .order_by("answer_by").values_list("answer_by"),
            outbox.waiting().order_by("due_at").values_list("due_at"),
        ]  # fmt: skip
        found = [row[0] for rows in waits if (row := rows.first()) and row[0]]
        if not self.up or not found:
            return script
        return min(script, self.now + max(min(found) - self.clock, NIL) + TICK)

    def note_told(self) -> None:
        for pk in Notice.objects.exclude(pk__in=self.told).values_list("pk", flat=True):
            self.told[pk] = self.now

    def work(self) -> None:
        """Both workers do a round at once, each on a connection of its own."""
        self.rounds += 1
        workers = [threading.Thread(target=self.round) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def round(self) -> None:
        try:
            tick(self.clock)
            outbox.run(lambda: self.clock)
        except Error as lost:
            self.errors.append(lost)
        finally:
            connection.close()


class Region:
    """Those who work in the year, and what they do."""

    def __init__(self, year: Year, unit: Unit, judge: Person) -> None:
        self.year, self.unit, self.judge = year, unit, judge
        # of each case: when it was judged, its impact, and which of those told sees the alarm
        self.cases: dict[str, tuple[datetime, int, int]] = {}
        self.wrongly_dated: set[str] = set()

    def incident(self, impact: int, patience: int) -> None:
        """Reported and judged at once, at what the machine takes the time for."""
        at = self.year.clock
        said = {"personal_data": ["other"], "ongoing": ["worse"]}
        what = Report(what="Filerna går inte att öppna.", unit=self.unit.pk, answers=said)
        event = report(what, by=Actor.reporter(at), at=at).event
        found = Judgement(
            outcome="confirmed_incident", impact=impact, urgency=4, category="malware",
            reason="Filerna krypteras.",
        )  # fmt: skip
        assess(event, found, by=actor_of(self.judge, at), at=at)
        self.cases[event.number] = self.year.now, impact, patience
        if self.year.offset:
            self.wrongly_dated.add(event.number)

    def see(self) -> None:
        """Whoever is the `patience`th to be told of a case sees the alarm."""
        for number, (_, _, patience) in self.cases.items():
            rows = Notice.objects.filter(case=number, kind__in=KINDS).order_by("pk")
            told = list(rows)
            if len(told) >= patience and not told[patience - 1].seen_at:
                acknowledge(told[patience - 1], at=self.year.clock)

    def decide(self, *kept: str) -> None:
        """Every duty but those of `kept` is decided on; the clocks of the others go on."""
        at = self.year.clock
        rows = Obligation.objects.filter(rulings=None).exclude(regime__in=kept)
        for row in rows.select_related("event__unit", "entity"):
            event = Event.objects.select_related("unit").get(pk=row.event_id)
            by = actor_of(self.judge, at)
            rule(event, row.regime, "no_report", "Ej.", entity=row.entity, by=by, at=at)
