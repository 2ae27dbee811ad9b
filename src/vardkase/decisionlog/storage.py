"""The two statements of every decision, in SQL since each report pays for them; and which entries
are new to whoever plans by them."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from .models import Entry, Fresh
from .rules import GENESIS

LOCK = """
INSERT INTO decisionlog_chain AS c (key, length, head) VALUES (%s, 0, %s)
ON CONFLICT (key) DO UPDATE SET key = excluded.key
RETURNING c.id, c.length, c.head
"""
APPEND = """
WITH entry AS (
  INSERT INTO decisionlog_entry
    (chain, place, at, written_at, "by", kind, commitment, previous, digest)
  VALUES (%(chain)s, %(place)s, %(at)s, %(written_at)s, %(by)s, %(kind)s, %(commitment)s,
    %(previous)s, %(digest)s)
  RETURNING id
), payload AS (
  INSERT INTO decisionlog_payload (entry_id, salt, content)
  SELECT id, %(salt)s, %(content)s FROM entry
), fresh AS (
  INSERT INTO decisionlog_fresh (entry_id) SELECT id FROM entry
)
UPDATE decisionlog_chain SET length = %(place)s, head = %(digest)s WHERE id = %(chain_id)s
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain whose row this transaction has locked."""

    chain_id: int
    chain: str
    length: int
    digest: str


def lock(chain: str) -> Head:
    """The chain, made if it is new; locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [chain, GENESIS])
        number, length, digest = cursor.fetchone()
    return Head(number, chain, length, digest)


def append(head: Head, **row: Any) -> None:
    """Write entry, payload and the chain's new end."""
    with connection.cursor() as cursor:
        cursor.execute(APPEND, {"chain_id": head.chain_id, **row})


def look_again(chains: QuerySet[Any, Any]) -> None:
    """Let the last entry of each chain be new to whoever plans by the log."""
    last = Entry.objects.filter(chain__in=chains).order_by("chain", "-place").distinct("chain")
    rows = (Fresh(pk=pk) for pk in last.values_list("pk", flat=True))
    Fresh.objects.bulk_create(rows, ignore_conflicts=True)
