"""An abuse report in the format of RFC 5965 (ARF), with what RFC 6591 and 6692 add."""

from email.message import Message as Mail
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from typing import NamedTuple

from ..letter import FAULTS, header, leaf, letter, parts, words
from ..source import NotUnderstood
from ..understood import kept

EMBEDDED = ("message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header")
ORIGINAL = ("From", "To", "Subject", "Date", "Message-ID", "Return-Path", "Received")


class Report(NamedTuple):
    mail: Mail  # the report itself
    told: dict[str, str]  # the machine's part, by its own names
    original: dict[str, str]  # headers of the mail complained of


def read_report(raw: bytes) -> Report:
    """The parts of the report; raises `NotUnderstood` for a mail that is none."""
    mail = letter(raw)
    told: dict[str, str] = {}
    original: dict[str, str] = {}
    for part, kind in parts(mail):
        if kind == "message/feedback-report":
            told = told or _fields(part)
        elif kind in (
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "text/rfc822-header",
        ):
            original = original or _original(part, kind)
    if not told:
        raise NotUnderstood("There is no part message/feedback-report: not an abuse report (ARF).")
    return Report(mail, told, original)


def _fields(part: Mail) -> dict[str, str]:
    """The report's fields. The parser takes them for the headers of a mail, if it can."""
    within = _within(part)
    encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    pairs = list(within.raw_items()) if within is not part else []
    if encoded in ("base64", "quoted-printable") or not pairs:
        pairs += _parsed(_decoded(within, encoded)).raw_items()
    return kept((name, words(value)) for name, value in pairs if name.strip())


def _within(part: Mail) -> Mail:
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else part
    return first if isinstance(first, Mail) else part


def _decoded(within: Mail, encoding: str) -> bytes:
    if encoding and not within.get("Content-Transfer-Encoding"):
        within["Content-Transfer-Encoding"] = encoding
    return leaf(within, "").content.lstrip(b"\r\n\t ")


def _parsed(content: bytes) -> Mail:
    try:
        return BytesParser(policy=compat32).parsebytes(content, headersonly=True)
    except (*FAULTS, RecursionError):
        return HeaderParser(policy=compat32).parsestr("")


def _original(part: Mail, kind: str) -> dict[str, str]:
    mail = _within(part)
    if mail is part or not mail.keys():
        mail = _parsed(leaf(mail, kind).content.lstrip(b"\r\n"))
    return {name: told for name in ORIGINAL if (told := header(mail, name))}
