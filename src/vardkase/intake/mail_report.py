"""A person's mail as a report: what it says, what hangs on it, and what it passes on.

Many forward the same phishing mail: `same` names the mail that was passed on, so that those
reports find each other.
"""

import re
from dataclasses import dataclass
from email.message import Message as Mail
from hashlib import sha256
from html.parser import HTMLParser

from .letter import ENCLOSED, FAULTS, Part, addresses, enclosed, header, leaf, leaves, parts
from .passed_on import same

LONGEST = 20_000  # characters of a report
_UNSEEN = re.compile(  # the library's parser looks for their ends again and again
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*+(?:>|\Z)|<(?=[^<>]*+(?:<|\Z))", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells, free of its format."""

    what: str
    contact: str  # the sender's address, as he says
    mark: str  # names this very mail; its number alone may be that of many
    same: str  # names the mail that it passes on, or ""
    files: tuple[tuple[str, bytes], ...]


def told(mail: Mail, raw: bytes) -> Told:
    subject = header(mail, "Subject")
    text = body(mail)
    whole = "\n\n".join(filter(None, (subject, text))) or "(mail without text)"
    what = whole[:LONGEST]
    sender = next(iter(addresses(mail, "From")), "")
    named = header(mail, "Message-ID") or sha256(raw).hexdigest()
    return Told(
        what=what,
        contact=sender[:300],
        mark=f"mail:{named[:300]}:{sender}:{sha256(what.encode()).hexdigest()}",
        same=same(mail, subject, text),
        files=tuple(files(mail)),
    )


def body(mail: Mail) -> str:
    """The text that a reader would see; of HTML its words. If all is enclosed, what that says."""
    return _text(mail, own=True) or _text(mail, own=False)


def _text(mail: Mail, *, own: bool) -> str:
    shown = [p for p in leaves(mail, own=own) if not p.name and p.kind.startswith("text/")]
    for kind in ("text/plain", "text/html"):
        told = [each.text for each in shown if each.kind == kind]
        words = told if kind == "text/plain" else [words_of(html) for html in told]
        found = [each.replace("\r\n", "\n").strip() for each in words if each.strip()]
        if found:
            return "\n\n".join(found if own else found[:1])
    return ""


def files(mail: Mail) -> list[tuple[str, bytes]]:
    """Attachments, and mails that were passed on whole, by name."""
    found: list[tuple[str, bytes]] = []
    for part, kind in parts(mail):
        if kind in ENCLOSED:
            inner = enclosed(part, kind)
            content = _bytes(inner) if inner else b""
            if inner and content:
                found.append((f"{header(inner, 'Subject')[:80] or 'mail'}.eml", content))
        elif not part.is_multipart():
            found += _attached(leaf(part, kind))
    return found


def _attached(part: Part) -> list[tuple[str, bytes]]:
    is_text = part.kind in ("text/plain", "text/html") and not part.name
    if is_text or not part.content:
        return []
    return [(part.name or f"{part.kind.replace('/', '.')}", part.content)]


def _bytes(mail: Mail) -> bytes:
    try:
        return mail.as_bytes()
    except FAULTS:
        return b""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style", "head")
        if tag in ("p", "br", "div", "tr", "li"):
            self.found.append("\n")
        if tag == "a":
            self.found += [f" <{value}> " for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head") and self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def words_of(html: str) -> str:
    """The words of HTML, with the addresses that its links lead to."""
    reader = _Words()
    try:
        reader.feed(_UNSEEN.sub(" ", html[: 20 * LONGEST]))
        reader.close()
    except (AssertionError, ValueError):  # a declaration that the parser cannot make out
        pass
    return "\n".join(" ".join(line.split()) for line in "".join(reader.found).split("\n"))
