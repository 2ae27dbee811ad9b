"""Reading the log, and checking it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from . import rules
from .models import Chain, Entry

READ_AT_ONCE = 5_000  # rows held in memory while the log is checked


def entries(number: str) -> QuerySet[Entry]:
    """The log of a case, newest first, payloads along. Ask access before you show it."""
    return Entry.objects.filter(chain=number).select_related("payload").order_by("-place")


def body(entry: Entry) -> dict[str, Any]:
    """What the entry says: `facts` and `grounds`."""
    found: dict[str, Any] = json.loads(entry.payload.content)
    return found


@dataclass
class Verdict:
    """The outcome of a check: how many entries were read, and every fault, as sentences."""

    entries: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(chain: str | None = None) -> Verdict:
    """Recompute every hash: finds changed, missing and reordered entries, and an end cut off."""
    verdict, heads = Verdict(), dict[str, tuple[int, str]]()
    for row in rows(chain):
        verdict.entries += 1
        place, previous = heads.get(row["chain"], (0, rules.GENESIS))
        verdict.faults += faults_of(row, place, previous)
        heads[row["chain"]] = (row["place"], row["digest"])
    verdict.faults += cut_ends(heads, chain)
    return verdict


def rows(chain: str | None) -> Iterator[dict[str, Any]]:
    """Entries in order of chain and place, with their payloads, a few thousand at a time."""
    found = Entry.objects.all() if chain is None else Entry.objects.filter(chain=chain)
    names = [f.attname for f in Entry._meta.concrete_fields]
    values = found.order_by("chain", "place").values(*names, "payload__salt", "payload__content")
    yield from values.iterator(chunk_size=READ_AT_ONCE)


def faults_of(row: dict[str, Any], place: int, previous: str) -> list[str]:
    """What is wrong with `row`, which should follow the entry `place` whose hash is `previous`."""
    name, found = f"{row['chain']} {row['place']}", list[str]()
    if row["place"] != place + 1:
        found.append(f"{name}: entry {place + 1} is missing")
    elif row["previous"] != previous:
        found.append(f"{name}: does not follow the entry before it")
    sealed = {k: row[k] for k in ("chain", "place", "previous", "at", "by", "kind", "commitment")}
    if rules.digest(**sealed) != row["digest"]:
        found.append(f"{name}: the entry was changed")
    if row["payload__content"] is None:
        found.append(f"{name}: its content is missing")
    elif rules.commitment(row["payload__salt"], row["payload__content"]) != row["commitment"]:
        found.append(f"{name}: its content was changed")
    return found


def cut_ends(heads: dict[str, tuple[int, str]], chain: str | None) -> list[str]:
    """Chains whose own row tells another last entry than the one that is there."""
    known = Chain.objects.all() if chain is None else Chain.objects.filter(key=chain)
    found, seen = list[str](), set[str]()
    for key, length, head in known.values_list("key", "length", "head").iterator():
        seen.add(key)
        if heads.get(key, (0, rules.GENESIS)) != (length, head):
            found.append(f"{key}: should end with entry {length}, and does not")
    return found + [f"{key}: its chain is not in the register" for key in heads if key not in seen]


def orphans(table: str, column: str) -> int:
    """How many rows of `table` name a case that has no log at all."""
    q = connection.ops.quote_name
    sql = (
        f"SELECT count(*) FROM {q(table)} t WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {q(Chain._meta.db_table)} c WHERE c.key = t.{q(column)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: int = cursor.fetchone()[0]
    return found
