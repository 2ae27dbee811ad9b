"""An X-ARF report of any age: JSON (4, and 1 to 3), or YAML in a mail (0.1 and 0.2)."""

import re
from collections.abc import Mapping
from email.message import Message as Mail
from typing import NamedTuple

from ..json_text import loads
from ..letter import header, leaves
from ..reading import storable
from ..source import NotUnderstood, Unreadable
from ..values import leaves as json_leaves
from ..values import text as in_words

EVIDENCE = ("content", "evidence", "samples", "attachment")  # parts of a name
NEEDED = ("reportedfrom", "reportid", "schemaurl")  # what no person writes
_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,60})[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")


class Report(NamedTuple):
    """What is told, by its own names; `known` is the same by small letters without marks."""

    told: dict[str, str]

    @property
    def known(self) -> Mapping[str, str]:
        return {plain(name): value for name, value in self.told.items()}


def plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def read_json(raw: bytes) -> Report:
    """A report that is JSON; raises `NotUnderstood`."""
    found = loads(raw)
    if isinstance(found, dict) and isinstance(found.get("machine_readable"), dict):
        found = found["machine_readable"]  # as some programs keep version 0.1
    if not isinstance(found, dict):
        raise NotUnderstood("This is JSON, but no X-ARF report.")
    told = {
        storable(name)[:200]: in_words(value, 2_000)
        for name, value in json_leaves(found)
        if not _is_evidence(name)
    }
    report = Report(told)
    known = report.known
    is_new = "xarfversion" in known and "type" in known
    is_older = any(name.startswith("report.report") for name in known)
    if not (is_new or is_older or known.keys() >= {"reporttype", "source"}):
        raise NotUnderstood("There is neither xarf_version nor Report.ReportType: not X-ARF.")
    return report


def _is_evidence(name: str) -> bool:
    """Whether a field holds what was seen, and not what is said of it."""
    return any(word in EVIDENCE or word.startswith("payload") for word in name.lower().split("."))


def read_mail(mail: Mail) -> Report:
    """A report within a mail, as JSON or as YAML; raises `NotUnderstood`."""
    is_said = header(mail, "X-ARF") or header(mail, "X-XARF")
    for part in leaves(mail):
        content = part.content.lstrip(b"\xef\xbb\xbf \t\r\n")
        try:
            if content.startswith(b"{"):
                return read_json(content)
        except (NotUnderstood, Unreadable):
            continue
        if part.kind in ("text/plain", "text/yaml", "application/yaml", "text/x-yaml"):
            told = _yaml(part.text)
            known = Report(told).known
            is_whole = is_said or any(name in known for name in NEEDED)
            if is_whole and "source" in known and ("reporttype" in known or "category" in known):
                return Report(told)
    said = "an X-ARF report, but none of its parts is one" if is_said else "no X-ARF report"
    raise NotUnderstood(f"The mail is {said}.")


def _yaml(text: str) -> dict[str, str]:
    """The flat pairs that X-ARF 0.1 and 0.2 write; the language has more, the format does not."""
    told: dict[str, str] = {}
    for line in text.split("\n")[:400]:
        pair = _PAIR.match(line.rstrip("\r")[:4_000])
        if pair:
            told.setdefault(pair[1], (pair[2] or "").strip().strip("\"'"))
    return told
