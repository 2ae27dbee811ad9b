"""The region that the seeded events happen in: units, people, assets, one who sees a part of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connection

from benchmarks.words import SYSTEMS
from vardkase.assets.models import Asset
from vardkase.events.services import next_number
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Grant, Organisation, Person, Token, Unit

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
UNITS, PEOPLE = 40, 60
READER = "reader.bench"  # may assess and handle in unit 2 and below it, cleared for no label
MINE = (2, 10, 18, 26, 34)  # those units


def lay_world() -> str:
    """Make it; the answer is a token that may report."""
    since = NOW - timedelta(days=900)
    Organisation.objects.create(
        name="Region Mätning", kind="region", duty_phone="010-1", security_phone="010-2",
        founded_at=since,
    )  # fmt: skip
    Unit.objects.bulk_create(
        Unit(id=number, name=f"Enhet {number}", parent_id=parent, path=path)
        for number, parent, path in units()
    )
    Person.objects.bulk_create(
        Person(
            id=n, username=READER if n == 1 else f"person.{n}", name=f"Person {n}",
            unit_id=2, password="!",
        )
        for n in range(1, PEOPLE + 1)
    )  # fmt: skip
    Grant.objects.create(
        role="incident_manager", unit_id=2, person_id=1, since=since, reason="x", by="system"
    )
    Asset.objects.bulk_create(
        Asset(id=n, name=name, kind="system", unit_id=1) for n, name in enumerate(SYSTEMS, 1)
    )
    secret = new_secret()
    Token.objects.create(
        role="receiver", unit_id=1, name="bench", digest=fingerprint(secret), by="system",
        created_at=since, expires_at=NOW + timedelta(days=3650),
    )  # fmt: skip
    return secret


def units() -> Iterator[tuple[int, int | None, str]]:
    """A root, eight units below it, and the others below these in turn."""
    yield 1, None, "/1/"
    for k in range(2, 10):
        yield k, 1, f"/1/{k}/"
    for k in range(10, UNITS + 1):
        parent = 2 + (k - 10) % 8
        yield k, parent, f"/1/{parent}/{k}/"


def move_sequences(raw: psycopg.Connection, count: int) -> None:
    """Past what was written with numbers of its own."""
    next_number(NOW.year)
    raw.execute(f"SELECT setval('event_number_{NOW.year}', {count})")  # type: ignore[arg-type]
    for table in connection.introspection.table_names():
        found = raw.execute(
            "SELECT pg_get_serial_sequence(%s, 'id') FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = 'id'", [table, table],
        ).fetchone()  # fmt: skip
        if found and found[0]:
            raw.execute(
                f"SELECT setval('{found[0]}', greatest(1, (SELECT max(id) FROM {table})))"  # type: ignore[arg-type]
            )
