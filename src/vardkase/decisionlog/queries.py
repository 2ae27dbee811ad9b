"""Reading the log, and checking it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from vardkase.lib.built import ask
from vardkase.policy.parameter import parameter

from . import faults, rules
from .faults import Fault, Kind, Row
from .models import Chain, Entry

READ_AT_ONCE = 500  # rows held in memory while the log is checked
MOST = 1_000  # faults told one by one; the rest are counted
ROWS = """
SELECT e.chain, e.place,
  CASE WHEN isfinite(e.at) THEN (extract(epoch FROM e.at) * 1000000)::bigint ELSE 0 END,
  CASE WHEN isfinite(e.written_at)
    THEN (extract(epoch FROM e.written_at) * 1000000)::bigint ELSE 0 END,
  e."by", e.kind, e.commitment, e.previous, e.digest, p.salt, p.content, c.length, c.head
FROM decisionlog_entry e
LEFT JOIN decisionlog_payload p ON p.entry_id = e.id
LEFT JOIN decisionlog_chain c ON c.key = e.chain
"""
IN_ORDER = " ORDER BY e.chain, e.place"
ONE = " WHERE e.chain = %s"
NEWEST = " AND e.place < %s ORDER BY e.place DESC LIMIT %s"
PERSONS = frozenset(
    {"person", "owner", "members", "to", "told", "unseen_by"}
)  # facts that hold keys of people
LAST = 2**31 - 1  # no place lies beyond it

type Watched = Callable[[Iterator[Row]], Iterator[Row]]


def entries(number: str) -> QuerySet[Entry]:
    """The log of a case, newest first, payloads along. Ask access before you show it."""
    return Entry.objects.filter(chain=number).select_related("payload").order_by("-place")


def body(entry: Entry) -> dict[str, Any]:
    """What the entry says: `facts` and `grounds`."""
    found: dict[str, Any] = json.loads(entry.payload.content)
    return found


@dataclass
class Verdict:
    """The outcome of a check: how many entries were read, and what is wrong."""

    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults beyond those that are told

    @property
    def ok(self) -> bool:
        return not self.faults

    def add(self, found: Iterable[Fault]) -> None:
        for fault in found:
            if len(self.faults) < MOST:
                self.faults.append(fault)
            else:
                self.more += 1


def verify(
    chain: str | None = None, *, cases: QuerySet[Any] | None = None, watched: Watched = iter
) -> Verdict:
    """Recompute every hash: finds changed, missing and reordered entries, and an end cut off.

    `cases` are the rows with a `number` that must each have a log; every log that is not a room's
    must belong to one of them. Rows pass through `watched` as they are read. A decision made
    meanwhile is no fault: each statement sees whole decisions only.
    """
    verdict = Verdict()
    with transaction.atomic():
        for _key, found in groupby(watched(rows(chain)), key=lambda row: row.chain):
            verdict.add(of_chain(found, verdict))
        verdict.add(of_register(chain, cases))
    return verdict


def tail(chain: str, *, most: int, before: int = LAST) -> list[Row]:
    """The last entries of `chain`, or those before a place, newest first; one statement."""
    return [Row._make(row) for row in ask(f"{ROWS}{ONE}{NEWEST}", [chain, before, most])]


def audible(rows: Iterable[Row], *, full: bool, at: datetime) -> list[Row]:
    """What a reader sees of `rows`: all with leave to read the log, else what is told of them.

    What is private of a told one, such as the number of another case, which he perhaps may not
    know of, is left out.
    """
    if full:
        return list(rows)
    known = parameter("decisions").at(at).value
    told = [(row, known[row.kind]) for row in rows if known.get(row.kind, {}).get("told", False)]
    return [without(row, kind.get("private", [])) for row, kind in told]


def without(row: Row, private: Iterable[str]) -> Row:
    said = said_in(row)
    kept = {name: value for name, value in said.get("facts", {}).items() if name not in private}
    if kept == said.get("facts", {}):
        return row
    return row._replace(content=json.dumps(said | {"facts": kept}, ensure_ascii=False))


def said_in(row: Row) -> dict[str, Any]:
    """What the entry says: `facts` and `grounds`; nothing if it was lawfully erased."""
    found: dict[str, Any] = json.loads(row.content) if row.content else {}
    return found


def speakers(rows: Iterable[Row]) -> Iterator[str]:
    """Everyone whom `rows` name, by the keys that the log calls them."""
    for row in rows:
        yield row.by
        facts = said_in(row).get("facts", {})
        for name in PERSONS & facts.keys():
            value = facts[name]
            yield from value if isinstance(value, list) else [str(value)]


def whole(found: Iterable[Row]) -> Verdict:
    """The check of one chain whose every row is given, oldest first."""
    verdict = Verdict()
    verdict.add(of_chain(found, verdict))
    return verdict


def rows(chain: str | None) -> Iterator[Row]:
    """Entries in order of chain and place, with contents and ends, some hundreds at a time."""
    sql, values = (ROWS + IN_ORDER, []) if chain is None else (ROWS + ONE + IN_ORDER, [chain])
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while some := cursor.fetchmany(READ_AT_ONCE):
            yield from map(Row._make, some)


def of_chain(found: Iterable[Row], verdict: Verdict) -> Iterator[Fault]:
    place, digest, last = 0, rules.GENESIS, None
    for last in found:
        verdict.entries += 1
        yield from faults.of_entry(last, place, digest)
        place, digest = last.place, last.digest
    if last:
        yield from faults.of_end(last)


def of_register(chain: str | None, cases: QuerySet[Any] | None) -> Iterator[Fault]:
    """Chains that have lost every entry, cases that have no chain, chains of no case."""
    known = Chain.objects.filter(**({"key": chain} if chain else {})).order_by("key")
    gone = known.exclude(length=0).exclude(Exists(Entry.objects.filter(chain=OuterRef("key"))))
    for key, length in gone.values_list("key", "length").iterator():
        yield Fault(key, Kind.END_CUT_OFF, length)
    if cases is not None:
        if chain:
            cases = cases.filter(number=chain)
        bare = cases.exclude(Exists(Chain.objects.filter(key=OuterRef("number"))))
        for number in bare.order_by("number").values_list("number", flat=True).iterator():
            yield Fault(number, Kind.CASE_WITHOUT_LOG)
        alone = known.exclude(key__startswith="room:").exclude(
            Exists(cases.filter(number=OuterRef("key")))
        )
        for key in alone.values_list("key", flat=True).iterator():
            yield Fault(key, Kind.LOG_WITHOUT_CASE)
