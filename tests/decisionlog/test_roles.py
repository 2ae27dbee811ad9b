"""What the roles of the database may do to the log, tried over connections of their own."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors
from tests.database import connect
from tests.decisionlog.conftest import decide

from vardkase.config.roles import APP, OWNER
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify

pytestmark = pytest.mark.django_db(transaction=True)

type Connection = psycopg.Connection[Any]

ADD_ONLY = ("decisionlog_entry", "decisionlog_payload")
UPDATES = ("UPDATE decisionlog_entry SET kind = 'x'", "UPDATE decisionlog_payload SET salt = 'x'")


@pytest.fixture(autouse=True)
def a_log(transactional_db: None) -> None:
    decide("2026-0001", 3)


@pytest.fixture
def app() -> Iterator[Connection]:
    with connect(APP) as connection:
        yield connection


@pytest.fixture
def owner() -> Iterator[Connection]:
    with connect(OWNER) as connection:
        yield connection


def refused(connection: Connection, sql: str, error: type[psycopg.Error]) -> None:
    with pytest.raises(error):
        connection.execute(sql)  # type: ignore[call-overload]
    assert verify().ok


@pytest.mark.parametrize("table", [*ADD_ONLY, "decisionlog_chain"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_working_role_takes_nothing_away(app: Connection, table: str, verb: str) -> None:
    refused(app, verb.format(table), errors.InsufficientPrivilege)


@pytest.mark.parametrize("sql", UPDATES)
def test_the_working_role_changes_no_entry(app: Connection, sql: str) -> None:
    refused(app, sql, errors.InsufficientPrivilege)


CHAINS = [
    "UPDATE decisionlog_chain SET length = length - 1",
    "UPDATE decisionlog_chain SET length = length + 2, head = repeat('0', 64)",
    "UPDATE decisionlog_chain SET head = repeat('0', 64)",
    "UPDATE decisionlog_chain SET length = length + 1",
    "UPDATE decisionlog_chain SET key = '2026-0002'",
]


@pytest.mark.parametrize("change", CHAINS)
def test_a_chain_only_grows(app: Connection, owner: Connection, change: str) -> None:
    for connection in (app, owner):
        refused(connection, change, errors.RaiseException)


@pytest.mark.parametrize("table", [*ADD_ONLY, "decisionlog_chain"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_owner_is_refused_too(owner: Connection, table: str, verb: str) -> None:
    refused(owner, verb.format(table), errors.RaiseException)


@pytest.mark.parametrize("sql", UPDATES)
def test_the_owner_changes_no_entry(owner: Connection, sql: str) -> None:
    refused(owner, sql, errors.RaiseException)


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE decisionlog_entry DISABLE TRIGGER ALL",
        "ALTER TABLE decisionlog_entry DISABLE TRIGGER only_grows",
        "DROP TRIGGER only_grows ON decisionlog_entry",
        "DROP TABLE decisionlog_entry CASCADE",
        "DROP FUNCTION refuse_change CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE RULE mine AS ON INSERT TO decisionlog_entry DO INSTEAD NOTHING",
        f"SET ROLE {OWNER}",
        "SET ROLE postgres",
        f"GRANT {OWNER} TO {APP}",
        "SELECT setval('decisionlog_entry_id_seq', 1)",
        "COPY decisionlog_entry TO PROGRAM 'cat'",
    ],
)
def test_the_working_role_goes_round_no_guard(app: Connection, sql: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.InvalidGrantOperation)):
        app.execute(sql)  # type: ignore[call-overload]


def test_the_working_role_owns_nothing_and_rises_to_nothing(app: Connection) -> None:
    question = """
      SELECT count(*), bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)
      FROM pg_roles LEFT JOIN pg_class ON relowner = pg_roles.oid AND relnamespace <> 0
      WHERE rolname = %s AND (pg_class.oid IS NOT NULL OR rolsuper OR rolcreaterole
        OR rolcreatedb OR rolbypassrls OR pg_has_role(rolname, %s, 'member'))
    """
    assert app.execute(question, [APP, OWNER]).fetchone() == (0, None)


def test_every_table_is_the_owner_s(owner: Connection) -> None:
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> %s"
    assert owner.execute(sql, [OWNER]).fetchall() == []


def test_a_temporary_table_of_the_same_name_fools_only_its_maker(app: Connection) -> None:
    app.execute("CREATE TEMPORARY TABLE decisionlog_entry (id int)")
    assert Entry.objects.count() == 3
    assert verify().ok


def test_the_working_role_may_do_what_a_decision_does(app: Connection) -> None:
    for sql in (
        "INSERT INTO decisionlog_chain (key, length, head) VALUES ('room:x', 0, '')",
        "UPDATE decisionlog_chain SET length = 1, head = 'a' WHERE key = 'room:x'",
        "SELECT count(*) FROM decisionlog_entry",
    ):
        app.execute(sql)
