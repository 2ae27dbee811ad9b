"""Where regimes lie: one file each in `regimes/`, ours and the organisation's over it.

A regime is a policy file as any other (parameter.py). A version that says `amends` takes what it
does not say from the version before it; an organisation's file may amend ours so. A file is read
again when it has changed, so that a regime put into the folder works at once.
"""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from vardkase.policy.facts import Catalogue, catalogue_of
from vardkase.policy.parameter import (
    DATA,
    SWEDEN,
    Parameter,
    UnknownParameter,
    file_of,
    id_of,
    merged,
    overlay_folder,
    parse,
)
from vardkase.policy.regime import Regime
from vardkase.policy.regime_rows import edition

FOLDER = "regimes"
Stamp = tuple[Path, int, int]  # a file, when it was written, and its size


def regimes() -> list[str]:
    """The ids of all regimes, ours and the organisation's."""
    folders = [f / FOLDER for f in (DATA, overlay_folder()) if f]
    return sorted({id_of(path, folder) for folder in folders for path in folder.glob("*.toml")})


def parameter_of(id: str) -> Parameter:
    """The regime's file as dated policy, the organisation's rows over ours."""
    return _laid(_stamp(id, DATA), _stamp(id, overlay_folder()), id)


def regime(id: str, at: datetime) -> Regime:
    """The version in force at `at`, which is when the incident became known."""
    return on(parameter_of(id), at.astimezone(SWEDEN).date())


def catalogue() -> Catalogue:
    """Every fact that regimes ask about, those of the organisation's own regimes included."""
    stamps = [_stamp("facts", folder, inside="") for folder in (DATA, overlay_folder())]
    known: dict[str, Any] = dict(_catalogue(stamps[0], stamps[1]))
    for id in regimes():
        for version in parameter_of(id).versions:
            known |= catalogue_of((version.value or {}).get("facts", []))
    return known


def on(found: Parameter, day: date) -> Regime:
    """The regime as its file says for `day`."""
    value = value_on(found, day)
    version = found.on(day)
    return edition(short(found.id), found, value, version.status)


def value_on(found: Parameter, day: date) -> dict[str, Any]:
    """The value in force, with what it amends."""
    found.on(day)
    value: dict[str, Any] = {}
    for version in found.versions:
        if version.since <= day:
            said = version.value or {}
            value = {**value, **said} if said.get("amends") else said
    return value


def parse_file(path: Path) -> Parameter:
    """A regime from a file anywhere."""
    return parse(path.read_text(encoding="utf-8"))


def _stamp(id: str, folder: Path | None, *, inside: str = FOLDER + ".") -> Stamp | None:
    path = file_of(inside + id, folder) if folder else None
    if path is None or not path.is_file():
        return None
    found = path.stat()
    return path, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=128)
def _laid(ours: Stamp | None, theirs: Stamp | None, id: str) -> Parameter:
    found = [parse(stamp[0].read_text(encoding="utf-8")) for stamp in (ours, theirs) if stamp]
    if not found:
        raise UnknownParameter(id)
    return merged(found[0], found[1]) if len(found) == 2 else found[0]


@lru_cache(maxsize=8)
def _catalogue(ours: Stamp | None, theirs: Stamp | None) -> Catalogue:
    found: dict[str, Any] = {}
    for stamp in (ours, theirs):
        if stamp:
            read = parse(stamp[0].read_text(encoding="utf-8"))
            found |= catalogue_of(read.versions[-1].value)
    return found


def short(id: str) -> str:
    """The name people use: without the folder."""
    return id.removeprefix(f"{FOLDER}.")
