"""Assessments and scales put into words for a page, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardkase.assessment import queries, rules
from vardkase.assessment.ground import AXES, Ground
from vardkase.assessment.models import Assessment
from vardkase.events.models import Event
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.web.report.shown import who
from vardkase.web.words import local

ASPECTS = {
    "confidentiality": _("confidentiality"),
    "integrity": _("integrity"),
    "availability": _("availability"),
    "traceability": _("traceability"),
    "authenticity": _("authenticity"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix; `value` is both ordinals, "43"."""

    value: str
    priority: int
    urgency: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    impact: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The priority matrix with each scale's own words, worst first."""

    urgencies: list[str]
    lines: list[Line]


def short(level: dict[str, Any]) -> str:
    """A level by its first word: "Betydande" of "Betydande/allvarlig"."""
    return local(level).partition("/")[0]


def matrix(ground: Ground, chosen: str = "") -> Matrix:
    urgencies = ground.levels("urgency")
    lines = [
        Line(short(impact), [cell(ground, impact, urgency, chosen) for urgency in urgencies])
        for impact in ground.levels("impact")
    ]
    return Matrix([short(level) for level in urgencies], lines)


def cell(ground: Ground, impact: dict[str, Any], urgency: dict[str, Any], chosen: str) -> Cell:
    value = f"{impact['ordinal']}{urgency['ordinal']}"
    priority = ground.cell(impact["ordinal"], urgency["ordinal"])
    return Cell(value, priority, short(urgency), value == chosen)


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    criteria: list[tuple[str, str, bool]]  # code, words, ticked


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale with every criterion as an answer of its own."""

    code: str
    levels: list[Level]

    @property
    def ticked(self) -> bool:
        return any(on for level in self.levels for _, _, on in level.criteria)


def axes(ground: Ground, ticked: Iterable[str] = ()) -> list[Axis]:
    held = set(ticked)
    return [
        Axis(
            axis,
            [
                Level(
                    local(level),
                    [(row["code"], local(row), row["code"] in held) for row in level["criteria"]],
                )
                for level in ground.levels(axis)
            ],
        )
        for axis in AXES
    ]


@dataclass(frozen=True, slots=True)
class Judged:
    """One assessment as a page tells it."""

    made: Assessment
    by: str
    impact: str
    urgency: str
    category: str
    rules: list[str]
    criteria: list[str]
    effects: list[tuple[str, str]]
    matrix: Matrix | None
    since: str  # the latest day on which a scale or rule that it used began


def history(case: Event) -> list[Judged]:
    """Every assessment of the case, newest first: for `assessment/_history.html`."""
    made = queries.history(case)
    known = names(row.by for row in made)
    return [judged(row, known) for row in made]


def judged(made: Assessment, known: dict[str, str]) -> Judged:
    ground = Ground.of(made.policy)
    weighed = made.impact is not None and made.urgency is not None
    criteria = ground.criteria()
    return Judged(
        made,
        who(made.by, known),
        level(ground, "impact", made.impact),
        level(ground, "urgency", made.urgency),
        category(ground, made.category, made.example),
        [local(rule) for rule in made.rules],
        [local({"sv": criteria[c].sv, "en": criteria[c].en}) for c in made.criteria],
        [
            (str(ASPECTS[aspect]).capitalize(), str(Assessment.Effect(effect).label))
            for aspect, effect in made.effects.items()
        ],
        matrix(ground, f"{made.impact}{made.urgency}") if weighed else None,
        max(made.policy.values()),
    )


def level(ground: Ground, axis: str, ordinal: int | None) -> str:
    return local(ground.level(axis, ordinal)) if ordinal is not None else ""


def category(ground: Ground, code: str, example: str = "") -> str:
    """ "Skadlig kod: Ransomware"."""
    row = next((row for row in ground.categories.value if row["code"] == code), None)
    if row is None:
        return code
    words = [local(one) for one in row["examples"] if one["code"] == example]
    return ": ".join([local(row), *words])


def proposal(case: Event, ground: Ground) -> str:
    """What incidents that belong together propose, or nothing."""
    row = rules.proposed(queries.facts(case, ground), ground)
    return local(row) if row else ""


def asset_levels(ground: Ground, asset: object) -> list[tuple[str, str]]:
    """The demands of an asset's classification in words: ("Riktighet", "3 Allvarlig")."""
    return [
        (local(aspect), f"{number} {local(aspect['levels'][number])}")
        for code, aspect in ground.classes.value.items()
        if (number := getattr(asset, code)) is not None
    ]


def patience(at: datetime) -> list[int]:
    """Minutes that an event may wait, by its suggested priority from 1."""
    found: list[int] = parameter("priority.patience").at(at).value
    return found
