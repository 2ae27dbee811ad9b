"""Files from outside, kept by the hash of their bytes. A name is never a path.

A file grows in `incoming/`; only when it is whole and on disk does it get its place under its
hash, so that no crash leaves half a file there. It is never opened, unpacked or run by us.
"""

import contextlib
import hashlib
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from .text import is_hidden

SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024
NAME = 300  # characters of a file's name that are kept


class Missing(OSError):
    """The file is not in the store."""


class Altered(OSError):
    """The bytes in the store are not those that were put there."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in whole, and lies under `path` until it is kept or forgotten."""

    path: Path
    name: str
    size: int
    sha256: str


def new_path(store: Path) -> Path:
    """Where the next file may grow."""
    folder = store / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def place(store: Path, sha256: str) -> Path:
    """Where the file with that hash lies."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return store / sha256[:2] / sha256


def keep(received: Received, store: Path) -> None:
    """Give the file its place; the same bytes are kept once. Done when this returns, or never."""
    target = place(store, received.sha256)
    if target.exists() and target.stat().st_size == received.size:
        received.path.unlink(missing_ok=True)
        return
    with received.path.open("rb") as file:
        os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    received.path.chmod(0o440)
    received.path.replace(target)
    for folder in (target.parent, store):
        fsync(folder)


def fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget(received: Received) -> None:
    with contextlib.suppress(OSError):
        received.path.unlink(missing_ok=True)


def checked(store: Path, sha256: str) -> Path:
    """The path of a file whose bytes are still those of its hash.

    Raises `Missing` and `Altered`.
    """
    path, digest = place(store, sha256), hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise Missing(sha256) from error
    if digest.hexdigest() != sha256:
        raise Altered(sha256)
    return path


def safe_name(name: str) -> str:
    """`name` as a download may carry it: no folders, no control or bidi characters, not empty."""
    bare = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in bare if not is_hidden(c) and unicodedata.category(c)[0] != "C")
    return shown.strip(" .")[:150] or "file"
