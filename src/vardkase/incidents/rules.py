"""Where a case stands in the four steps, and whether it has happened before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

INCIDENTS = frozenset({"possible_incident", "confirmed_incident"})
OUTSIDE = frozenset({"not_incident", "merged"})  # steps 3 and 4 do not follow
CLOSED = "closed"
WAITING = frozenset({"unassessed", "waiting"})
NOT_UPHELD = frozenset({"suspected", "confirmed"})
IMPROVING = ("corrective", "preventive")

type Moment = datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the steps of one case depend on; times are None for what has not happened."""

    state: str
    reported_at: datetime
    received_at: datetime
    noticed_at: Moment = None
    assessed_at: Moment = None  # the first judgement
    effects: Mapping[str, str] = field(default_factory=dict)  # aspect -> none, suspected, confirmed
    open_referrals: int = 0
    opened_at: Moment = None
    under_control_at: Moment = None
    restored_at: Moment = None
    closed_at: Moment = None
    open_actions: Mapping[str, int] = field(default_factory=dict)  # kind -> number
    improvements: int = 0  # corrective and preventive actions, not dropped
    concluded_at: Moment = None
    cause_kind: str = ""
    harm: str = ""
    disclosed: str = ""
    altered: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, by its code in policy `incidents.conditions`, and whether it holds."""

    code: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps: `standing` is past, now, ahead or outside (it does not follow)."""

    number: int
    code: str
    standing: str
    since: Moment
    until: Moment
    entry: tuple[Condition, ...]
    exit: tuple[Condition, ...]


def conditions(facts: Facts) -> dict[str, bool]:
    """Every condition of the four steps and of closing."""
    return {
        "noticed": True,
        "registered": True,
        "judged": facts.state not in WAITING and facts.state != "merged",
        "referrals_answered": facts.open_referrals == 0,
        "is_incident": facts.state in INCIDENTS | {CLOSED},
        "confirmed": facts.state != "possible_incident",
        "immediate_done": not facts.open_actions.get("immediate"),
        "under_control": facts.under_control_at is not None,
        "recovery_done": not facts.open_actions.get("recovery"),
        "restored": facts.restored_at is not None,
        "concluded": facts.concluded_at is not None,
        "cause_known": facts.cause_kind not in ("", "unknown"),
        "harm_written": bool(facts.harm.strip()),
        "disclosure_checked": facts.disclosed != "" or not hurt(facts, "confidentiality"),
        "alteration_checked": facts.altered != "" or not hurt(facts, "integrity"),
        "improvement": facts.improvements > 0,
        "closed": facts.state == CLOSED,
    }


def hurt(facts: Facts, aspect: str) -> bool:
    """Whether the assessment that counts says that `aspect` is or may be affected."""
    return facts.effects.get(aspect) in NOT_UPHELD


def steps(facts: Facts) -> tuple[Step, ...]:
    """The four steps (Region Skåne, dnr 1700202, s. 7) with conditions of entry and exit."""
    known, now = conditions(facts), current(facts)

    def step(
        number: int, code: str, since: Moment, until: Moment, entry: list[str], leave: list[str]
    ) -> Step:
        standing = "past" if number < now else "now" if number == now else "ahead"
        if number > 2 and facts.state in OUTSIDE:
            standing = "outside"
        into, out = (tuple(Condition(c, known[c]) for c in codes) for codes in (entry, leave))
        return Step(number, code, standing, since, until, into, out)

    noticed = facts.noticed_at or facts.reported_at
    started = facts.restored_at or facts.concluded_at
    looked_into = ["disclosure_checked"] * hurt(facts, "confidentiality")
    looked_into += ["alteration_checked"] * hurt(facts, "integrity")
    return (
        step(1, "report", noticed, facts.received_at, ["noticed"], ["registered"]),
        step(
            2, "assess", facts.received_at, facts.assessed_at, ["registered"],
            ["judged", "referrals_answered"],
        ),
        step(
            3, "handle", facts.opened_at, facts.restored_at, ["is_incident"],
            ["immediate_done", "under_control", "recovery_done", "restored"],
        ),
        step(
            4, "conclude", started, facts.closed_at, ["under_control", "restored"],
            ["concluded", *looked_into, "improvement", "closed"],
        ),
    )  # fmt: skip


def current(facts: Facts) -> int:
    """The step that the case is in, 1 to 4; 5 when all are behind it."""
    if facts.state == CLOSED:
        return 5
    if facts.state in WAITING:
        return 2
    if facts.state in OUTSIDE:
        return 3
    return 4 if facts.restored_at is not None else 3


def months_back(at: datetime, months: int) -> datetime:
    """The same day and time `months` calendar months earlier, or the last day of that month."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month + 1)


@dataclass(frozen=True, slots=True)
class Traits:
    """What two incidents are compared by; `cause` is empty or "unknown" while it is not known."""

    assets: frozenset[int]
    category: str
    unit: int
    cause: str = ""


def recurrence(this: Traits, earlier: Traits) -> str:
    """Why `this` is `earlier` over again: same_asset, same_cause, same_kind; empty if it is not.

    `same_kind` is the same category and unit while a cause is not known: unknown is not other.
    """
    if this.assets & earlier.assets:
        return "same_asset"
    if not this.category or (this.category, this.unit) != (earlier.category, earlier.unit):
        return ""
    if "unknown" in (this.cause or "unknown", earlier.cause or "unknown"):
        return "same_kind"
    return "same_cause" if this.cause == earlier.cause else ""
