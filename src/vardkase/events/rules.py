"""What a report says, and what its answers suggest before anyone has judged it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vardkase.policy.parameter import Version

type Answers = dict[str, list[str]]  # question -> codes of the answers, or one free text

OPEN = frozenset({"unassessed", "waiting"})  # states before anyone has judged
UNKNOWN_PRIORITY = 3  # nothing answered: neither first nor last, since unknown is not no


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a reporter sent; only `what` is needed."""

    what: str
    kind: str = "incident"
    source: str = "user"
    answers: Answers = field(default_factory=dict)
    system: str = ""
    discovered_at: datetime | None = None
    happened_at: datetime | None = None
    reported_at: datetime | None = None  # earlier than now if it came by phone or on paper
    reporter_kind: str = "anonymous"
    contact: str = ""
    on_behalf_of: str = ""
    reference: str = ""
    unit: int | None = None
    once: str = ""  # the sender's own mark of this sending: sent twice, it is stored once


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the answers point to, each step with its reason; never a decision."""

    impact: int | None  # ordinal 4 (highest) to 1
    urgency: int | None
    care_harm: bool
    priority: int
    reasons: tuple[dict[str, str], ...]

    def plain(self) -> dict[str, Any]:
        return {
            "impact": self.impact,
            "urgency": self.urgency,
            "care_harm": self.care_harm,
            "priority": self.priority,
            "reasons": list(self.reasons),
        }


def suggest(
    answers: Answers, *, table: Version, matrix: Version, care_raise: Version
) -> Suggestion:
    """The worst impact and urgency that any matching row of `table` names, 4 highest to 1.

    `matrix` has its rows by impact and its columns by urgency, both from worst to least.
    """
    rows = [row for row in table.value if matches(row["when"], answers)]
    impact = max((row["impact"] for row in rows if "impact" in row), default=None)
    urgency = max((row["urgency"] for row in rows if "urgency" in row), default=None)
    care_harm = any(row.get("care_harm", False) for row in rows)
    priority = UNKNOWN_PRIORITY
    if impact or urgency:
        priority = matrix.value[4 - (impact or 2)][4 - (urgency or 2)]
    if care_harm:
        priority = max(1, priority - care_raise.value)
    reasons = tuple({"sv": row["sv"], "en": row["en"]} for row in rows)
    return Suggestion(impact, urgency, care_harm, priority, reasons)


def matches(when: dict[str, list[str]], answers: Answers) -> bool:
    """Whether every question of `when` was answered with one of its answers."""
    return all(set(answers.get(question, [])) & set(codes) for question, codes in when.items())


def changed(known: Answers, given: Answers) -> Answers:
    """What of `given` is not as `known` already; an answer left empty changes nothing."""
    return {
        question: answers
        for question, answers in given.items()
        if answers and answers != known.get(question)
    }
