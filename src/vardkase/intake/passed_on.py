"""Which mail a person's mail passes on, so that the reports of one phishing mail find each other.

Enclosed whole, or written into the text as the mail programs of the world do it.
"""

import re
from collections import deque
from email.message import Message as Mail
from hashlib import sha256
from itertools import islice
from urllib.parse import unquote

from .letter import enclosed, header, parts

MOST_LINKS = 20
MOST_QUOTED = 100  # mails within mails
_FW = r"fwd?|vb|vs|vl|wg|tr|rv|enc|pd|vidarebef(?:ordra[dt]|ordran|\.)?|forwarded|weitergeleitet"
_RE = r"re|sv|aw|antw|ang"
_PREFIX = re.compile(rf"^\s*(?:(?:{_FW}|{_RE})\s*(?:\[\d+\])?\s*:\s*)+", re.I)
_FORWARD = re.compile(
    rf"^\s*(?:(?:{_RE})\s*(?:\[\d+\])?\s*:\s*){{0,20}}(?:{_FW})\s*(?:\[\d+\])?\s*:", re.I
)
_LINK = re.compile(r"\bhttps?://[^\s<>\"')\]]{3,400}", re.I)
_QUOTED_FROM = re.compile(
    r"(?:^|-----)[>\s*]{0,10}(?:From|Från|Fra|Von|De|Da|Van|Avsändare|Lähettäjä)\s?\*?:\*?\s{1,4}"
    r"(\S.{0,200})$",
    re.M,
)
_QUOTED_SUBJECT = re.compile(
    r"^[>\s*]{0,10}(?:Subject|Ämne|Emne|Betreff|Objet|Onderwerp|Aihe|Rubrik)\s?\*?:\*?\s{1,4}"
    r"(\S.{0,300})$",
    re.M,
)
_ADDRESS = re.compile(r"[^\s<>\[\]\"(:;,]{1,64}@[\w.\-]{3,100}")
_ANSWER = re.compile(rf"^\s*(?:{_RE})\s*(?:\[\d+\])?\s*:", re.I)
_APART = 1_500  # characters between the quoted sender and the quoted subject
_WRAPPED = re.compile(  # the address within one that a mail filter has put in its place
    r"https?(?:%3a|-3a|:)(?:%2f|__|/){1,2}([\w.\-]{3,200})", re.I
)


def same(mail: Mail, subject: str, text: str) -> str:
    """The name of the mail passed on: its own number, or its subject with its sender or links.

    A sender before links, as a campaign gives each receiver a link of his own.
    """
    for part, kind in parts(mail):
        inner = enclosed(part, kind)
        if inner is None:
            continue
        if named := header(inner, "Message-ID"):
            return _name("id", named)
        if any(about := _of(inner)):
            return _name("of", *about)
    return _name("as", *told_apart) if (told_apart := _quoted(subject, text)) else ""


def _quoted(subject: str, text: str) -> list[str]:
    """What is quoted of a mail that was passed on within the text: its subject, and its sender or
    where its links lead. Of a forward of a forward the innermost, which all have in common."""
    sender, title = _last(_QUOTED_FROM, text), _last(_QUOTED_SUBJECT, text)
    if sender and title and abs(sender.start() - title.start()) > _APART:
        title = None
    is_forward = bool(_FORWARD.match(subject))
    is_retitled = bool(sender and title) and not _ANSWER.match(subject)
    if not is_forward and not is_retitled:
        return []
    named = title[1] if title and sender else subject
    about = " ".join(_PREFIX.sub("", named).split()).strip(" *").lower()
    if sender:
        address = _ADDRESS.search(sender[1])
        return [about, (address[0] if address else sender[1].strip()).lower()]
    hosts = sorted(set(map(_host, _LINK.findall(text)[:MOST_LINKS])))
    return [about, *hosts] if hosts else []


def _last(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(islice(form.finditer(text), MOST_QUOTED), maxlen=1)), None)


def _host(link: str) -> str:
    """The host that a link leads to in the end, whatever the filters on the way made of it."""
    inner = _WRAPPED.search(unquote(link[8:]))
    return (inner[1] if inner else link.partition("://")[2].partition("/")[0]).lower()


def _of(inner: Mail) -> tuple[str, str]:
    return header(inner, "Subject").lower(), header(inner, "From").lower()


def _name(*words: str) -> str:
    return sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()[:32]
