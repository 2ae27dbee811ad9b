"""The suite's database: tables owned by the owner's role, doors answering as the working role."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from vardkase.config.database import locked
from vardkase.config.roles import APP, OWNER, create_extensions, create_role, grant_work


def create(name: str) -> None:
    """The empty database with all tables, as an installation makes it. Needs a superuser."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    connection.close()
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
        call_command("migrate", verbosity=0)
        cursor.execute("RESET ROLE")


def drop(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty_with_triggers_asleep(self: Any, sql_list: list[str]) -> None:
    """Django's way to empty tables after a test that committed; the log refuses it otherwise."""
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql in sql_list:
            cursor.execute(sql)


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
