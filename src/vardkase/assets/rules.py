"""What an asset's classification demands, by the levels of policy `klassa`. Pure."""

from datetime import datetime
from typing import Any

from vardkase.policy.parameter import parameter

ASPECTS = ("confidentiality", "integrity", "availability")
HIGHEST = 4


def levels(aspect: str, at: datetime) -> dict[int, dict[str, Any]]:
    """The levels of `aspect`, 0 lowest to 4, with their words."""
    rows: list[dict[str, Any]] = parameter("klassa").at(at).value[aspect]["levels"]
    return {row["level"]: row for row in rows}


def demand(*classes: int | None) -> int | None:
    """The highest level that any aspect demands; None if nothing is classified."""
    known = [level for level in classes if level is not None]
    return max(known) if known else None
