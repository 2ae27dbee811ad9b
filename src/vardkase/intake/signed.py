"""What a signed mail holds, where the signature is wrapped around it (S/MIME, RFC 8551, 3.5.2).

Only as much of BER (X.690) is read as leads to the content. The signature is not checked: it is for
whoever reads the mail itself, which is kept whole.
"""

SIGNED = bytes.fromhex("06092a864886f70d010702")  # 1.2.840.113549.1.7.2
SEQUENCE, SET, INTEGER, OCTETS, NAME, WITHIN = 0x30, 0x31, 0x02, 0x04, 0x06, 0xA0
IN_PIECES = 0x20  # of a text that comes as several
DEEPEST = 4  # pieces of pieces
MOST_PIECES = 200_000  # programs write a thousand bytes or more in each
NO_LENGTH = 0x80
END = b"\0\0"


class _Broken(ValueError):
    """It is not what it began as."""


def content(raw: bytes) -> bytes | None:
    """The mail in signed-data; None if it is anything else, or holds none."""
    try:
        at = _into(raw, 0, SEQUENCE)
        if not raw.startswith(SIGNED, at):
            return None
        at = _into(raw, _into(raw, at + len(SIGNED), WITHIN), SEQUENCE)
        for passed in (INTEGER, SET):  # version and the names of digests
            at = _past(raw, at, passed)
        at = _past(raw, _into(raw, at, SEQUENCE), NAME)
        found: list[bytes] = []
        _octets(raw, _into(raw, at, WITHIN), DEEPEST, found)
        return b"".join(found)
    except (IndexError, _Broken):
        return None


def _into(raw: bytes, at: int, kind: int) -> int:
    """Where the content of the element of that kind begins."""
    if raw[at] != kind:
        raise _Broken
    return at + 2 + max(0, raw[at + 1] - NO_LENGTH)


def _past(raw: bytes, at: int, kind: int) -> int:
    """What comes after it."""
    _into(raw, at, kind)
    return _element(raw, at)[2]


def _element(raw: bytes, at: int) -> tuple[int, int, int]:
    """Where its content begins and ends, and what comes after it."""
    length, start = raw[at + 1], at + 2
    if length == NO_LENGTH:
        end = _end(raw, start)
        return start, end, end + len(END)
    if length > NO_LENGTH:
        size = length - NO_LENGTH
        start, length = start + size, int.from_bytes(raw[start : start + size])
    if start + length > len(raw):
        raise _Broken
    return start, start + length, start + length


def _end(raw: bytes, at: int) -> int:
    """Where the mark stands that ends an element without length."""
    open_ = 1
    for _ in range(MOST_PIECES):
        if raw.startswith(END, at):
            open_ -= 1
            if not open_:
                return at
            at += len(END)
        elif raw[at + 1] == NO_LENGTH:
            open_ += 1
            at += 2
        else:
            _, _, at = _element(raw, at)
    raise _Broken


def _octets(raw: bytes, at: int, deep: int, found: list[bytes]) -> int:
    """Add a text, whole or in pieces; what comes after it."""
    if raw[at] | IN_PIECES != OCTETS | IN_PIECES or not deep or len(found) > MOST_PIECES:
        raise _Broken
    start, end, after = _element(raw, at)
    is_whole = not raw[at] & IN_PIECES
    found.append(raw[start:end] if is_whole else b"")
    while not is_whole and start < end:
        start = _octets(raw, start, deep - 1, found)
    return after
