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

LONGEST = 20_000  # characters of a report
MOST_LINKS = 20
_FW = r"fwd?|vb|vs|vl|wg|tr|rv|enc|pd|vidarebef(?:ordra[dt]|ordran|\.)?|forwarded|weitergeleitet"
_RE = r"re|sv|aw|antw|ang"
_PREFIX = re.compile(rf"^\s*(?:(?:{_FW}|{_RE})\s*(?:\[\d+\])?\s*:\s*)+", re.I)
_FORWARD = re.compile(
    rf"^\s*(?:(?:{_RE})\s*(?:\[\d+\])?\s*:\s*){{0,20}}(?:{_FW})\s*(?:\[\d+\])?\s*:", re.I
)
_UNSEEN = re.compile(  # the library's parser looks for their ends again and again
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*+(?:>|\Z)|<(?=[^<>]*+(?:<|\Z))", re.DOTALL
)
_LINK = re.compile(r"\bhttps?://[^\s<>\"')\]]{3,400}", re.I)
_QUOTED_FROM = re.compile(
    r"^[>\s*]{0,10}(?:From|Från|Fra|Von|De|Avsändare)\*?:\*?\s{1,4}(\S.{0,200})$", re.M
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells, free of its format."""

    what: str
    contact: str  # the sender's address, as he says
    mark: str  # names this very mail
    same: str  # names the mail that it passes on, or ""
    files: tuple[tuple[str, bytes], ...]


def told(mail: Mail, raw: bytes) -> Told:
    subject = header(mail, "Subject")
    text = body(mail)
    whole = "\n\n".join(filter(None, (subject, text))) or "(mail without text)"
    sender = next(iter(addresses(mail, "From")), "")
    named = header(mail, "Message-ID") or sha256(raw).hexdigest()
    return Told(
        what=whole[:LONGEST],
        contact=sender[:300],
        mark=f"mail:{named[:300]}:{sender}",
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


def same(mail: Mail, subject: str, text: str) -> str:
    """The name of the mail passed on: its own number, or its subject with its links or sender."""
    for part, kind in parts(mail):
        inner = enclosed(part, kind)
        if inner is None:
            continue
        if named := header(inner, "Message-ID"):
            return _name("id", named)
        if any(about := _of(inner)):
            return _name("of", *about)
    if not _FORWARD.match(subject):
        return ""
    links = sorted(set(_LINK.findall(text)))[:MOST_LINKS]
    quoted = _QUOTED_FROM.search(text)
    if not links and not quoted:
        return ""
    about_it = _PREFIX.sub("", subject).strip().lower()
    return _name("as", about_it, *(links or [quoted[1].strip().lower() if quoted else ""]))


def _of(inner: Mail) -> tuple[str, str]:
    return header(inner, "Subject").lower(), header(inner, "From").lower()


def _name(*words: str) -> str:
    return sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()[:32]


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
