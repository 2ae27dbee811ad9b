"""Dated values of law and policy, read from TOML. Knows nothing of Django.

A value, its date, its source and the day someone checked it stand in one row. An organisation lays
its own files over ours: from the day its first version begins, its rows rule; before it, ours, so
that an old assessment can be computed again.
"""

import os
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DATA = Path(__file__).with_name("data")
INTAKE = DATA.parent.with_name("intake")  # a source of detections keeps its policy in its folder
SWEDEN = ZoneInfo("Europe/Stockholm")
STATUSES = ("verified", "unverified")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+(-[a-z0-9_]+)*)*")
_overlay: dict[str, Path] = {}


class NotInForce(LookupError):
    """The parameter has no value on that day: the rule did not exist yet, or was repealed."""


class UnknownParameter(LookupError):
    """There is no policy file of that id, neither ours nor the organisation's."""


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a parameter, with the ground it stands on."""

    id: str
    since: date
    value: Any
    source: str
    checked: date  # the last day a person compared the value with the source
    status: str  # "verified": compared with the source; "unverified": our reading, or an example


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A value with its history. Read once; what is drawn from it is remembered by it."""

    id: str
    unit: str
    sv: str
    en: str
    versions: tuple[Version, ...]  # oldest first

    def on(self, day: date) -> Version:
        """The version in force on `day`; a version without a value is a repeal."""
        current = next((v for v in reversed(self.versions) if v.since <= day), None)
        if current is None or current.value is None:
            raise NotInForce(f"{self.id} has no value on {day}")
        return current

    def at(self, moment: datetime) -> Version:
        """The version in force at `moment`. A law changes at midnight in Sweden, not in UTC."""
        return self.on(moment.astimezone(SWEDEN).date())


def _version(id: str, row: dict[str, Any]) -> Version:
    if row["status"] not in STATUSES:
        raise ValueError(f"{id}: status is one of {', '.join(STATUSES)}")
    return Version(id, row["since"], row.get("value"), row["source"], row["checked"], row["status"])


def parse(text: str, *, name: str = "") -> Parameter:
    """Read one policy file; a missing key is a KeyError, so no value loads without a source."""
    raw = tomllib.loads(text)
    if name and raw["id"] != name:
        raise ValueError(f"{name} lies in a file that says {raw['id']}")
    versions = tuple(_version(raw["id"], row) for row in raw["version"])
    if [v.since for v in versions] != sorted({v.since for v in versions}):
        raise ValueError(f"{raw['id']}: versions must be in date order, one a day")
    return Parameter(raw["id"], raw["unit"], raw["sv"], raw["en"], versions)


def file_of(id: str, folder: Path) -> Path:
    """Where the parameter of that id lies: its dots are the folders under `folder`.

    Ours of `intake.NAME` lies beside the source's parser, so that a source is one folder.
    """
    if not _ID.fullmatch(id):
        raise UnknownParameter(id)
    if folder == DATA and id.startswith("intake."):
        return INTAKE.joinpath(*id.split(".")[1:], "policy.toml")
    return folder.joinpath(*id.split(".")).with_suffix(".toml")


def merged(ours: Parameter, theirs: Parameter) -> Parameter:
    """Their rows from their first day on, ours before it."""
    first = theirs.versions[0].since
    before = tuple(v for v in ours.versions if v.since < first)
    return replace(theirs, versions=before + theirs.versions)


def overlay(folder: Path | None) -> None:
    """Lay the organisation's own folder over ours; None goes back to VARDKASE_POLICY, if set."""
    _overlay.clear()
    if folder is not None:
        _overlay["folder"] = folder
    parameter.cache_clear()


def overlay_folder() -> Path | None:
    """The organisation's folder in use, if any."""
    named = os.environ.get("VARDKASE_POLICY")
    return _overlay.get("folder") or (Path(named) if named else None)


def _read(id: str, folder: Path | None) -> Parameter | None:
    path = file_of(id, folder) if folder else None
    if path is None or not path.is_file():
        return None
    return parse(path.read_text(encoding="utf-8"), name=id)


@cache
def parameter(id: str) -> Parameter:
    """The parameter of that id, the organisation's own rows over ours."""
    ours, theirs = _read(id, DATA), _read(id, overlay_folder())
    if ours and theirs:
        return merged(ours, theirs)
    found = theirs or ours
    if found is None:
        raise UnknownParameter(id)
    return found


def parameters() -> list[str]:
    """Every id there is, ours and the organisation's."""
    folders = [folder for folder in (DATA, overlay_folder()) if folder]
    return sorted({id_of(path, folder) for folder in folders for path in files_of(folder)})


def files_of(folder: Path) -> list[Path]:
    """Every policy file of `folder`; the sources' own belong to ours."""
    found = [*folder.rglob("*.toml")]
    return sorted(found + [*INTAKE.glob("*/policy.toml")] if folder == DATA else found)


def id_of(path: Path, folder: Path) -> str:
    """The id that a file in `folder` must carry."""
    if path.is_relative_to(INTAKE):
        return f"intake.{path.parent.name}"
    return ".".join(path.relative_to(folder).with_suffix("").parts)


def profile(kind: str) -> Parameter:
    """The starter profile of a kind of organisation (S1-29): its value is modules and units."""
    return parameter(f"profiles.{kind}")
