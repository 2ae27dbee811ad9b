"""Folding: from alarms to groups, and to what a sender is told. Pure.

One pass over a batch, few Python operations a message: this is the product's hottest loop.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from .alert import Alert, Brief, Named

type Marked = Callable[[Alert | Named], bytes]

AHEAD = timedelta(days=1)  # a sender's clock may be wrong; more than this ahead is no time at all
OLDEST = datetime(1981, 1, 1, tzinfo=UTC)  # clocks that were never set begin in 1970 or 1980
MOST_FIELDS = 60  # of an alarm, kept with its group
LONGEST_FIELD = 2_000  # characters
UNREAD = Alert(title="", severity=1)


class Fault(msgspec.Struct, frozen=True):
    """A message that was refused, and why."""

    line: int
    error: str


class Answer(msgspec.Struct):
    """What became of a batch: `received` is the sum of all the others."""

    received: int = 0
    new: int = 0  # messages that opened a group
    folded: int = 0
    skipped: int = 0
    set_aside: int = 0
    rejected: list[Fault] = []


class Group(msgspec.Struct, gc=False):
    """What a batch adds to one detection; `first_line` is the message that opens it, if it is
    new."""

    words: Alert  # the one that happened last
    severity: int
    count: int
    first_at: datetime
    last_at: datetime
    first_line: int
    last: bytes | None = None  # whose words are still to be read: see `worded`


class Kept(msgspec.Struct, gc=False):
    """Messages that are stored together: all those of one group alone, one of several groups (once
    for each, of which the first has its body), or one that is set aside (without fingerprint)."""

    line: int  # of the first of them
    part: int
    fingerprint: bytes | None
    aside: str | None
    bodies: list[bytes]


class Batch(msgspec.Struct):
    """A batch, folded and ready to be stored."""

    source: str
    received_at: datetime
    kept: list[Kept] = []
    gathered: dict[bytes, Kept] = {}  # those of `kept` whose messages have one group alone
    groups: dict[bytes, Group] = {}
    understood: int = 0
    skipped: int = 0
    set_aside: int = 0
    rejected: list[Fault] = []

    def take(self, line: int, raw: bytes, alerts: Iterable[Alert], marked: Marked) -> None:
        """One message that was understood: its alarms, each into its group."""
        marks: dict[bytes, None] = {}  # a scanner's report may hold tens of thousands
        for alert in alerts:
            at = moment(alert.occurred, self.received_at)
            mark = joined(self, line, alert, at, marked)
            marks[mark] = None
        if len(marks) == 1:
            self.gather(mark, line).append(raw)
        else:
            for part, mark in enumerate(marks):
                self.kept.append(Kept(line, part, mark, None, [] if part else [raw]))
        self.understood += 1

    def gather(self, mark: bytes, line: int) -> list[bytes]:
        """The messages of a group, to be added to."""
        found = self.gathered.get(mark)
        if found is None:
            found = self.gathered[mark] = Kept(line, 0, mark, None, [])
            self.kept.append(found)
        return found.bodies

    def put_aside(self, line: int, raw: bytes, why: str) -> None:
        self.kept.append(Kept(line, 0, None, why[:300], [raw]))
        self.set_aside += 1

    def answer(self, new: set[bytes]) -> Answer:
        """What the sender is told, when the storage has said which groups were `new`."""
        opening = len({self.groups[mark].first_line for mark in new})
        received = self.understood + self.skipped + self.set_aside + len(self.rejected)
        return Answer(
            received, opening, self.understood - opening, self.skipped, self.set_aside,
            self.rejected,
        )  # fmt: skip


def usual(
    batch: Batch, briefs: Iterable[Brief], marked: Marked, named: Callable[[Any], Named]
) -> Iterator[tuple[int, bytes]]:
    """Fold messages with one usual alarm each, and hand back the others in their turn, with their
    number; `worded` ends it.

    One function with no call inside, for it is run for each line: half the time of `add`.
    """
    known: dict[object, tuple[Group, Callable[[bytes], None]]] = {}
    line = 0
    for raw, key, at in briefs:
        line += 1  # counted by hand: enumerate() would cost as much again
        if key is None:
            yield line, raw
            continue
        found = known.get(key)
        if found is None:
            found = known[key] = begun(batch, named(key), marked, at, line)
        group, keep = found
        group.count += 1
        if at >= group.last_at:
            group.last_at, group.last = at, raw
        elif at < group.first_at:
            group.first_at = at
        keep(raw)
    batch.understood = line - batch.skipped - batch.set_aside - len(batch.rejected)


def begun(
    batch: Batch, name: Named, marked: Marked, at: datetime, line: int
) -> tuple[Group, Callable[[bytes], None]]:
    """The group of that name, and what keeps its messages."""
    mark = marked(name)
    group = batch.groups.get(mark)
    if group is None:
        group = batch.groups[mark] = Group(UNREAD, name.severity, 0, at, at, line)
    group.severity = max(group.severity, name.severity)
    return group, batch.gather(mark, line).append


def worded(batch: Batch, words: Callable[[bytes], Alert]) -> Batch:
    """With the words of each group's last alarm, when all were taken."""
    for group in batch.groups.values():
        if group.last:
            group.words, group.last = words(group.last), None
    return batch


def joined(batch: Batch, line: int, alert: Alert, at: datetime, marked: Marked) -> bytes:
    """Put the alarm into its group; the group's fingerprint."""
    mark = marked(alert)
    group = batch.groups.get(mark)
    if group is None:
        batch.groups[mark] = Group(alert, alert.severity, 1, at, at, line)
    else:
        add(group, alert, at)
    return mark


def moment(occurred: datetime | None, received_at: datetime) -> datetime:
    """When it happened, or was received if the sender tells no time that can be."""
    if occurred is None or not OLDEST <= occurred <= received_at + AHEAD:
        return received_at
    return occurred


def add(group: Group, alert: Alert, at: datetime) -> None:
    """One more alarm in a group of the same batch: the one that happened last lends its words."""
    group.count += 1
    if alert.severity > group.severity:
        group.severity = alert.severity
    if at < group.first_at:
        group.first_at = at
    elif at >= group.last_at:
        group.last_at, group.words, group.last = at, alert, None


def bounded(fields: dict[str, str]) -> dict[str, str]:
    """So many fields, each so long, as are kept with a group."""
    if len(fields) <= MOST_FIELDS and max(map(len, fields.values()), default=0) <= LONGEST_FIELD:
        return fields
    return {k[:200]: v[:LONGEST_FIELD] for k, v in list(fields.items())[:MOST_FIELDS]}
