"""A batch sent again is answered as before, and stored once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.db import connection, transaction

from .rules import Answer

TOLD = "SELECT digest, answer::text FROM detections_batch WHERE sender = %s AND key = %s"
KEEP = """
INSERT INTO detections_batch (sender, key, digest, answer, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


class KeyReused(ValueError):
    """The key was used for another batch."""


class Overtaken(Exception):
    """The same batch was stored meanwhile: what was written here goes."""


@dataclass(slots=True)
class Once:
    """A sender's key for a batch, and what tells that it is the same batch."""

    sender: str
    key: str
    digest: bytes
    told: Answer | None = None

    @classmethod
    def of(cls, sender: str, key: str, *, source: str, body: bytes) -> "Once":
        return cls(sender, key, sha256(source.encode() + b"\0" + body).digest())

    def answer(self) -> Answer | None:
        """What the batch was answered before, if it was sent before; raises `KeyReused`."""
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [self.sender, self.key])
            found = cursor.fetchone()
        if found is None:
            return None
        digest, answer = found
        if bytes(digest) != self.digest:
            raise KeyReused(self.key)
        return msgspec.json.decode(answer, type=Answer)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """One transaction for the batch and its key; if the same came in meanwhile, for neither."""
        try:
            with transaction.atomic():
                yield
        except Overtaken:
            self.told = self.answer()

    def keep(self, answer: Answer, at: datetime) -> None:
        """The last thing written; whoever wrote the key first wins."""
        words: list[Any] = [
            self.sender,
            self.key,
            self.digest,
            msgspec.json.encode(answer).decode(),
            at,
        ]
        with connection.cursor() as cursor:
            cursor.execute(KEEP, words)
            if not cursor.rowcount:
                raise Overtaken(self.key)
