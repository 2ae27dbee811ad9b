"""Who sends: the token, and what it is bound to, in one statement before every batch."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from vardkase.access.actor import Actor, Grant
from vardkase.lib.ids import fingerprint, keyed

from .storage import wrapped

# The same tokens as `organisation.queries.actor_of_token` knows.
KNOWN = """
SELECT t.id, t.name, t.role, u.path, t.labels, coalesce(f.source, ''), coalesce(f.signed, false)
FROM organisation_token t JOIN organisation_unit u ON u.id = t.unit_id
LEFT JOIN detections_feed f ON f.token_id = t.id
WHERE t.digest = %s AND t.expires_at > %s AND (t.revoked_at IS NULL OR t.revoked_at > %s)
"""


class BadSignature(ValueError):
    """The signature is missing, not ours, or of another time. The words say which."""


class OtherSource(PermissionError):
    """The token is bound to another source."""


@dataclass(frozen=True, slots=True)
class Sender:
    actor: Actor
    source: str = ""  # the only one it may send; empty: any
    signed: bool = False

    def may_send(self, source: str) -> None:
        """Raise `OtherSource` unless the token is for `source`, or for any."""
        if self.source and self.source != source:
            raise OtherSource(f"This token is for the source {self.source} alone.")


def sender(secret: str, at: datetime) -> Sender | None:
    """The program that shows `secret`, or None if it is unknown, expired or revoked."""
    with wrapped() as cursor:
        row = cursor.execute(KNOWN, [fingerprint(secret), at, at], prepare=True).fetchone()
    if row is None:
        return None
    pk, name, role, path, labels, source, signed = row
    grant = Grant(role, path, frozenset(labels))
    return Sender(Actor(f"t{pk}", name, at, (grant,)), source, signed)


def signing_key(token: str) -> str:
    """What a program signs with, of the token's key (`t3`). It is stored nowhere."""
    return keyed(settings.SECRET_KEY, "detections.signature", token).hex()


def check_signature(signature: str, body: bytes, *, key: str, at: datetime, slack: int) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 under `key` of the seconds since 1970, a full stop and the
    body as it was sent. What names the batch, however its signature is written. Raises
    `BadSignature`; `slack` in seconds."""
    words = dict(part.strip().partition("=")[::2] for part in signature.split(","))
    seconds, given = words.get("t", ""), words.get("v1", "")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12 and given.isascii()):
        raise BadSignature("Write the signature as t=SECONDS,v1=HEX.")
    if abs(int(seconds) - at.timestamp()) > slack:
        raise BadSignature(f"The signature's time differs from ours by more than {slack} seconds.")
    wanted = hmac.new(key.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, given.lower()):
        raise BadSignature("The signature does not fit the body.")
    return wanted
