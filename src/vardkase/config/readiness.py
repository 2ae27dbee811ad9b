"""What remains before production, each thing with what mends it."""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vardkase.intake.listen.refused import KEY as REFUSED
from vardkase.lib.console import noop
from vardkase.policy.check import check as check_policy

from .backup import LAST
from .binaries import OLDEST
from .database import Urls, external_urls
from .instance import is_founded, migrations_hash, tables_are_at

OLDEST_BACKUP = timedelta(hours=26)  # a nightly one, and two hours for a late night
LEAST_FREE = 0.10  # of the disk
LEAST_FREE_BYTES = 5 * 1024**3
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
PLACEHOLDER = "only-where-nothing-is-kept"

LIMITS = noop("mend the sender, or raise it in %(data)s/policy/detections/listening.toml")
TURNED_AWAY = {  # by `listen.refused`: the sentence, and what mends it
    "stranger": (
        noop("%(number)d senders came from a network that may not send, last %(address)s."),
        noop("add it to VARDKASE_LISTEN_FROM, or stop the sender"),
    ),
    "address": (
        noop("%(number)d connections were too many from one address, last %(address)s."), LIMITS,
    ),
    "connections": (
        noop("%(number)d connections were too many at the same time, last %(address)s."), LIMITS,
    ),
    "files": (
        noop("%(number)d times no more files could be opened, so nobody could connect."),
        noop("ulimit -n 65536 (systemd: LimitNOFILE=65536)"),
    ),
    "conversation": (
        noop("%(number)d connections spoke no TLS that we understand, last %(address)s."),
        noop("use the sender's TLS at the tls:// place, and an issuer it trusts"),
    ),
    "datagram": (
        noop("%(number)d UDP datagrams were lost, for they came faster than they are stored."),
        noop("send over TCP: it waits"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that remains: its name for programs, a sentence, and what mends it."""

    code: str
    sentence: str
    fix: str


def findings(data: Path, urls: Urls) -> Iterator[Finding]:
    for look in LOOKS:
        yield from look(data, urls)


def organisation(data: Path, urls: Urls) -> Iterator[Finding]:
    if not is_founded(urls):
        yield Finding(
            "not-founded", _("Nobody has set up the organisation."), "vardkase setup-link"
        )


def web(data: Path, urls: Urls) -> Iterator[Finding]:
    if not settings.HTTPS:
        sentence = _("Pages travel without encryption (HTTP).")
        fix = _("put a web server with TLS in front, then set VARDKASE_HTTPS=1")
        yield Finding("no-https", sentence, fix)
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        sentence = _("Only this machine can reach the pages: no name of its own is set.")
        yield Finding("no-host-name", sentence, "VARDKASE_HOSTS=vardkase.example.se")
    if settings.DEBUG:
        yield Finding("debug", _("Errors show their inside to anyone."), "unset VARDKASE_DEBUG")


def secrets(data: Path, urls: Urls) -> Iterator[Finding]:
    if settings.SECRET_KEY == PLACEHOLDER:
        sentence = _("The secret key is the one that everybody knows.")
        yield Finding("known-secret", sentence, "unset SECRET_KEY")
    for path in (data, data / "keys", data / "keys" / "secret_key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            sentence = _("Others on this machine can read %(path)s.") % {"path": path}
            yield Finding("readable-by-others", sentence, f"chmod go-rwx {path}")
    if os.geteuid() == 0:
        sentence = _("The web server runs as root, who may do anything on this machine.")
        fix = f"adduser --system vardkase; chown -R vardkase {data}; runuser -u vardkase ..."
        yield Finding("runs-as-root", sentence, fix)


def backups(data: Path, urls: Urls) -> Iterator[Finding]:
    fix = f"vardkase --data {data} backup /OTHER_DISK/$(date +%F).backup"
    try:
        last = json.loads((data / LAST).read_text())
        age = datetime.now(UTC) - datetime.fromisoformat(last["made_at"])
    except (OSError, ValueError, KeyError):
        yield Finding("no-backup", _("No backup has been taken."), fix)
        return
    if age > OLDEST_BACKUP:
        sentence = _("The last backup is %(hours)d hours old.") % {
            "hours": age.total_seconds() / 3600
        }
        yield Finding("old-backup", sentence, fix)


def engine(data: Path, urls: Urls) -> Iterator[Finding]:
    if external_urls() is None:
        sentence = _("The database is the built-in one, made for trying out and for small needs.")
        fix = _("apt install postgresql, make a database, set DATABASE_URL, restore a backup")
        yield Finding("built-in-database", sentence, fix)
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        if connection.info.server_version < OLDEST * 10_000:
            sentence = _("The database server is older than version %(oldest)d.") % {
                "oldest": OLDEST
            }
            yield Finding("old-database", sentence, f"apt install postgresql-{OLDEST}")
        for name in DURABLE:
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            if row and row[0] == "off":
                sentence = _("A power cut can lose what was acknowledged: %(name)s is off.")
                fix = f"ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf();"
                yield Finding(f"{name}-off", sentence % {"name": name}, fix)


def roles(data: Path, urls: Urls) -> Iterator[Finding]:
    with psycopg.connect(urls.app, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND pg_has_role(current_user, relowner, 'USAGE')"
        ).fetchone()
    if row and row[0]:
        sentence = _("The web and the worker own %(count)d tables, and could change the log.")
        fix = _(
            "let the login CREATEROLE once and restart, or set DATABASE_OWNER_URL to another login"
        )
        yield Finding("owns-tables", sentence % {"count": row[0]}, fix)


def tables(data: Path, urls: Urls) -> Iterator[Finding]:
    if not tables_are_at(migrations_hash(), urls):
        sentence = _("The tables are of another version than this program.")
        yield Finding("other-version", sentence, f"vardkase --data {data} start")


def disk(data: Path, urls: Urls) -> Iterator[Finding]:
    found = shutil.disk_usage(data)
    if found.free < min(found.total * LEAST_FREE, LEAST_FREE_BYTES):
        sentence = _("Only %(free)d MB are left on the disk of %(data)s.")
        words = {"free": found.free // 1024**2, "data": data}
        yield Finding(
            "disk-nearly-full", sentence % words, f"du -xh --max-depth=2 {data} | sort -h"
        )


def mail(data: Path, urls: Urls) -> Iterator[Finding]:
    if not settings.MAIL_HOST:
        sentence = _("No mail server is named: nobody is told by mail, and links are handed over.")
        yield Finding("no-mail", sentence, "VARDKASE_MAIL_HOST=mail.example.se")


def listeners(data: Path, urls: Urls) -> Iterator[Finding]:
    """What they refused, until it has not happened for a day."""
    found = cache.get(REFUSED)
    for why, number in found["counts"].items() if found else ():
        sentence, fix = TURNED_AWAY[why]
        words = {"number": number, "address": found["latest"].get(why) or "?", "data": data}
        yield Finding(f"intake-{why}", _(sentence) % words, _(fix) % words)


def policy(data: Path, urls: Urls) -> Iterator[Finding]:
    for found in check_policy(data / "policy"):
        sentence = found.sv if get_language() == "sv" else found.en
        place = f"{found.file}:{found.line}"
        yield Finding("policy", f"{place}: {sentence}", f"$EDITOR {place}")


LOOKS: tuple[Callable[[Path, Urls], Iterator[Finding]], ...] = (
    organisation, web, secrets, backups, engine, roles, tables, disk, mail, listeners, policy,
)  # fmt: skip
