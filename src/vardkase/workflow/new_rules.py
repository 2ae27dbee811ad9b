"""Rules that are new or changed concern every open case: their clocks are planned by them.

A regime that is put into the folder, or comes with a new version of the program, is at work within
seconds, and a slice of the cases is planned each round, so that no alarm waits for the rest.
"""

from dataclasses import dataclass
from datetime import datetime

from vardkase.lib.each import each
from vardkase.policy.regime_files import Stamp, faulty, in_use

from .planning import plan, ticking

SLICE = 40  # cases planned in one round


@dataclass
class Sweep:
    """The rules that this process last saw, and how far it has come; the newest case is first."""

    rules: tuple[Stamp, ...] = ()
    below: int | None = None  # cases from here on remain; None: all are planned by these rules


_sweep = Sweep()


def plan_by_new_rules(at: datetime, *, most: int = SLICE) -> int:
    """Plan the next slice of open cases, if the rules have changed since they were planned.

    Not while a file has a fault, as one that is being saved: its clocks would end and begin anew.
    """
    if faulty():
        return 0
    if (now := in_use()) != _sweep.rules:
        _sweep.rules, _sweep.below = now, 2**62
    if _sweep.below is None:
        return 0
    cases = list(ticking().filter(pk__lt=_sweep.below)[:most])
    moved = each(cases, lambda case: plan(case, at))
    _sweep.below = cases[-1].pk if len(cases) == most else None
    return moved
