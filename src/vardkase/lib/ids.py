"""Secrets and their fingerprints: codes that people keep, tokens that programs send."""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O or U to misread
CODE_CHARACTERS = 28  # 5 bits each: 140 bits, shown in sevens of four


def new_secret() -> str:
    """256 bits from the system's own source, safe in a header or a hidden field."""
    return secrets.token_urlsafe(32)


def code_from(secret: bytes) -> str:
    """A code of 140 bits for people, `XXXX-XXXX-...`; the same secret gives the same code."""
    number = int.from_bytes(hashlib.sha256(secret).digest()[:18])
    letters = "".join(ALPHABET[(number >> 5 * k) & 31] for k in range(CODE_CHARACTERS))
    return "-".join(letters[k : k + 4] for k in range(0, CODE_CHARACTERS, 4))


def plain_code(typed: str) -> str:
    """What a person typed, as `code_from` wrote it: case, spaces and look-alikes forgiven."""
    bare = typed.upper().translate(str.maketrans("ILO", "110"))
    letters = "".join(c for c in bare if c in ALPHABET)[:CODE_CHARACTERS]
    return "-".join(letters[k : k + 4] for k in range(0, len(letters), 4))


def keyed(key: str, purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256 of `parts` under `key`, apart for each purpose."""
    text = "\x1f".join((purpose, *parts))
    return hmac.digest(key.encode(), text.encode("utf-8", "surrogatepass"), "sha256")


def fingerprint(secret: str) -> str:
    """What is stored of a token of 256 bits: its SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
