"""The policy an assessment stands on: chosen by its moment, found again by its dates. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from vardkase.policy.parameter import NotInForce, Version, parameter

IDS = {
    "matrix": "priority.matrix",
    "care_raise": "priority.care_harm_raise",
    "floor": "priority.classification_floor",
    "cumulative": "priority.cumulative",
    "impact": "scales.impact",
    "urgency": "scales.urgency",
    "categories": "categories",
    "classes": "klassa",
    "words": "priority.words",
}
AXES = ("impact", "urgency")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One sentence of a scale that can hold or not, and the level that it belongs to."""

    code: str
    axis: str  # impact or urgency
    about: str
    ordinal: int  # of its level, 4 highest to 1
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The versions of every scale and rule that an assessment uses."""

    matrix: Version
    care_raise: Version
    floor: Version
    cumulative: Version
    impact: Version
    urgency: Version
    categories: Version
    classes: Version
    words: Version

    @classmethod
    def at(cls, moment: datetime) -> Self:
        """What is in force at `moment`."""
        return cls(**{name: parameter(id).at(moment) for name, id in IDS.items()})

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Self:
        """The very versions that `plain` named; raises `NotInForce` if one is gone."""
        return cls(**{name: exactly(id, stored[id]) for name, id in IDS.items()})

    def versions(self) -> Iterator[Version]:
        return (getattr(self, name) for name in IDS)

    def plain(self) -> dict[str, str]:
        """Id -> first day of the version: what an assessment keeps."""
        return {version.id: version.since.isoformat() for version in self.versions()}

    def levels(self, axis: str) -> list[dict[str, Any]]:
        """The levels of `axis`, worst first."""
        found: list[dict[str, Any]] = getattr(self, axis).value
        return found

    def level(self, axis: str, ordinal: int) -> dict[str, Any]:
        return next(row for row in self.levels(axis) if row["ordinal"] == ordinal)

    def criteria(self) -> dict[str, Criterion]:
        """Every criterion of both scales, by its code."""
        return {
            row["code"]: Criterion(
                row["code"], axis, row["about"], level["ordinal"], row["sv"], row["en"]
            )
            for axis in AXES
            for level in self.levels(axis)
            for row in level["criteria"]
        }

    def cell(self, impact: int, urgency: int) -> int:
        """The matrix at these ordinals; its rows and columns stand worst first."""
        rows: list[list[int]] = self.matrix.value
        return rows[len(rows) - impact][len(rows[0]) - urgency]


def exactly(id: str, since: str) -> Version:
    """The version of `id` that began on the day `since`."""
    day = date.fromisoformat(since)
    found = parameter(id).on(day)
    if found.since != day:
        raise NotInForce(f"{id} has no version of {day} any more")
    return found
