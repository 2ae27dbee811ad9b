"""An instance is its data folder: database, keys, files and the organisation's own policy."""

import contextlib
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections

from vardkase.lib.console import gettext as _
from vardkase.lib.console import language
from vardkase.lib.trouble import Trouble
from vardkase.policy.check import check, faults

from .address import database
from .database import Urls, running
from .processes import alive, die_with_parent

PACKAGE = Path(__file__).parent.parent
TABLES_VERSION = "SELECT obj_description(to_regclass('django_migrations'), 'pg_class')"
TOLD = 5  # faults of the policy named at the start
FOLDERS = ("", "keys", "files", "files/incoming", "policy", "log", "run")


def lay(data: Path) -> None:
    """Make what a data folder holds; what is there stays."""
    try:
        for name in FOLDERS:
            (data / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        make_secret(data / "keys" / "secret_key")
    except OSError as error:
        raise Trouble(
            _("The data folder %(folder)s cannot be used: %(why)s.")
            % {"folder": data, "why": error.strerror},
            fix=_("give another with --data DIR, or make this one yours: %(command)s")
            % {"command": f"sudo chown -R $(id -un) {data}"},
        ) from None


def make_secret(path: Path) -> None:
    """A new secret, whole or not at all, readable by its owner only."""
    if path.exists():
        return
    half = path.with_suffix(f".{os.getpid()}")
    half.touch(mode=0o600)
    half.write_text(secrets.token_urlsafe(64))
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(half)  # the first of two that start at once wins
    half.unlink()


def exists(data: Path) -> bool:
    return (data / "keys" / "secret_key").exists()


def place(data: Path) -> dict[str, str]:
    """What the settings read about the folder, in the environment's words."""
    found = {"VARDKASE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "vardkase.config.settings"}
    found["VARDKASE_POLICY"] = os.environ.get("VARDKASE_POLICY") or str(data / "policy")
    if exists(data) and not {"SECRET_KEY", "SECRET_KEY_FILE"} & set(os.environ):
        found["SECRET_KEY_FILE"] = str(data / "keys" / "secret_key")
    return found


def refuse_faulty_policy(data: Path) -> None:
    """The organisation's own files are looked through before anybody works by them."""
    folder = Path(place(data)["VARDKASE_POLICY"])
    if not folder.is_dir():
        return
    found = faults(check(folder))
    told = [f"{f.file}:{f.line}: {f.sv if language() == 'sv' else f.en}" for f in found[:TOLD]]
    if more := len(found) - len(told):
        told.append(_("and %(count)s more") % {"count": more})
    if found:
        sentence = _("The organisation's own policy cannot be used.")
        raise Trouble("\n  ".join([sentence, *told]), fix=f"vardkase --data {data} policy check")


def environment(data: Path, urls: Urls) -> dict[str, str]:
    """The same with the database, for a process that works as the role that owns nothing."""
    return place(data) | {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}


def set_up_django(data: Path) -> None:
    """Load the rooms for a command in this process; the database comes when it is opened."""
    os.environ.update(place(data))
    django.setup()


@contextlib.contextmanager
def opened(data: Path) -> Iterator[Urls]:
    """The instance's database, for Django too, whether the instance is running or not."""
    if not exists(data):
        told = _("There is no instance in %(folder)s.") % {"folder": data}
        raise Trouble(told, fix=f"vardkase --data {data} start")
    with running(data) as urls:
        if not running_instance(data):
            migrate_if_needed(data, urls)
        if apps.ready:
            settings.DATABASES["default"].update(database(urls.app))
        try:
            yield urls
        finally:
            connections.close_all()


def is_founded(urls: Urls) -> bool:
    """Asked in SQL, since Django costs a start half a second that only the first one needs."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        return connection.execute("SELECT FROM organisation_organisation").fetchone() is not None


def migrate_if_needed(data: Path, urls: Urls) -> bool:
    """Bring the tables up to this version; whether anything was done."""
    if tables_are_at(migrations_hash(), urls):
        return False
    migrate(data, urls)
    return True


def tables_are_at(version: str, urls: Urls) -> bool:
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        row = connection.execute(TABLES_VERSION).fetchone()
    return row is not None and row[0] == version


def migrate(data: Path, urls: Urls) -> None:
    """As the owner, in a process of its own, which ends with its memory and its rights."""
    as_owner = environment(data, urls) | {"DATABASE_URL": urls.owner}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "vardkase.config.migrate"],
        env=os.environ | as_owner,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
        check=False,
    )
    if done.returncode:
        raise Trouble(
            _("The tables could not be brought up to this version; they are as they were."),
            fix=_("read the error above; the earlier version of the program still works on them"),
        )


def migrations_hash() -> str:
    """One value for all migrations of the product and the versions of what it stands on."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.glob("*/migrations/*.py")):
        digest.update(str(file.relative_to(PACKAGE)).encode() + file.read_bytes())
    packages = {found.name for path in sys.path for found in Path(path).glob("*.dist-info")}
    digest.update("\n".join(sorted(packages)).encode())
    return digest.hexdigest()


def info_file(data: Path) -> Path:
    return data / "run" / "instance.json"


def running_instance(data: Path) -> dict[str, Any] | None:
    """Process and address of the instance that runs on this folder, if one does."""
    try:
        found: dict[str, Any] = json.loads(info_file(data).read_text())
    except (OSError, ValueError):
        return None
    return found if alive(found["process"]) else None
