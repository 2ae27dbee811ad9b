"""Who should be asked about being told, and whether a text may leave. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

type Key = tuple[str, str]  # milestone, audience


@dataclass(frozen=True, slots=True)
class Prompt:
    """An audience that policy proposes to tell, since a milestone was reached.

    `row` is the policy's row: it says what to tell, in both languages.
    """

    milestone: str
    audience: str
    since: datetime
    due_at: datetime
    row: Mapping[str, Any]


def prompts(
    matrix: Iterable[Mapping[str, Any]],
    reached: Mapping[str, datetime],
    answered: Iterable[Key],
    *,
    priority: int,
    category: str,
) -> list[Prompt]:
    """What of the who-what-when matrix waits for an answer, the most urgent first.

    `hours` are elapsed hours after the milestone, 1 to 8760 (Region Skåne, dnr 1700202, s. 13
    asks for such a routine; the rows are the organisation's).
    """
    found: dict[Key, Prompt] = {}
    done = set(answered)
    for row in matrix:
        key = (row["milestone"], row["audience"])
        since = reached.get(row["milestone"])
        if since is None or key in done or not concerns(row, priority, category):
            continue
        due = since + timedelta(hours=row["hours"])
        if key not in found or due < found[key].due_at:
            found[key] = Prompt(*key, since, due, row)
    return sorted(found.values(), key=lambda one: one.due_at)


def concerns(row: Mapping[str, Any], priority: int, category: str) -> bool:
    """Whether the row speaks of incidents like this; none named means every one."""
    return priority in row.get("priorities", [priority]) and category in row.get(
        "categories", [category]
    )


def standing(*, outside: bool, approved: bool | None, sent: bool) -> str:
    """How a text stands: draft, returned, approved, ready (needs no approval) or sent.

    `approved` is the last verdict on the last version, None without one.
    """
    if sent:
        return "sent"
    if approved is None:
        return "draft" if outside else "ready"
    return "approved" if approved else "returned"


USUAL = ("mail", "letter", "telephone", "meeting")
SAFE = "safe"  # the safe way that is written at the person
CHANNELS = (*USUAL, SAFE)


def may_reach(channel: str, *, protected: bool, safe_way: str) -> bool:
    """Whether somebody may be contacted so: a protected identity by the marked safe way alone."""
    if protected or channel == SAFE:
        return channel == SAFE and bool(safe_way)
    return channel in USUAL
