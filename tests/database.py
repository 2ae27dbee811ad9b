"""The suite's database: tables owned by the owner's role, doors answering as the working role."""

import fcntl
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from vardkase.config.database import locked
from vardkase.config.roles import APP, DATABASE, OWNER, create_extensions, create_role, grant_work


def create(name: str) -> None:
    """The empty database with all tables, as an installation makes it. Needs a superuser."""
    run(f"CREATE DATABASE {name} TEMPLATE template0")
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with locked(Path(__file__).parent, fcntl.LOCK_EX):  # workers may share one server
        for role in (OWNER, APP):
            create_role(connection.connection, role, login=True)
    create_extensions(connection.connection)
    grant_work(connection.connection, owner=OWNER)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
        cursor.execute(f"SET ROLE {OWNER}")
        gc.disable()  # as config/migrate.py
        call_command("migrate", verbosity=0)
        gc.enable()
        cursor.execute("RESET ROLE")


def copy(name: str) -> None:
    """The same, from the installation's own on a server that holds one."""
    run(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
    connection.settings_dict["NAME"] = name


def drop(name: str) -> None:
    run(f"DROP DATABASE {name} WITH (FORCE)")


def run(sql: str) -> None:
    """Outside every database of ours."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


EMPTY = """
DO $$ DECLARE place regclass; BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  PERFORM set_config('session_replication_role', 'replica', true); -- the log refuses it otherwise
  FOR place IN SELECT oid FROM pg_class WHERE relkind = 'r'
      AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
      AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission') LOOP
    EXECUTE format('DELETE FROM %s', place);
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""


def empty(_: object = None) -> None:
    """Take away what a test committed, as if it never ran: a tenth of the cost of truncating."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened; seen by our code as the outermost transaction."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    with atomic:
        yield
        transaction.set_rollback(True)


@contextmanager
def working_role() -> Iterator[None]:
    """Do what follows with the rights of the web and the worker, out of sight of SQL counts."""
    raw = connection.connection
    if raw is None:  # no database in this test, or a thread's first statement
        yield
        return
    raw.execute(f"SET ROLE {APP}")
    try:
        yield
    finally:
        with suppress(psycopg.Error):  # a failed transaction: its rollback gives the role back
            raw.execute("RESET ROLE")


def connect(role: str) -> psycopg.Connection[Any]:
    """A connection of its own to the suite's database, logged in as `role`."""
    found = connection.get_connection_params()
    words = {k: found[k] for k in ("dbname", "host", "port", "password") if found.get(k)}
    return psycopg.connect(**words, user=role, autocommit=True)
