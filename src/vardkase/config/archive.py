"""A backup file: a tar with a manifest at its end, which names every part and its hash."""

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1024 * 1024


def for_its_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


class Writer:
    """Adds parts to a new backup; what it saw is what the manifest says."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.parts: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: Path) -> None:
        """One file, as long as it was when its reading began."""
        with source.open("rb") as file:
            entry = tarfile.TarInfo(name)
            entry.size = os.fstat(file.fileno()).st_size
            entry.mtime = int(source.stat().st_mtime)
            entry.mode = 0o600
            hashed = Hashed(file)
            self.tar.addfile(entry, hashed)
        self.parts[name] = {"size": entry.size, "sha256": hashed.digest.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> None:
        manifest = {"format": FORMAT, **facts, "parts": self.parts}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self.tar.addfile(entry, io.BytesIO(text))


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def other_backup() -> str:
    return _("take another backup, and keep this one for whoever looks into it")


@contextlib.contextmanager
def new(path: Path) -> Iterator[Writer]:
    """A backup that gets its name only when it is whole and on disk, readable by its owner only."""
    if path.exists():
        raise Trouble(_("%(path)s is there already.") % {"path": path}, fix=_("name a new file"))
    half = path.with_name(f".{path.name}.half")
    try:
        with open(half, "wb", opener=for_its_owner) as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except OSError as error:
        raise Trouble(
            _("The backup cannot be written to %(path)s: %(why)s.")
            % {"path": path, "why": error.strerror},
            fix=_("df -h %(folder)s, or name a file elsewhere") % {"folder": path.parent},
        ) from error
    finally:
        half.unlink(missing_ok=True)


def unpack(path: Path, into: Path) -> dict[str, Any]:
    """Lay out every part, and answer the manifest; raises when one part is not as it says."""
    try:
        with tarfile.open(path) as tar:
            found = {entry.name: lay(tar, entry, into) for entry in tar if entry.isreg()}
    except (OSError, tarfile.TarError) as error:
        told = _("%(path)s cannot be read as a backup: %(why)s.")
        raise Trouble(told % {"path": path, "why": error}, fix=other_backup()) from error
    if MANIFEST not in found:
        told = _("%(path)s is cut off: its manifest is missing.")
        raise Trouble(told % {"path": path}, fix=other_backup())
    manifest: dict[str, Any] = json.loads((into / MANIFEST).read_text())
    (into / MANIFEST).unlink()
    del found[MANIFEST]
    if wrong := differences(manifest, found):
        told = _("%(path)s has been changed: %(parts)s.")
        raise Trouble(told % {"path": path, "parts": ", ".join(wrong[:5])}, fix=other_backup())
    return manifest


def lay(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> dict[str, Any]:
    target = (into / entry.name).resolve()
    if not target.is_relative_to(into.resolve()):
        raise tarfile.TarError(f"{entry.name} points out of the backup")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    packed = tar.extractfile(entry)
    if packed is None:
        raise tarfile.TarError(f"{entry.name} has no content")
    with packed, open(target, "wb", opener=for_its_owner) as file:
        hashed = Hashed(packed)
        while chunk := hashed.read(CHUNK):
            file.write(chunk)
    return {"size": entry.size, "sha256": hashed.digest.hexdigest()}


def differences(manifest: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Parts that are missing, added or changed."""
    named = manifest.get("parts", {})
    return sorted(
        name for name in named.keys() | found.keys() if named.get(name) != found.get(name)
    )
