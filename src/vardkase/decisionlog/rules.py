"""How an entry is hashed. Pure, and all that an auditor needs to check a chain himself."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """The one way to write `value` as JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def commitment(salt: str, content: str) -> str:
    """HMAC-SHA256 of the payload under its random salt of 32 bytes: binding, and tells nothing."""
    return hmac.digest(bytes.fromhex(salt), content.encode(), "sha256").hex()


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 in UTC, as the database keeps them."""
    delta = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def digest(
    *, chain: str, place: int, previous: str, at: datetime, by: str, kind: str, commitment: str
) -> str:
    """SHA-256 of the entry as RFC 6962 hashes a leaf, so that a Merkle tree can hold it later."""
    text = canonical(
        {
            "v": 1,
            "chain": chain,
            "n": place,
            "prev": previous,
            "ts": microseconds(at),
            "by": by,
            "kind": kind,
            "pc": commitment,
        }
    )
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()
