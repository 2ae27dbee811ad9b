"""How an entry is hashed. Pure, and all that an auditor needs to check a chain himself."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from json.encoder import encode_basestring as quoted
from typing import Any

from vardkase.lib.text import storable

GENESIS = "0" * 64
HEX = re.compile("([0-9a-f]{2})+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotPlain(TypeError):
    """A fact that has no one way to be written: a float, a date, an object, a key of no text."""


def canonical(value: Any) -> str:
    """The one way to write `value` as JSON: sorted keys, no spaces, UTF-8, no fractions.

    Raises `NotPlain`, and `Unstorable` for text that the database could not give back.
    """
    check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check(value: Any) -> None:
    """Raise unless `value` is made of text, whole numbers, truth values, nothing and lists."""
    match value:
        case None | bool() | int():
            pass
        case str():
            storable(value)
        case list() | tuple():
            for part in value:
                check(part)
        case dict():
            for key, part in value.items():
                check_key(key)
                check(part)
        case _:
            raise NotPlain(f"{type(value).__name__}: write it as text or a whole number")


def check_key(key: Any) -> None:
    if not isinstance(key, str):
        raise NotPlain(f"the key {key!r} is no text")
    storable(key)


def commitment(salt: str, content: str) -> str:
    """HMAC-SHA256 of the payload under its random salt of 32 bytes: binding, and tells nothing."""
    return hmac.digest(bytes.fromhex(salt), content.encode(), "sha256").hex()


def holds(salt: str, content: str, commitment_: str) -> bool:
    """Whether `commitment_` is that of `content`; a salt that is no hexadecimal number never is."""
    return HEX.fullmatch(salt) is not None and commitment(salt, content) == commitment_


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 in UTC, as the database keeps them."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return (at - EPOCH) // timedelta(microseconds=1)


def digest(
    *,
    chain: str,
    place: int,
    previous: str,
    at: int,
    written_at: int,
    by: str,
    kind: str,
    commitment: str,
) -> str:
    """SHA-256 of the entry as RFC 6962 hashes a leaf, so that a Merkle tree can hold it later.

    `at` and `written_at` are microseconds since 1970.
    """
    text = (  # canonical JSON, written out since a check of the log makes millions of them
        f'{{"at":{at},"by":{quoted(by)},"chain":{quoted(chain)},"kind":{quoted(kind)}'
        f',"n":{place},"pc":{quoted(commitment)},"prev":{quoted(previous)}'
        f',"v":1,"written":{written_at}}}'
    )
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()
