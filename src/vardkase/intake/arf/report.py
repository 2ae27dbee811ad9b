"""An abuse report in the format of RFC 5965 (ARF), with what RFC 6591 and 6692 add."""

import re
from email.message import Message as Mail
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from typing import NamedTuple

from ..letter import ENCLOSED, FAULTS, header, leaf, parts, within, words
from ..source import NotUnderstood
from ..understood import kept

HEADERS = ("text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers")
BEGUN = re.compile(r"^Feedback-Type:[ \t]*[\w-]+[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
COMPLAINTS = (  # Microsoft's and SpamCop's own forms, which say in the subject all that ARF would
    re.compile(r"complaint about message from (?P<ip>[0-9a-fA-F.:]{7,45})"),
    re.compile(r"\[SpamCop \((?P<ip>[0-9a-fA-F.:]{7,45})\) id:\d+\](?P<about>.*)"),
)
ORIGINAL = ("From", "To", "Subject", "Date", "Message-ID", "Return-Path", "Received")


class Report(NamedTuple):
    mail: Mail  # the report itself
    told: dict[str, str]  # the machine's part, by its own names
    original: dict[str, str]  # headers of the mail complained of


def read_report(mail: Mail) -> Report:
    """The parts of the report; raises `NotUnderstood` for a mail that is none."""
    told: dict[str, str] = {}
    original: dict[str, str] = {}
    is_report = "feedback-report" in header(mail, "Content-Type").lower()
    around: dict[str, str] = {}  # of a mail that the report came in
    for part, kind in parts(mail):
        if kind == "message/feedback-report":
            told = told or _fields(part)
        elif kind in (*ENCLOSED, *HEADERS) and told:
            original = original or _original(part, kind)
        elif kind in ENCLOSED:
            around = around or _original(part, kind)
        elif kind == "text/plain" and is_report and not told:
            told = _written(leaf(part, kind).text)
    told, original = told or _complaint(mail, original), original or around
    if not told:
        raise NotUnderstood("There is no part message/feedback-report: not an abuse report (ARF).")
    return Report(mail, told, original)


def _written(text: str) -> dict[str, str]:
    """The fields of a report whose part is called a text; never of what people write or pass on."""
    begun = BEGUN.search(text)
    told = _parsed(text[begun.start() :].encode("utf-8", "replace")) if begun else None
    if told is None or not (told["Version"] or told["User-Agent"]):
        return {}
    return kept((name, words(value)) for name, value in told.raw_items())


def _complaint(mail: Mail, original: dict[str, str]) -> dict[str, str]:
    subject = header(mail, "Subject")
    found = next(filter(None, (form.match(subject) for form in COMPLAINTS)), None)
    if found is None:
        return {}
    if about := found.groupdict().get("about"):
        original.setdefault("Subject", about.strip())
    return {"Feedback-Type": "abuse", "Source-IP": found["ip"]}


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
