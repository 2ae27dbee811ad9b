"""The list of those who are told personally: read from a table, counted. Ask access first."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event
from vardkase.lib.sheet_reader import Column, Sentence, read

from .models import Affected, Tally

MOST = 2_000  # rows of one table
COLUMNS = (
    Column("name", ("namn", "name"), needed=True),
    Column("address", ("adress", "kontakt", "address", "contact")),
    Column("protected", ("skyddade personuppgifter", "skyddad", "protected")),
    Column("safe_way", ("säker väg", "safe way")),
)
YES = frozenset({"ja", "j", "x", "1", "yes", "y", "true", "sant"})
NO = frozenset({"", "nej", "n", "0", "no", "false", "falskt"})


@dataclass(frozen=True, slots=True)
class One:
    """Somebody of the table."""

    name: str
    address: str = ""
    protected: bool = False
    safe_way: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a table holds; `faults` by its lines."""

    rows: list[One] = field(default_factory=list)
    faults: list[tuple[int, Sentence]] = field(default_factory=list)

    @property
    def protected(self) -> int:
        return sum(row.protected for row in self.rows)


def listed(content: bytes) -> Listed:
    """The people of a table; raises `Unreadable`. An unclear word on protection is a fault, since
    guessing wrong may endanger somebody."""
    found = Listed()
    for row in read(content, COLUMNS).rows:
        cells = {code: text.strip() for code, text in row.cells.items()}
        if fault := wrong(cells, len(found.rows)):
            found.faults.append((row.line, fault))
            continue
        said = cells.pop("protected", "").casefold()
        found.rows.append(One(**cells, protected=said in YES))
    return found


def wrong(cells: dict[str, str], before: int) -> Sentence | None:
    if before >= MOST:
        return _("At most 2,000 rows at a time. Divide the table.")
    if not cells.get("name"):
        return _("The name is missing.")
    if len(cells["name"]) > 200 or len(cells.get("address", "")) > 300:
        return _("The name or the address is too long.")
    if len(cells.get("safe_way", "")) > 200:
        return _("The safe way is too long.")
    if cells.get("protected", "").casefold() not in YES | NO:
        return _("Write yes or no for protected identity.")
    return None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of an audience there are, and how it went; names nobody."""

    audience: str
    number: int
    reached: int = 0
    sent: int = 0
    returned: int = 0
    waiting: int = 0
    hidden: int = 0  # protected identities
    listed: bool = True
    beyond: int = 0  # of the number, so many were counted and are not on the list

    def untold(self, told: Iterable[int]) -> int:
        """How many are known not to have been told: of a list those whom nothing was sent or came
        back; of a number what the largest of the sendings (`told`) lacks of it."""
        most = max(told, default=0)
        if not self.listed:
            return max(0, self.number - most)
        return self.waiting + self.returned + max(0, min(self.beyond, self.number - most))


def totals(case: Event) -> list[Totals]:
    """Of each audience: its list and what is counted beyond it, or the number alone; two
    statements."""
    by: dict[str, Any] = {o: Count("pk", filter=Q(outcome=o)) for o in Affected.Outcome.values}
    by |= {"number": Count("pk"), "hidden": Count("pk", filter=Q(protected=True))}
    rows: Any = case.affected.order_by("audience").values("audience").annotate(**by)
    found = {row["audience"]: Totals(**row) for row in rows}
    last = Tally.objects.filter(event=case).order_by("audience", "-pk").distinct("audience")
    for tally in last:
        alone = Totals(tally.audience, tally.number, listed=False)
        kept = found.setdefault(tally.audience, alone)
        if (beyond := tally.number - kept.number) > 0:
            found[tally.audience] = replace(kept, number=tally.number, beyond=beyond)
    return list(found.values())
