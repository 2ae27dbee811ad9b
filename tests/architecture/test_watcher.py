"""The watcher itself: what it calls a write, and that it bites."""

import pytest
from django.db import connection
from django.test import Client

from tests.architecture.watcher import Watcher, written
from vardkase.decisionlog.services import deciding
from vardkase.organisation.models import Unit
from vardkase.suppliers.models import Supplier


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "events_event" FOR UPDATE', []),
        ('SELECT 1 FROM "events_event" FOR UPDATE OF "events_event"', []),
        ('SELECT 1 FROM "events_event" FOR NO KEY UPDATE SKIP LOCKED', []),
        ('INSERT INTO "events_event" ("a") VALUES (%s) RETURNING "id"', ["events_event"]),
        ("WITH x AS (\n INSERT INTO\n events_event VALUES (1))\nSELECT 1", ["events_event"]),
        ("INSERT INTO lib_rate AS r VALUES (1) ON CONFLICT (key) DO UPDATE SET a = 1", []),
        ('UPDATE ONLY "events_event" SET "what" = %s', ["events_event"]),
        ('delete from "events_event"', ["events_event"]),
        ("COPY events_event FROM STDIN", ["events_event"]),
        ('UPDATE "organisation_person" SET "last_login" = %s WHERE "id" = %s', []),
        ('UPDATE "organisation_person" SET "name" = %s', ["organisation_person"]),
        ('DELETE FROM "lib_session" WHERE "x" = %s', []),
    ],
)
def test_what_counts_as_a_write(sql: str, tables: list[str]) -> None:
    assert written(sql) == tables


def test_a_write_outside_a_decision_fails(region: Unit) -> None:
    watcher = Watcher()
    with watcher.watching("POST"), pytest.raises(AssertionError, match="outside a decision"):
        Supplier.objects.create(name="x")
    assert watcher.faults


def test_a_page_that_only_reads_may_write_nothing_but_the_log(region: Unit) -> None:
    token = deciding.set(True)
    try:
        with Watcher().watching("GET"), connection.cursor() as cursor:
            cursor.execute("INSERT INTO decisionlog_chain (key, length, head) VALUES ('x', 0, '')")
        with Watcher().watching("GET"), pytest.raises(AssertionError, match="GET changed"):
            Supplier.objects.create(name="x")
    finally:
        deciding.reset(token)


def test_every_request_of_the_suite_is_watched(
    client: Client, region: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(Watcher, "look", lambda self, method, sql: looked.append(sql))
    client.get("/health")
    assert looked[0] == "SELECT 1"
