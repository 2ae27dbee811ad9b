"""Severity by a number: the rungs that a policy calls `>=9.0`, `>=7.0` and so on."""

from typing import Any

from vardkase.detections.alert import Severity

from .policy import Policy
from .values import number


def by_score(policy: Policy, value: Any) -> Severity:
    """The severity of the highest rung that `value` reaches; none told is the policy's own."""
    score = number(value)
    if score is None:
        return policy.otherwise
    reached = [step for step in rungs(policy) if step[0] <= score]
    return max(reached)[1] if reached else Severity.INFORMATIONAL


def rungs(policy: Policy) -> list[tuple[float, Severity]]:
    return [
        (float(word[2:]), serious)
        for word, serious in policy.severity.items()
        if word.startswith(">=")
    ]
