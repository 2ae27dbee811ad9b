"""The log as JSON lines, with all that an auditor needs to check it without us or our program."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from .faults import Row
from .models import Chain, Entry
from .queries import rows


def lines(chain: str | None = None) -> Iterator[str]:
    """A line for each entry, in order; after each chain its end as the register has it; a total."""
    entries = chains = 0
    with transaction.atomic():
        for _key, found in groupby(rows(chain), key=lambda row: row.chain):
            last, chains = None, chains + 1
            for last in found:
                entries += 1
                yield line("entry", entry(last))
            if last:
                yield line("end", {"chain": last.chain, "length": last.length, "head": last.head})
        for end in empty(chain):
            chains += 1
            yield line("end", end)
    yield line("total", {"entries": entries, "chains": chains})


def line(kind: str, content: dict[str, Any]) -> str:
    return json.dumps({kind: content}, ensure_ascii=False, separators=(",", ":"))


def entry(row: Row) -> dict[str, Any]:
    """The words of the hashed text (`rules.digest`), then the hash and what the entry says."""
    return {
        "v": 1,
        "chain": row.chain,
        "n": row.place,
        "prev": row.previous,
        "at": row.at,
        "written": row.written_at,
        "by": row.by,
        "kind": row.kind,
        "pc": row.commitment,
        "digest": row.digest,
        "salt": row.salt,
        "content": row.content,
    }


def empty(chain: str | None) -> Iterator[dict[str, Any]]:
    """Chains that should have entries and have none."""
    known = Chain.objects.filter(**({"key": chain} if chain else {})).exclude(length=0)
    gone = known.exclude(Exists(Entry.objects.filter(chain=OuterRef("key")))).order_by("key")
    for key, length, head in gone.values_list("key", "length", "head").iterator():
        yield {"chain": key, "length": length, "head": head}
