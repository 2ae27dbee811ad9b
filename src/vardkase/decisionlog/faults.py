"""What may be wrong with a log, in words: which case, which entry, and what to do."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from . import rules


class Kind(Enum):
    """Each fault with its words; `%(place)s` is the entry where it shows."""

    CHANGED = noop("entry %(place)s was changed after it was written")
    REWRITTEN = noop("entry %(place)s does not follow the one before it: one was rewritten")
    MISSING = noop("entry %(place)s is missing")
    OUT_OF_ORDER = noop("entry %(place)s stands there twice, or out of order")
    CONTENT_CHANGED = noop("what entry %(place)s says was changed after it was written")
    CONTENT_MISSING = noop("what entry %(place)s says is missing")
    END_CUT_OFF = noop("the log should end with entry %(place)s, and does not")
    NOT_REGISTERED = noop("the row that says where the log ends is missing")
    CASE_WITHOUT_LOG = noop("the case has no log at all")
    LOG_WITHOUT_CASE = noop("the log belongs to no case")


REMEDY = noop("Compare with the last good backup, and find out who can write to the database.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the log `chain`, at entry `place` or in the log as a whole (0)."""

    chain: str
    kind: Kind
    place: int = 0

    def __str__(self) -> str:
        says = gettext(self.kind.value) % {"place": self.place}
        return f"{self.chain}: {says}. {gettext(REMEDY)}"


class Row(NamedTuple):
    """An entry with its content, and what its chain's row says of the end."""

    chain: str
    place: int
    at: int  # microseconds since 1970, as they are hashed
    written_at: int
    by: str
    kind: str
    commitment: str
    previous: str
    digest: str
    salt: str | None
    content: str | None
    length: int | None
    head: str | None


def of_entry(row: Row, place: int, previous: str) -> list[Fault]:
    """What is wrong with `row`, which should follow the entry `place` whose hash is `previous`."""
    found = of_place(row, place, previous) + of_content(row)
    digest = rules.digest(
        chain=row.chain,
        place=row.place,
        previous=row.previous,
        at=row.at,
        written_at=row.written_at,
        by=row.by,
        kind=row.kind,
        commitment=row.commitment,
    )
    if digest != row.digest:
        found.append(Fault(row.chain, Kind.CHANGED, row.place))
    return found


def of_place(row: Row, place: int, previous: str) -> list[Fault]:
    if row.place <= place:
        return [Fault(row.chain, Kind.OUT_OF_ORDER, row.place)]
    if row.place > place + 1:
        return [Fault(row.chain, Kind.MISSING, place + 1)]
    if row.previous != previous:
        return [Fault(row.chain, Kind.REWRITTEN, row.place)]
    return []


def of_content(row: Row) -> list[Fault]:
    if row.content is None or row.salt is None:
        return [Fault(row.chain, Kind.CONTENT_MISSING, row.place)]
    if not rules.holds(row.salt, row.content, row.commitment):
        return [Fault(row.chain, Kind.CONTENT_CHANGED, row.place)]
    return []


def of_end(last: Row) -> list[Fault]:
    """Whether the chain's row tells another last entry than `last`."""
    if last.length is None:
        return [Fault(last.chain, Kind.NOT_REGISTERED)]
    if (last.length, last.head) != (last.place, last.digest):
        return [Fault(last.chain, Kind.END_CUT_OFF, last.length)]
    return []
