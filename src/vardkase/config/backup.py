"""The whole of an instance in one file, and a new instance of such a file."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

from . import archive
from .binaries import Programs, programs
from .cluster import Cluster
from .database import Urls, external_urls, keeping
from .instance import exists, lay
from .roles import APP

DUMP = "database.dump"
FOLDERS = ("keys", "policy", "files")
LAST = "last_backup.json"
LIBPQ = {"user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"} | {
    "dbname": "PGDATABASE", "options": "PGOPTIONS", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "passfile": "PGPASSFILE",
}  # fmt: skip
NOT_OURS = re.compile(
    r" (EXTENSION|SCHEMA|ACL|DEFAULT ACL|DATABASE) | COMMENT - (EXTENSION|SCHEMA) "
)
RIGHTS = """
SELECT c.relname, array_agg(r) FROM pg_class c,
  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS r
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND CASE
  WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'vardkase_app')
    THEN has_table_privilege('vardkase_app', c.oid, r)
  ELSE r IN ('SELECT', 'INSERT') OR r IN ('UPDATE', 'DELETE') AND NOT EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'only_grows') END
GROUP BY 1
"""


def backup(data: Path, urls: Urls, file: Path) -> dict[str, Any]:
    """Write `file`; the database first, so that every file it names is there when files follow."""
    began = datetime.now(UTC)
    with archive.new(file) as writer, TemporaryDirectory(dir=file.parent) as place:
        dump = Path(place) / DUMP
        run(tools(data), "pg_dump", urls.owner, "--format=custom", "--no-owner", f"--file={dump}")
        writer.add(DUMP, dump)
        for folder in FOLDERS:
            for path in sorted((data / folder).rglob("*")):
                if path.is_file() and "incoming" not in path.parts:
                    writer.add(str(path.relative_to(data)), path)
        facts = {"made_at": began.isoformat(timespec="seconds"), "rights": rights(urls)}
        writer.finish(facts)
    done = facts | {"file": str(file), "bytes": file.stat().st_size, "parts": len(writer.parts)}
    del done["rights"]
    (data / LAST).write_text(json.dumps(done))
    return done


def restore(file: Path, into: Path) -> dict[str, Any]:
    """Make a new instance of a backup; nothing is left behind if it cannot be made."""
    if into.exists() and any(into.iterdir()):
        told = _("%(path)s is not empty.") % {"path": into}
        raise Trouble(told, fix=f"vardkase restore {file} --into NEW_FOLDER")
    if not file.exists():
        told = _("There is no %(path)s.") % {"path": file}
        raise Trouble(told, fix=_("ls, then name the file that backup wrote"))
    into.parent.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(dir=into.parent, prefix=f".{into.name}."))
    try:
        manifest = archive.unpack(file, place)
        if not exists(place):
            told = _("%(path)s holds no instance.") % {"path": file}
            raise Trouble(told, fix=archive.other_backup())
        lay(place)
        with keeping(place) as server:
            fill(server.urls if server else external_urls(), place, manifest)
        (place / DUMP).unlink()
        if into.exists():
            into.rmdir()
        place.rename(into)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return manifest


def fill(urls: Urls | None, place: Path, manifest: dict[str, Any]) -> None:
    """The tables into an empty database, and from the working role what it may not do."""
    if urls is None:
        raise Trouble(_("There is no database to restore into."), fix="unset DATABASE_URL")
    found, dump = tools(place), place / DUMP
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
            fix = _("give DATABASE_URL of an empty one")
            raise Trouble(_("The database is not empty."), fix=fix)
    chosen = place / "run" / "contents"
    said = subprocess.run(  # noqa: S603
        [found["pg_restore"], "--list", dump], capture_output=True, text=True, check=True
    ).stdout
    chosen.write_text("".join(f"{x}\n" for x in said.splitlines() if not NOT_OURS.search(x)))
    options = ("--no-owner", "--no-acl", "--single-transaction", "--exit-on-error")
    where = (f"--use-list={chosen}", f"--dbname={database(urls)}")
    run(found, "pg_restore", urls.owner, *options, *where, str(dump))
    chosen.unlink()
    take_rights(urls, manifest["rights"])


def rights(urls: Urls) -> dict[str, list[str]]:
    """What the working role may do with each table."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        return dict(connection.execute(RIGHTS).fetchall())


def take_rights(urls: Urls, kept: dict[str, list[str]]) -> None:
    with psycopg.connect(urls.owner) as connection:
        for table, now in rights(urls).items():
            for right in set(now) - set(kept.get(table, now)):
                connection.execute(
                    psycopg.sql.SQL("REVOKE {} ON {} FROM {}").format(
                        psycopg.sql.SQL(right),  # one of the five above
                        psycopg.sql.Identifier(table),
                        psycopg.sql.Identifier(APP),
                    )
                )


def database(urls: Urls) -> str:
    return str(conninfo_to_dict(urls.owner)["dbname"])


def tools(data: Path) -> Programs:
    """Programs that understand the server's version: its own, or the newest."""
    return programs() if external_urls() else Cluster(data / "postgres").programs


def run(found: Programs, name: str, url: str, *options: str) -> None:
    """A PostgreSQL tool; the address goes through the environment, since others see commands."""
    given = {LIBPQ[k]: str(v) for k, v in conninfo_to_dict(url).items() if k in LIBPQ}
    done = subprocess.run(  # noqa: S603
        [found[name], *options],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = _("%(program)s failed: %(why)s") % {"program": name, "why": done.stderr.strip()}
        raise Trouble(told, fix=_("df -h, then try again"))
