"""JSON as programs write it: one value read leniently, its encoding told by its first bytes."""

import json
from typing import Any

import msgspec

from .source import NotUnderstood, Unreadable

TOO_DEEP = "The JSON is nested too deeply to be read."
_any = msgspec.json.Decoder()


class NotJson(NotUnderstood):
    """Text that is no JSON value."""

    def __init__(self) -> None:
        super().__init__("This is not JSON.")


def loads(raw: bytes) -> Any:
    """One JSON value; raises `NotJson`, `NotUnderstood` and `Unreadable`.

    What JSON forbids and programs write all the same is read too: NaN, bare control characters,
    halves of surrogate pairs, integers of any length (as text).
    """
    try:
        return _any.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _leniently(decoded(raw))


def _leniently(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_int=_integer, parse_constant=_no_number)
    except RecursionError:
        raise NotUnderstood(TOO_DEEP) from None
    except ValueError:
        raise NotJson from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 100 else digits[:100]


def _no_number(_word: str) -> None:
    return None


def decoded(raw: bytes) -> str:
    if b"\0" in raw:
        raise Unreadable(f"Byte {raw.index(0) + 1} is NUL: this is not text.")
    try:
        return raw.decode()
    except UnicodeDecodeError as fault:
        byte, place = raw[fault.start], fault.start + 1
        raise Unreadable(f"Byte {place} is 0x{byte:02X}, which is not UTF-8.") from None


def in_utf8(body: bytes) -> bytes:
    """`body` in UTF-8 without mark; JSON's first characters tell UTF-16 and 32 (RFC 4627, 3)."""
    head = body[:4]
    if head.startswith(b"\xef\xbb\xbf"):
        return body[3:]
    for encoding, marks in (
        ("utf-32", (b"\xff\xfe\0\0", b"\0\0\xfe\xff")),
        ("utf-16", (b"\xff\xfe", b"\xfe\xff")),
    ):
        if head.startswith(marks):
            return _recoded(body, encoding)
    if len(head) == 4 and head[0] and not head[1] and head[2] and not head[3]:
        return _recoded(body, "utf-16-le")
    if len(head) == 4 and not head[0] and head[1] and not head[2] and head[3]:
        return _recoded(body, "utf-16-be")
    return body


def _recoded(body: bytes, encoding: str) -> bytes:
    try:
        return body.decode(encoding).encode()
    except UnicodeError:
        return body
