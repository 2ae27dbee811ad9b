"""Where regimes lie: one file each in `regimes/`, ours and the organisation's over it.

A regime is a policy file as any other (parameter.py). A version that says `amends` takes what it
does not say from the version before it; an organisation's file may amend ours so. A file is read
again when it has changed, so that a regime put into the folder works at once; one with a fault is
not used.
"""

import os
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from vardkase.policy.check import check, faults
from vardkase.policy.facts import Catalogue, Fact, catalogue_of
from vardkase.policy.lint.page import Finding
from vardkase.policy.parameter import (
    DATA,
    SWEDEN,
    Parameter,
    UnknownParameter,
    file_of,
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
    found = {stamp[0].stem for stamp in in_use()}
    return sorted(found - {"facts"})


def in_use() -> tuple[Stamp, ...]:
    """The files of rules as they are now: something else when one was put there, or has changed."""
    return (*_ours(), *_sound())


def parameter_of(id: str) -> Parameter:
    """The regime's file as dated policy, the organisation's rows over ours."""
    file_of(f"{FOLDER}.{id}", DATA)  # refuses what is no id
    found = [stamp for stamp in in_use() if stamp[0].stem == id]
    if not found or id == "facts":
        raise UnknownParameter(id)
    return _laid(tuple(found))


def over_ours(found: Parameter) -> Parameter:
    """A file that does not lie in its folder yet, as it would be there: it may amend ours."""
    path = file_of(found.id, DATA)
    return merged(parse(path.read_text(encoding="utf-8")), found) if path.is_file() else found


def regime(id: str, at: datetime) -> Regime:
    """The version in force at `at`, which is when the incident became known."""
    return on(parameter_of(id), at.astimezone(SWEDEN).date())


def catalogue() -> Catalogue:
    """Every fact that regimes ask about, those of the organisation's own regimes included."""
    return _catalogue(in_use())


def faulty() -> list[Finding]:
    """Why files of the organisation's are not used; ours stand in for them meanwhile."""
    folder = overlay_folder()
    return list(_faults(folder, _stamps(folder))) if folder else []


@cache
def _ours() -> tuple[Stamp, ...]:
    """Ours change with the program, which is started anew then."""
    return _stamps(DATA)


def _stamps(folder: Path | None) -> tuple[Stamp, ...]:
    """The catalogue and the regimes of a folder, as they are now."""
    if folder is None:
        return ()
    paths, found = [folder / "facts.toml"], []
    with suppress(OSError), os.scandir(folder / FOLDER) as files:
        paths += [Path(file.path) for file in files if file.name.endswith(".toml")]
    for path in paths:
        with suppress(OSError):  # none, or gone since we looked
            stat = path.stat()
            found.append((path, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def _sound() -> tuple[Stamp, ...]:
    """The organisation's own, without those that have a fault, as one that is half written."""
    stamps = _stamps(overlay_folder())
    bad = {finding.file for finding in faulty()} if stamps else set()
    return tuple(stamp for stamp in stamps if stamp[0] not in bad)


@lru_cache(maxsize=4)
def _faults(folder: Path, stamps: tuple[Stamp, ...]) -> tuple[Finding, ...]:
    return tuple(faults(check(folder)))


@lru_cache(maxsize=128)
def _parsed(stamp: Stamp) -> Parameter:
    return parse(stamp[0].read_text(encoding="utf-8"))


@lru_cache(maxsize=128)
def _laid(stamps: tuple[Stamp, ...]) -> Parameter:
    ours, *theirs = map(_parsed, stamps)
    return merged(ours, theirs[0]) if theirs else ours


@lru_cache(maxsize=4)
def _catalogue(stamps: tuple[Stamp, ...]) -> Catalogue:
    found: dict[str, Fact] = {}
    for stamp in sorted(stamps, key=lambda stamp: stamp[0].name != "facts.toml"):
        found |= own_facts(_parsed(stamp))
    return found


@lru_cache(maxsize=256)
def own_facts(found: Parameter) -> dict[str, Fact]:
    """The facts that the file itself brings: all of the catalogue's, a few of a regime's."""
    rows: list[dict[str, Any]] = []
    for version in found.versions:
        value = version.value or {}
        rows += value if isinstance(value, list) else value.get("facts", [])
    return catalogue_of(rows)


@lru_cache(maxsize=128)
def repeated(found: Parameter) -> frozenset[str]:
    """The steps that may be sent anew, and of which the latest counts."""
    rows = [row for each in found.versions for row in (each.value or {}).get("steps", [])]
    return frozenset(row["id"] for row in rows if row.get("repeats"))


def on(found: Parameter, day: date) -> Regime:
    """The regime as its file says for `day`."""
    found.on(day)
    return _edition(found, sum(version.since <= day for version in found.versions))


@lru_cache(maxsize=256)
def _edition(found: Parameter, versions: int) -> Regime:
    """By the first of its `versions`."""
    last = found.versions[versions - 1]
    return edition(short(found.id), found, value_on(found, last.since), last.status)


def value_on(found: Parameter, day: date) -> dict[str, Any]:
    """The value in force, with what it amends."""
    found.on(day)
    value: dict[str, Any] = {}
    for version in found.versions:
        if version.since <= day:
            said = version.value or {}
            value = {**value, **said} if said.get("amends") else said
    return value


def short(id: str) -> str:
    """The name people use: without the folder."""
    return id.removeprefix(f"{FOLDER}.")
