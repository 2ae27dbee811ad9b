"""An abuse report in the format of RFC 5965 (ARF), with what RFC 6591 and 6692 add."""

from email.message import Message as Mail
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from typing import NamedTuple

from ..letter import FAULTS, header, leaf, letter, parts, within, words
from ..source import NotUnderstood
from ..understood import kept

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
    inner = within(part)
    encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    pairs = list(inner.raw_items()) if inner is not part else []
    if encoded in ("base64", "quoted-printable") or not pairs:
        pairs += _parsed(_decoded(inner, encoded)).raw_items()
    return kept((name, words(value)) for name, value in pairs if name.strip())


def _decoded(inner: Mail, encoding: str) -> bytes:
    if encoding and not inner.get("Content-Transfer-Encoding"):
        inner["Content-Transfer-Encoding"] = encoding
    return leaf(inner, "").content.lstrip(b"\r\n\t ")


def _parsed(content: bytes) -> Mail:
    try:
        return BytesParser(policy=compat32).parsebytes(content, headersonly=True)
    except FAULTS:
        return HeaderParser(policy=compat32).parsestr("")


def _original(part: Mail, kind: str) -> dict[str, str]:
    mail = within(part)
    if mail is part or not mail.keys():
        mail = _parsed(leaf(mail, kind).content.lstrip(b"\r\n"))
    return {name: told for name in ORIGINAL if (told := header(mail, name))}
