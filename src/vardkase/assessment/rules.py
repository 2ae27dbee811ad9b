"""What an assessment amounts to. Pure: same judgement, facts and policy give the same answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .ground import AXES, Criterion, Ground

ASPECTS = ("confidentiality", "integrity", "availability", "traceability", "authenticity")
EFFECTS = ("none", "suspected", "confirmed")
NOT_UPHELD = frozenset({"suspected", "confirmed"})
OUTCOMES = ("confirmed_incident", "possible_incident", "not_incident")
NOT_INCIDENT = "not_incident"
CARE_HARM = "care_harm"
LOWEST = 1  # ordinal of the level whose care-harm criterion says that there is no risk
PRIORITIES = range(1, 6)

type Rule = dict[str, str]  # code, sv, en


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the assessor found; nothing here is computed."""

    outcome: str
    impact: int | None = None  # ordinal 4 (highest) to 1
    urgency: int | None = None
    care_harm: bool = False
    category: str = ""
    example: str = ""
    effects: Mapping[str, str] = field(default_factory=dict)  # aspect -> none, suspected, confirmed
    criteria: tuple[str, ...] = ()  # codes of the criteria that hold
    reason: str = ""
    override: int | None = None  # priority set by hand
    override_reason: str = ""

    @property
    def is_incident(self) -> bool:
        return self.outcome != NOT_INCIDENT


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of the case.

    `classes` is the highest level, 0 to 4, that an affected asset demands, by aspect; `linked`
    how many incidents belong together within the window of `priority.cumulative`, itself included.
    """

    classes: Mapping[str, int] = field(default_factory=dict)
    linked: int = 1


@dataclass(frozen=True, slots=True)
class Priority:
    """The priority, 1 (highest) to 5, and how it came about."""

    value: int
    base: int  # what the matrix alone says
    care_harm: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a judgement cannot stand: at which field, and which sentence says it."""

    field: str
    code: str
    criterion: Criterion | None = None


def weigh(judgement: Judgement, facts: Facts, ground: Ground) -> Priority | None:
    """The priority that follows; None if impact or urgency is not judged.

    The matrix gives the base (Region Skåne, dnr 1700202, s. 17); care harm raises it by the steps
    of policy whatever the impact (s. 18); a classification that cannot be upheld gives a floor
    (s. 14-15); what the assessor sets by hand goes last.
    """
    if judgement.impact is None or judgement.urgency is None:
        return None
    base = ground.cell(judgement.impact, judgement.urgency)
    care_harm = risks_care_harm(judgement, ground)
    fired = [by_matrix(judgement.impact, judgement.urgency, base, ground)]
    value = base
    if care_harm:
        value = max(1, base - ground.care_raise.value)
        fired.append(say(ground, CARE_HARM, before=base, after=value))
    fired += proposal(judgement.impact, facts, ground)
    for aspect, level, worst in floors(judgement, facts, ground):
        if worst < value:
            fired.append(by_class(aspect, level, value, worst, ground))
            value = worst
    if judgement.override is not None and judgement.override != value:
        fired.append(say(ground, "override", before=value, after=judgement.override))
        value = judgement.override
    return Priority(value, base, care_harm, tuple(fired))


def risks_care_harm(judgement: Judgement, ground: Ground) -> bool:
    """Whether the assessor said so, or ticked a criterion that does."""
    known = ground.criteria()
    return judgement.care_harm or any(
        known[code].about == CARE_HARM and known[code].ordinal > LOWEST
        for code in judgement.criteria
        if code in known
    )


def floors(judgement: Judgement, facts: Facts, ground: Ground) -> Iterator[tuple[str, int, int]]:
    """Aspect, level and worst allowed priority, for each aspect that cannot be upheld."""
    for aspect, by_level in ground.floor.value.items():
        if judgement.effects.get(aspect) in NOT_UPHELD and aspect in facts.classes:
            level = facts.classes[aspect]
            yield aspect, level, by_level[level]


def proposed(facts: Facts, ground: Ground) -> dict[str, Any] | None:
    """The row of `priority.cumulative` whose number of linked incidents is reached, or None."""
    rows: list[dict[str, Any]] = ground.cumulative.value["proposes"]
    reached = [row for row in rows if facts.linked >= row["incidents"]]
    return max(reached, key=lambda row: int(row["incidents"]), default=None)


def proposal(impact: int, facts: Facts, ground: Ground) -> list[Rule]:
    """What several incidents at once propose (s. 15-16), if it is more than was judged.

    It changes nothing by itself: whether the impact adds up is for the assessor to say.
    """
    row = proposed(facts, ground)
    if row is None:
        return []
    level = next(level for level in ground.levels("impact") if level["code"] == row["impact"])
    if level["ordinal"] <= impact:
        return []
    return [say(ground, "cumulative", words=row, impact=level)]


def by_matrix(impact: int, urgency: int, base: int, ground: Ground) -> Rule:
    words = {"impact": ground.level("impact", impact), "urgency": ground.level("urgency", urgency)}
    return say(ground, "matrix", after=base, **words)


def by_class(aspect: str, level: int, before: int, after: int, ground: Ground) -> Rule:
    words = ground.classes.value[aspect]
    return say(ground, "classification", aspect=words, level=level, before=before, after=after)


def say(ground: Ground, code: str, **names: Any) -> Rule:
    """The rule `code` in both languages; a name that is a row of policy is put in its own words."""

    def words(language: str) -> str:
        put = {k: v[language] if isinstance(v, dict) else v for k, v in names.items()}
        sentence: str = ground.words.value[code][language]
        for name, value in put.items():
            sentence = sentence.replace("{" + name + "}", str(value))
        return sentence

    return {"code": code, "sv": words("sv"), "en": words("en")}


def faults(judgement: Judgement, ground: Ground) -> list[Fault]:
    """Everything that keeps `judgement` from being an assessment, at its field."""
    return [
        *missing(judgement),
        *out_of_range(judgement, ground),
        *unknown(judgement, ground),
        *below(judgement, ground),
    ]


def missing(judgement: Judgement) -> Iterator[Fault]:
    if not judgement.reason.strip():
        yield Fault("reason", "give_reason")
    if judgement.override is not None and not judgement.override_reason.strip():
        yield Fault("override_reason", "give_override_reason")
    if judgement.is_incident:
        for axis in AXES:
            if getattr(judgement, axis) is None:
                yield Fault(axis, "choose_cell")


def out_of_range(judgement: Judgement, ground: Ground) -> Iterator[Fault]:
    for axis in AXES:
        ordinal = getattr(judgement, axis)
        if ordinal is not None and ordinal not in {row["ordinal"] for row in ground.levels(axis)}:
            yield Fault(axis, "choose_cell")
    if judgement.override is not None and judgement.override not in PRIORITIES:
        yield Fault("override", "choose_priority")


def unknown(judgement: Judgement, ground: Ground) -> Iterator[Fault]:
    """Codes that policy does not know."""
    known = {row["code"]: row for row in ground.categories.value}
    if judgement.outcome not in OUTCOMES:
        yield Fault("outcome", "choose_outcome")
    if judgement.category and judgement.category not in known:
        yield Fault("category", "choose_category")
    examples = {row["code"] for row in known.get(judgement.category, {}).get("examples", [])}
    if judgement.example and judgement.example not in examples:
        yield Fault("example", "choose_category")
    if not set(judgement.effects) <= set(ASPECTS) or not set(judgement.effects.values()) <= set(
        EFFECTS
    ):
        yield Fault("effects", "choose_effect")
    if not set(judgement.criteria) <= set(ground.criteria()):
        yield Fault("criteria", "choose_criterion")


def below(judgement: Judgement, ground: Ground) -> Iterator[Fault]:
    """The highest criterion wins: a level below one that holds must be overridden by hand."""
    if judgement.override is not None:
        return
    known = ground.criteria()
    held = [known[code] for code in judgement.criteria if code in known]
    for axis in AXES:
        judged = getattr(judgement, axis)
        worst = max((c for c in held if c.axis == axis), key=lambda c: c.ordinal, default=None)
        if judged is not None and worst is not None and worst.ordinal > judged:
            yield Fault(axis, "below_criterion", worst)
