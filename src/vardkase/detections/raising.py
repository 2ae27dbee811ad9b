"""What an alarm leads to by itself: an event, a place in an open event, or nothing. Pure.

The rules are dated policy (`detections.raising`), tried in order; the first that fits decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """A group as the rules see it: counts are of alarms received."""

    severity: int  # 1-5
    count: int
    last_hours: tuple[int, ...]  # each hour's count, this hour first
    essential: bool  # the asset it was matched to is essential to society
    known_before: bool  # the rules have looked at this group before

    def within(self, hours: int) -> int:
        return sum(self.last_hours[:hours])

    @property
    def normal(self) -> float:
        """Alarms in an hour of the days before, on average; 0 when there is no such time."""
        earlier = self.last_hours[1:]
        return sum(earlier) / len(earlier) if earlier else 0.0


def fitting(rules: list[Mapping[str, Any]], look: Look) -> Mapping[str, Any] | None:
    """The first of `rules` that fits."""
    return next((rule for rule in rules if fits(rule, look)), None)


def fits(rule: Mapping[str, Any], look: Look) -> bool:
    """Whether every condition that the rule names holds."""
    if look.severity < rule["severity"]:
        return False
    if rule.get("essential") and not look.essential:
        return False
    if rule.get("first") and look.known_before:
        return False
    if look.within(rule.get("hours", 1)) < rule.get("count", 0):
        return False
    above = rule.get("above_normal")
    return not above or (look.normal > 0 and look.within(1) >= above * look.normal)


def worse(was: tuple[int, int], now: tuple[int, int], factor: int) -> bool:
    """Whether (severity, count) has become worse than when it was judged no incident."""
    return now[0] > was[0] or now[1] >= was[1] * factor
