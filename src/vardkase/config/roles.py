"""Who may do what in the database: one role owns and migrates, another works and owns nothing."""

from typing import LiteralString

import psycopg
from psycopg import sql

OWNER = "vardkase_owner"
APP = "vardkase_app"
DATABASE = "vardkase"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")

LEAVE: tuple[LiteralString, ...] = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {app}",
)


def lay_foundation(superuser: str) -> None:
    """Roles, database, extensions and default privileges of an embedded server; once."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        for role in (OWNER, APP):
            create_role(connection, role, login=True)
        if not exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            run(connection, "CREATE DATABASE {database} OWNER {owner} TEMPLATE template0")
    inside = psycopg.conninfo.make_conninfo(superuser, dbname=DATABASE)
    with psycopg.connect(inside, autocommit=True) as connection:
        run(connection, "REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        run(connection, "ALTER SCHEMA public OWNER TO {owner}")
        create_extensions(connection)
        grant_work(connection, owner=OWNER)


def create_role(connection: psycopg.Connection, role: str, *, login: bool) -> None:
    if not exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        verb = sql.SQL("LOGIN" if login else "NOLOGIN")
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), verb))


def create_extensions(connection: psycopg.Connection) -> None:
    for name in EXTENSIONS:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
        )


def grant_work(connection: psycopg.Connection, *, owner: str) -> None:
    """What the working role may do: read and write rows of the owner's tables, nothing else.

    Only for a database without our tables: later grants would undo what migrations revoke.
    """
    for statement in LEAVE:
        run(connection, statement, owner=owner, database=connection.info.dbname)


def run(
    connection: psycopg.Connection,
    statement: LiteralString,
    *,
    owner: str = OWNER,
    database: str = DATABASE,
) -> None:
    names = {"owner": owner, "app": APP, "database": database}
    known = {name: sql.Identifier(value) for name, value in names.items()}
    connection.execute(sql.SQL(statement).format(**known))


def exists(connection: psycopg.Connection, question: LiteralString, value: str) -> bool:
    return connection.execute(question, [value]).fetchone() is not None
