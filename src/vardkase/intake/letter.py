"""A mail taken apart without trusting it: whatever the bytes, headers and parts as clean text.

Parsed by the standard library in its lenient mode. A mail is bounded in parts and depth before it
is parsed, because the parser looks at every boundary that is open for every line.
"""

import binascii
import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from . import signed
from .reading import storable, text_of
from .source import NotUnderstood, Unreadable

MOST_PARTS = 200
MOST_NESTED = 100  # boundaries, and mails within mails
MOST_COMPARED = 10_000_000  # lines times boundaries
MOST_MARKS = 20_000  # lines that may be boundaries
MOST_SIGNED = 3  # signatures around mails that are opened: each time all within is read anew
HEADER = 8_000  # characters of one header that are read
WRAPPED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
ENCLOSED = ("message/rfc822", "message/global")
FAULTS = (  # what the library raises on hostile mail
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(binascii.Error, MessageError, RecursionError),
)
_OPENING = re.compile(rb"boundary[ \t]*=|message/(?:rfc822|partial|global)", re.IGNORECASE)
_MBOX = re.compile(rb"(?:\A|\n\r?\n)From [^\r\n]{0,200}\d{2}:\d{2}[^\r\n]{0,40}\r?\n")
_HEADERS = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]{1,100}[ \t]*:|[!-9;-~]{1,100}:)")
_opened: WeakKeyDictionary[Mail, list[Mail]] = WeakKeyDictionary()


class Part(NamedTuple):
    kind: str  # `text/plain`, in lower case
    name: str  # the file's name, or ""
    content: bytes
    charset: str

    @property
    def text(self) -> str:
        return decoded(self.content, self.charset)


def mails(body: bytes) -> list[bytes]:
    """The mails of a batch: one, or those of an mbox file."""
    starts = [found.end() for found in _MBOX.finditer(body)]
    if not starts or not body.startswith(b"From "):
        return [body] if body.strip() else []
    ends = [found.start() for found in _MBOX.finditer(body)][1:] + [len(body)]
    return [body[start:end] for start, end in zip(starts, ends, strict=True)]


def letter(raw: bytes) -> Mail:
    """The mail; raises `NotUnderstood` for what is none, or is nested beyond reason."""
    raw = raw.lstrip(b"\r\n\0")
    if not raw.strip(b"\0 \r\n\t"):
        raise Unreadable("There is not one readable character.")
    if not _HEADERS.match(raw):
        text_of(raw[:10_000])
        raise NotUnderstood("There is no header: not a mail.")
    openings = len(_OPENING.findall(raw))
    if openings > MOST_NESTED:
        raise NotUnderstood(f"The mail nests more than {MOST_NESTED} parts.")
    marks = raw.count(b"\n--") if openings else 0
    if raw.count(b"\n") * (1 + openings) > MOST_COMPARED or marks > MOST_MARKS:
        raise NotUnderstood("The mail has more lines and parts than can be read in time.")
    try:
        return BytesParser(policy=compat32).parsebytes(raw)
    except RecursionError:
        raise NotUnderstood("The mail is nested too deeply to be read.") from None
    except FAULTS as fault:
        raise NotUnderstood(f"The mail cannot be taken apart ({type(fault).__name__}).") from None


def header(mail: Mail, name: str) -> str:
    """The first header of that name as one line of clean text, or ""."""
    return next(iter(headers(mail, name)), "")


def headers(mail: Mail, name: str) -> list[str]:
    wanted = name.lower()
    return [words(value) for told, value in mail.raw_items() if told.lower() == wanted]


def words(value: object) -> str:
    """A header's value, its encoded words read; an unknown charset is guessed."""
    plain = recovered(str(value)[:HEADER])
    if "=?" in plain:
        with contextlib.suppress(*FAULTS):
            plain = "".join(decoded(part, charset or "") for part, charset in decode_header(plain))
    return " ".join(storable(plain).split())


def recovered(text: str) -> str:
    """Text that the parser made of bytes over 127, as what they were."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return decoded(text.encode("utf-8", "surrogateescape"), "")
    return text


def decoded(part: bytes | str, charset: str) -> str:
    if isinstance(part, str):
        return storable(recovered(part))
    for name in (charset.strip(" \"'").lower(), "utf-8", "cp1252"):
        try:
            return storable(part.decode(name or "utf-8"))
        except (LookupError, ValueError):
            continue
    return storable(part.decode("latin-1"))


def parts(mail: Mail, *, own: bool = False) -> Iterator[tuple[Mail, str]]:
    """The parts with their kinds, the outermost first, at most so many; `own`: without those of
    mails that it encloses."""
    waiting, signed_ones = [mail], 0
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        kind = _kind(part)
        yield part, kind
        signed_ones += kind in WRAPPED
        if kind in WRAPPED and signed_ones > MOST_SIGNED:
            continue
        if not kind.startswith("message/feedback") and not (own and kind in ENCLOSED):
            waiting = inside(part) + waiting


def inside(part: Mail) -> list[Mail]:
    """The parts of a part; of one that holds none, the library would try to read the text."""
    if not part.is_multipart():
        return opened(part)
    return [each for each in part.get_payload() if isinstance(each, Mail)]


def opened(part: Mail) -> list[Mail]:
    """The mail that a signature is wrapped around, which stays a file too. Opened once: a mail is
    walked through many times."""
    kind = _kind(part)
    if kind not in WRAPPED:
        return []
    if part not in _opened:
        inner = signed.content(leaf(part, kind).content)
        found = _letter(inner) if inner else None
        _opened[part] = [found] if found else []
    return _opened[part]


def within(part: Mail) -> Mail:
    """The first part of a part, or the part itself if it holds none."""
    return next(iter(inside(part)), part)


def leaf(part: Mail, kind: str) -> Part:
    """The content of a part that holds no others."""
    try:
        content = part.get_payload(decode=True)
    except FAULTS:  # its charset or encoding cannot even be looked up
        content = str(getattr(part, "_payload", "")).encode("utf-8", "surrogateescape")
    try:
        name = words(part.get_filename() or "")
    except FAULTS:
        name = ""
    return Part(kind, name, content if isinstance(content, bytes) else b"", _charset(part))


def enclosed(part: Mail, kind: str) -> Mail | None:
    """The mail that a part is: as such, encoded though that is forbidden, or as a file `.eml`."""
    if kind in ENCLOSED:
        inner = within(part)
        if inner is not part and inner.keys():
            return inner
        packed = Mail()
        packed["Content-Transfer-Encoding"] = str(part.get("Content-Transfer-Encoding", "8bit"))
        packed.set_payload("" if inner.is_multipart() else inner.get_payload())
        return _letter(leaf(packed, "").content)
    if part.is_multipart() or kind.startswith("text/"):
        return None
    file = leaf(part, kind)
    return _letter(file.content) if file.name.lower().endswith(".eml") else None


def _letter(raw: bytes) -> Mail | None:
    try:
        return letter(raw)
    except (NotUnderstood, Unreadable):
        return None


def leaves(mail: Mail, *, own: bool = False) -> Iterator[Part]:
    """What a reader would see and what hangs on it, in order."""
    for part, kind in parts(mail, own=own):
        if not part.is_multipart():
            yield leaf(part, kind)


def _kind(part: Mail) -> str:
    try:
        return words(part.get_content_type())
    except FAULTS:
        return "text/plain"


def _charset(part: Mail) -> str:
    try:
        return str(part.get_content_charset() or "")
    except FAULTS:
        return ""


def addresses(mail: Mail, name: str) -> list[str]:
    """The bare addresses of a header, in lower case."""
    try:
        found = getaddresses(headers(mail, name))
    except FAULTS:
        return []
    return [address.strip().lower() for _, address in found if "@" in address]


def sent_at(mail: Mail) -> datetime | None:
    """The Date of the mail, if it tells one."""
    try:
        found = parsedate_to_datetime(header(mail, "Date"))
    except (*FAULTS, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
