"""Fills an instance with believable events, fast: `python -m benchmarks.seed DIR ROWS`.

Written past the verbs, as the owner, in bulk: but with a whole log, so that `log verify` holds.
"""

import random
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.words import ENDS, RARE, STARTS, SYSTEMS
from vardkase.config.database import running
from vardkase.config.instance import lay, migrate_if_needed
from vardkase.decisionlog import rules as log
from vardkase.lib.ids import fingerprint, new_secret

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
UNITS, PEOPLE, BATCH = 40, 60, 20_000
ASSESSOR = "assessor.bench"  # sees the first of the units below the root, and what is under it
STATES = ["unassessed", "waiting", "confirmed_incident", "possible_incident", "closed", "merged"]
SHARES = [0.005, 0.002, 0.03, 0.01, 0.06, 0.03]  # the rest is not_incident
CATEGORIES = ["malware", "technical_failure", "compromise_of_information", "breach_of_rule"]
EVENT = [
    "id", "number", "state", "kind", "source", "title", "what", "system", "reported_at",
    "received_at", "reporter_kind", "contact", "on_behalf_of", "reference", "unit_id", "labels",
    "members", "conflicts", "sealed", "priority", "care_harm", "category", "suggestion",
]  # fmt: skip
ENTRY = ["id", "chain", "place", "at", "by", "kind", "commitment", "previous", "digest"]


def ensure(folder: Path, count: int) -> Path:
    """The instance with `count` events below `folder`, made if it is not there."""
    data = folder / str(count)
    fill(data, count)
    return data


def fill(data: Path, count: int) -> None:
    """Make the instance in `data` with `count` events, unless it is there and whole."""
    lay(data)
    with running(data) as urls:
        migrate_if_needed(data, urls)
        with psycopg.connect(urls.owner) as connection:
            if row := connection.execute("SELECT count(*) FROM events_event").fetchone():
                if row[0] >= count:  # benchmarks add a few
                    return
                if row[0]:
                    raise SystemExit(f"{data} was left half full; remove it first")
            lay_world(connection)
            for start in range(0, count, BATCH):
                pour(connection, range(start + 1, min(start + BATCH, count) + 1), count)
                tell(min(start + BATCH, count), count)
            finish(connection)
            (data / "bench-token").write_text(make_token(connection))
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def tell(done: int, count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rseeding {done:,} of {count:,} " + ("\n" if done == count else ""))


def lay_world(connection: psycopg.Connection) -> None:
    """A root, eight units below it and four under each, people, and one who may assess a part."""
    execute = connection.execute
    execute(
        'INSERT INTO organisation_organisation ("only", name, kind, duty_phone, security_phone,'
        " founded_at) VALUES (true, 'Region Mätning', 'region', '010-1', '010-2', %s)", [NOW],
    )  # fmt: skip
    blank = "'', '', '', ''"
    columns = "(id, name, parent_id, path, phone, email, routine, form_note)"
    for number, parent, path in units():
        execute(
            f"INSERT INTO organisation_unit {columns} OVERRIDING SYSTEM VALUE"
            f" VALUES (%s, %s, %s, %s, {blank})",
            [number, f"Enhet {number}", parent, path],
        )
    for number in range(1, PEOPLE + 1):
        execute(
            "INSERT INTO organisation_person (id, username, name, title, email, phone, unit_id,"
            " is_active, password) OVERRIDING SYSTEM VALUE"
            " VALUES (%s, %s, %s, '', '', '', 2, true, '!')",
            [number, ASSESSOR if number == 1 else f"person.{number}", f"Person {number}"],
        )
    execute(
        "INSERT INTO organisation_grant (role, unit_id, labels, person_id, since, reason, by)"
        " VALUES ('incident_manager', 2, '{}', 1, %s, 'mätning', 'system')", [NOW - timedelta(900)],
    )  # fmt: skip


def make_token(connection: psycopg.Connection) -> str:
    """A token that may report, for the benchmarks' client."""
    secret = new_secret()
    connection.execute(
        "INSERT INTO organisation_token (role, unit_id, labels, name, digest, created_at, by,"
        " expires_at) VALUES ('receiver', 1, '{}', 'bench', %s, now(), 'system',"
        " now() + interval '10 years')",
        [fingerprint(secret)],
    )
    return secret


def units() -> Iterator[tuple[int, int | None, str]]:
    yield 1, None, "/1/"
    for k in range(2, 10):
        yield k, 1, f"/1/{k}/"
    for k in range(10, UNITS + 1):
        parent = 2 + (k - 10) % 8
        yield k, parent, f"/1/{parent}/{k}/"


def pour(connection: psycopg.Connection, numbers: range, count: int) -> None:
    """One batch: events, their statements, log, and incidents, each by COPY."""
    dice = random.Random(numbers.start)
    events = [event(n, dice, count) for n in numbers]
    entries = [entry(row) for row in events]
    copy(connection, "events_event", EVENT, events)
    copy(
        connection, "events_statement", ["event_id", "question", "answer", "at", "by"],
        ((r[0], "what", r[6], r[8], "reporter") for r in events),
    )  # fmt: skip
    copy(connection, "decisionlog_entry", ENTRY, (e[:9] for e in entries))
    copy(
        connection, "decisionlog_payload", ["entry_id", "salt", "content"],
        ((e[0], e[9], e[10]) for e in entries),
    )  # fmt: skip
    copy(
        connection, "decisionlog_chain", ["key", "length", "head"],
        ((e[1], 1, e[8]) for e in entries),
    )  # fmt: skip
    handled = [r for r in events if r[2] in {"confirmed_incident", "possible_incident", "closed"}]
    copy(
        connection, "incidents_incident", ["event_id", "opened_at"], ((r[0], r[8]) for r in handled)
    )


def event(n: int, dice: random.Random, count: int) -> tuple[object, ...]:
    """One event of a year's worth, the newest last; a third of the texts name the common system."""
    at = NOW - timedelta(days=365) * ((count - n) / count)
    system = SYSTEMS[0] if dice.random() < 0.6 else dice.choice(SYSTEMS)
    title = f"{dice.choice(STARTS)} {system.lower()}"
    rare = f" Gäller {dice.choice(RARE)} {n}." if dice.random() < 0.02 else ""
    what = f"{title}. {dice.choice(ENDS)}{rare} {dice.choice(ENDS)} {dice.choice(STARTS)} rum {n}."
    state = dice.choices([*STATES, "not_incident"], [*SHARES, 1 - sum(SHARES)])[0]
    assessed = state not in {"unassessed", "waiting"}
    labels = ["patient"] if dice.random() < 0.1 else []
    return (
        n, f"{at.year}-{n:04d}", state, "incident", dice.choice(["user", "monitoring", "staff"]),
        title, what, system, at, at, "staff", "", "", "", 1 + int(dice.random() * UNITS), labels,
        [], [], False, dice.choices([1, 2, 3, 4, 5], [1, 4, 30, 40, 25])[0], dice.random() < 0.03,
        dice.choice(CATEGORIES) if assessed else "", "{}",
    )  # fmt: skip


def entry(row: tuple[object, ...]) -> tuple[object, ...]:
    content = log.canonical({"facts": {"what": row[6]}, "grounds": []})
    salt = secrets.token_hex(32)
    sealed = {
        "chain": str(row[1]), "place": 1, "previous": log.GENESIS, "at": row[8], "by": "reporter",
        "kind": "event.reported", "commitment": log.commitment(salt, content),
    }  # fmt: skip
    digest = log.digest(**sealed)  # type: ignore[arg-type]
    return (
        row[0], sealed["chain"], 1, row[8], "reporter", sealed["kind"], sealed["commitment"],
        log.GENESIS, digest, salt, content,
    )  # fmt: skip


def copy(
    connection: psycopg.Connection,
    table: str,
    columns: list[str],
    rows: Iterable[tuple[object, ...]],
) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as target:  # type: ignore[arg-type]
        for row in rows:
            target.write_row(row)


def finish(connection: psycopg.Connection) -> None:
    """Move the sequences past what was written."""
    connection.execute("SELECT next_event_number(%s)", [NOW.year])
    connection.execute(
        f"SELECT setval('event_number_{NOW.year}', (SELECT max(id) FROM events_event))"  # type: ignore[arg-type]
    )
    for table in ("events_event", "decisionlog_entry", "organisation_unit", "organisation_person"):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # type: ignore[arg-type]
        )


if __name__ == "__main__":
    fill(Path(sys.argv[1]).absolute(), int(sys.argv[2]))
