"""The faces of clocks on the pages of cases: what is due, when, how long that is, and a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vardkase.obligations.models import Deadline
from vardkase.web.clock import time_left, used, word
from vardkase.web.incidents import dutywords

from .whose import anchor


@dataclass(frozen=True, slots=True)
class Face:
    case: str
    entity: str  # when the clocks are of several
    regime: str
    anchor: str  # where the page of reporting speaks of it
    title: str
    step: str
    due: datetime
    left: str
    used: int  # percent
    word: str  # soon, late, or nothing
    certain: bool
    to: str


def faces(rows: Iterable[Deadline], at: datetime) -> list[Face]:
    shown = list(rows)
    several = len({row.obligation.entity_id for row in shown}) > 1
    return [face(row, at, whose=several) for row in shown]


def face(row: Deadline, at: datetime, *, whose: bool) -> Face:
    duty, due = row.obligation, row.due_at or at
    return Face(
        case=duty.event.number,
        entity=duty.entity.name if whose else "",
        regime=duty.regime,
        anchor=anchor(duty.entity, duty.regime),
        title=dutywords.regime_name(duty.regime, duty.event.received_at),
        step=dutywords.step_name(row.step, duty.regime, duty.event.received_at),
        due=due,
        left=time_left(due, at),
        used=used(row.starts_at, due, at),
        word=word(row.starts_at, due, at),
        certain=row.certain,
        to=row.recipient,
    )
