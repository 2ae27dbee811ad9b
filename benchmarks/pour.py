"""The seeded events with their statements, assessments, incidents and log: rows by the million.

Run by `benchmarks.seed` in a process of its own, as the owner of the tables.
"""

import random
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from benchmarks.copying import Table, checked_last
from benchmarks.words import ENDS, RARE, STARTS, SYSTEMS
from benchmarks.world import MINE, NOW, UNITS, lay_world, move_sequences
from vardkase.assessment.models import Assessment
from vardkase.decisionlog import rules as log
from vardkase.decisionlog.models import Chain, Entry, Payload
from vardkase.events.models import AssetLink, Event, Statement
from vardkase.incidents.models import Incident

BATCH = 20_000
LEAST = 400  # of each kind that a list shows, so that a small instance fills a page too
CATEGORIES = ["malware", "technical_failure", "compromise_of_information", "breach_of_rule"]
HANDLED = {"confirmed_incident", "possible_incident", "closed"}
ENTRY = ("id", "chain", "place", "at", "written_at", "by", "kind", "commitment", "previous",
         "digest")  # fmt: skip


class Told(NamedTuple):
    """An event as it is written to its table."""

    id: int
    number: str
    state: str
    source: str
    title: str
    what: str
    system: str
    reported_at: datetime
    received_at: datetime
    reporter_kind: str
    unit_id: int
    labels: list[str]
    priority: int
    care_harm: bool
    category: str


class Sealed(NamedTuple):
    """An entry of the log, as it is written to its table, and what it says."""

    row: tuple[Any, ...]
    salt: str
    content: str

    @property
    def digest(self) -> str:
        return str(self.row[-1])


EVENT = Table(Event, *Told._fields)
STATEMENT = Table(Statement, "event_id", "question", "answer", "at", "by")
ENTRIES = Table(Entry, *ENTRY)
PAYLOAD = Table(Payload, "entry_id", "salt", "content")
CHAIN = Table(Chain, "key", "length", "head")
ASSESSMENT = Table(
    Assessment, "event_id", "at", "by", "outcome", "impact", "urgency", "category", "reason",
    "priority",
)  # fmt: skip
INCIDENT = Table(Incident, "event_id", "opened_at")
LINK = Table(AssetLink, "event_id", "asset_id", "at", "by")
TABLES = [EVENT, STATEMENT, ENTRIES, PAYLOAD, CHAIN, ASSESSMENT, INCIDENT, LINK]


def main(words: str) -> None:
    count = int(words)
    connection.ensure_connection()
    raw = connection.connection
    with transaction.atomic():
        token = lay_world()
        with checked_last(raw, TABLES):
            for start in range(0, count, BATCH):
                pour(range(start + 1, min(start + BATCH, count) + 1), count)
                tell(min(start + BATCH, count), count)
        move_sequences(raw, count)
    Path(settings.DATA, "bench-token").write_text(token)


def tell(done: int, count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rseeding {done:,} of {count:,} " + ("\n" if done == count else ""))


def pour(numbers: range, count: int) -> None:
    """One batch, table by table."""
    dice = random.Random(numbers.start)
    weights = shares(count)
    events = [event(n, dice, weights, count) for n in numbers]
    judged = [e for e in events if e.state not in {"unassessed", "waiting", "merged"}]
    handled = [e for e in events if e.state in HANDLED]
    chains = list(logged(events))
    with connection.connection.cursor() as cursor:
        EVENT.copy(cursor, events)
        said = ((e.id, "what", e.what, e.reported_at, "reporter") for e in events)
        STATEMENT.copy(cursor, said)
        ENTRIES.copy(cursor, (entry.row for chain in chains for entry in chain))
        PAYLOAD.copy(cursor, ((e.row[0], e.salt, e.content) for chain in chains for e in chain))
        CHAIN.copy(cursor, ((c[0].row[1], len(c), c[-1].digest) for c in chains))
        ASSESSMENT.copy(cursor, (assessment(e, dice) for e in judged))
        INCIDENT.copy(cursor, ((e.id, e.reported_at) for e in handled))
        hit = ((e.id, 1 + SYSTEMS.index(e.system), e.reported_at, "p2") for e in handled)
        LINK.copy(cursor, hit)


def shares(count: int) -> dict[str, float]:
    """How often each state is; a tenth are incidents."""
    few = LEAST / count
    found = {
        "unassessed": max(0.005, few), "waiting": 0.002, "merged": 0.03,
        "confirmed_incident": max(0.03, few), "possible_incident": 0.01,
        "closed": max(0.06, few / 4),
    }  # fmt: skip
    return found | {"not_incident": max(0.0, 1 - sum(found.values()))}


def event(n: int, dice: random.Random, weights: dict[str, float], count: int) -> Told:
    """One event of a year's worth, the newest last; a third of the texts name the common system.

    A fifth lies in the reader's units.
    """
    at = NOW - timedelta(days=365) * ((count - n) / count)
    system = SYSTEMS[0] if dice.random() < 0.6 else dice.choice(SYSTEMS)
    title = f"{dice.choice(STARTS)} {system.lower()}"
    rare = f" Gäller {dice.choice(RARE)} {n}." if dice.random() < 0.02 else ""
    what = f"{title}. {dice.choice(ENDS)}{rare} {dice.choice(ENDS)} {dice.choice(STARTS)} rum {n}."
    state = dice.choices(list(weights), list(weights.values()))[0]
    few = LEAST / count  # of a small instance more is what the lists ask for: their pages are full
    common = dice.random() < 2 * few - 0.01
    found = CATEGORIES[0] if common else dice.choice(CATEGORIES)
    category = "" if state in {"unassessed", "waiting", "merged"} else found
    return Told(
        n, f"{at.year}-{n:04d}", state, dice.choice(["user", "monitoring", "staff"]), title, what,
        system, at, at, "staff",
        dice.choice(MINE) if dice.random() < max(0.2, 1.5 * few) else dice.randint(1, UNITS),
        ["patient"] if dice.random() < 0.1 else [],
        dice.choices([1, 2, 3, 4, 5], [1, 4, 30, 40, 25])[0], dice.random() < 0.03, category,
    )  # fmt: skip


def assessment(told: Told, dice: random.Random) -> tuple[Any, ...]:
    outcome = told.state if told.state in HANDLED - {"closed"} else "confirmed_incident"
    return (
        told.id, later(told), "p2", "not_incident" if told.state == "not_incident" else outcome,
        dice.randint(1, 4), dice.randint(1, 4), told.category, "Enligt skalan.", told.priority,
    )  # fmt: skip


def later(told: Told) -> datetime:
    """When it was assessed: within some hours."""
    return min(NOW, told.reported_at + timedelta(minutes=told.id % 300))


def logged(events: list[Told]) -> Iterator[list[Sealed]]:
    """The log of each event: that it was reported, and if it is handled that it was assessed."""
    for told in events:
        facts = {"what": told.what, "answers": {}, "reporter_kind": "staff"}
        chain = [sealed(told, 1, "event.reported", "reporter", told.reported_at, facts)]
        if told.state in HANDLED:
            judged = {"outcome": told.state, "priority": told.priority, "reason": "Enligt skalan."}
            chain.append(
                sealed(told, 2, "event.assessed", "p2", later(told), judged, chain[0].digest)
            )
        yield chain


def sealed(
    told: Told,
    place: int,
    kind: str,
    by: str,
    at: datetime,
    facts: dict[str, Any],
    previous: str = log.GENESIS,
) -> Sealed:
    content = log.canonical({"facts": facts, "grounds": []})
    salt = secrets.token_hex(32)
    commitment = log.commitment(salt, content)
    moment = log.microseconds(at)
    digest = log.digest(
        chain=told.number, place=place, previous=previous, at=moment, written_at=moment, by=by,
        kind=kind, commitment=commitment,
    )  # fmt: skip
    number = told.id * 2 - 2 + place  # two at most for each event
    row = (number, told.number, place, at, at, by, kind, commitment, previous, digest)
    return Sealed(row, salt, content)
