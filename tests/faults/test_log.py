"""F01, F02: a writer of the log is killed, or refused: what was told is there, once and whole."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from vardkase.decisionlog.models import Chain, Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.organisation.models import Unit

ROOT = Path(__file__).parents[2]


def address() -> str:
    """Of the suite's database, for another process, with the working role's rights."""
    found = connection.get_connection_params()
    where = quote(str(found["host"]), safe="")
    return f"postgresql://vardkase_app@/{found['dbname']}?host={where}"


def killed_writer(number: str, *, after: float) -> int:
    """How many decisions it had been told were stored when it was killed."""
    environment = os.environ | {"DATABASE_URL": address(), "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    command = [sys.executable, "-m", "tests.faults.writer", number]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(after)
        writer.kill()
        return len((first + writer.stdout.read()).split())


@pytest.mark.django_db(transaction=True)
def test_a_writer_killed_at_any_moment_leaves_whole_chains() -> None:
    acknowledged = {
        n: killed_writer(n, after=s) for n, s in (("2026-0001", 0.0), ("2026-0002", 0.2))
    }
    wait_for_the_server_to_notice()
    verdict = verify()
    assert verdict.ok, verdict.faults
    for number, count in acknowledged.items():
        stored = Entry.objects.filter(chain=number).count()
        assert count > 0
        assert stored - count in (0, 1), "the last one may be stored and not yet told"
        assert Chain.objects.get(key=number).length == stored


def wait_for_the_server_to_notice() -> None:
    """Until nobody else is connected, and so nothing half done is left."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(0.05)
    raise AssertionError("a killed writer's connection is still there")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["decisionlog_entry", "decisionlog_payload", "decisionlog_chain"])
def test_no_log_no_change(table: str, region: Unit, client: Client) -> None:
    """The log refuses its row, as on a full disk: the report is not stored, and not said to be."""
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON {table} FROM vardkase_app")
        try:
            with pytest.raises(DatabaseError):
                client.post("/api/v1/reports", {"what": "x"}, "application/json")
        finally:
            cursor.execute(f"GRANT INSERT ON {table} TO vardkase_app")
    assert not Event.objects.exists()
    assert verify().ok
