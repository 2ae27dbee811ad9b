"""When each step of a regime is due, and to whom: the earliest moment that may be right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from vardkase.policy.period import after
from vardkase.policy.predicate import Facts, holds
from vardkase.policy.regime import Branch, End, Ground, Recipient, Regime, Step


@dataclass(frozen=True, slots=True)
class Clock:
    """A step that is due, or may be: at a moment, or as `mode` says."""

    step: Step
    mode: str  # "by", "asap", "on_request" or "waits_for"
    due: datetime | None  # Swedish local time, of mode "by"
    waits_for: str | None  # the anchor that has no time yet, of mode "waits_for"
    certain: bool  # False while an unknown fact may change or lift it
    recipients: tuple[Recipient, ...]  # more than one while an unknown fact chooses between them

    @property
    def recipient(self) -> str | None:
        """The recipient's name; of a step to no authority, what kind of step it is."""
        found = " / ".join(dict.fromkeys(each.name for each in self.recipients))
        return found or (None if self.step.to else self.step.kind)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Where the step stands in law, and where it stands to whom it goes."""
        return (self.step.ground, *(each.ground for each in self.recipients))


def clocks(regime: Regime, facts: Facts, day: date) -> tuple[Clock, ...]:
    """The steps that are due or may be, as known by `facts`, sent on `day`."""
    found = (_clock(regime, step, facts, day) for step in regime.steps)
    return tuple(clock for clock in found if clock)


def _clock(regime: Regime, step: Step, facts: Facts, day: date) -> Clock | None:
    wanted, lifted = holds(step.if_, facts), holds(step.unless, facts) if step.unless else False
    branches = reached(step, facts)
    if wanted is False or lifted is True or not branches:
        return None
    mode, due, waits_for = _when(branches, facts)
    return Clock(
        step=step,
        mode=mode,
        due=due,
        waits_for=waits_for,
        certain=wanted is True and lifted is False and len(branches) == 1,
        recipients=recipients(regime, step.to, facts, day),
    )


def reached(step: Step, facts: Facts) -> list[Branch]:
    """The branches that apply or may apply: up to the first that certainly does."""
    found: list[Branch] = []
    for branch in step.due:
        truth = holds(branch.if_, facts)
        if truth is not False:
            found.append(branch)
        if truth is True:
            break
    return found


def _when(branches: list[Branch], facts: Facts) -> tuple[str, datetime | None, str | None]:
    """The earliest end of all branches that may apply is the safe one."""
    ends = [end for branch in branches for end in branch.ends]
    moments = [after(start, end.within) for end in ends if (start := _start(end, facts))]
    if moments:
        return "by", min(moments), None
    for mode in ("asap", "on_request"):
        if any(branch.mode == mode for branch in branches):
            return mode, None, None
    return "waits_for", None, ends[0].anchors[0]


def _start(end: End, facts: Facts) -> datetime | None:
    """The earliest of the anchors that are known; the fallback while none is."""
    known = [facts[name] for name in end.anchors if facts.get(name) is not None]
    return min(known) if known else facts.get(end.fallback or "")


def waits_on(branch: Branch, facts: Facts) -> Iterator[str]:
    """The anchors whose time would set or move the clock: what the law counts from, also where a
    later one sets it meanwhile, and what stands in for it while both are missing."""
    for end in branch.ends:
        if facts.get(end.anchors[0]) is None:
            yield end.anchors[0]
            if end.fallback and facts.get(end.fallback) is None:
                yield end.fallback


def recipients(regime: Regime, to: str | None, facts: Facts, day: date) -> tuple[Recipient, ...]:
    """Whom to send to on `day`: the first row that holds, with those before it that may."""
    found: list[Recipient] = []
    for row in regime.recipients.get(to or "", ()):
        truth = holds(row.if_, facts) if row.span.holds(day) else False
        if truth is not False:
            found.append(row)
        if truth is True:
            break
    return tuple(found)
