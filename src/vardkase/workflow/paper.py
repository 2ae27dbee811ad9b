"""Reports on paper: PDF/A, tagged, with the hash of the case's last log entry on each page."""

import json
from pathlib import Path
from typing import Any

from vardkase.lib.pdf import pdf
from vardkase.lib.text import named
from vardkase.policy.parameter import SWEDEN

from .prefill import Line, Report

TEMPLATE = Path(__file__).with_suffix(".typ")
WORDS = {
    "sv": {
        "page": "Sida", "made": "Framställd {at}", "head": "Loggens sista hash: {head}",
        "unverified": "Ej verifierad uppgift.", "missing": "Uppgift saknas.",
        "later": "Kompletteras senare.", "secrecy": "Sekretess kan gälla:",
        "law": "Vår läsning är inte kontrollerad mot källan:",
    },
    "en": {
        "page": "Page", "made": "Made {at}", "head": "Last hash of the log: {head}",
        "unverified": "Not verified.", "missing": "Missing.", "later": "Will follow later.",
        "secrecy": "Secrecy may apply:", "law": "Our reading is not checked against the source:",
    },
}  # fmt: skip


def on_paper(report: Report) -> bytes:
    """The report as PDF. Raises `lib.pdf.Busy`."""
    words, local = WORDS[report.language], report.at.astimezone(SWEDEN)
    said = report.standing.judgement
    data: dict[str, Any] = {
        "title": report.title,
        "case": report.case,
        "entity": report.standing.entity.name,
        "regime": f"{said.regime} {said.version or ''}",
        "recipient": report.recipient,
        "language": report.language,
        "date": [local.year, local.month, local.day],
        "page": words["page"],
        "made": words["made"].format(at=f"{local:%Y-%m-%d %H:%M}"),
        "head": words["head"].format(head=report.head),
        "secrecy": secrecy(report),
        "law": f"{words['law']} {'; '.join(report.unverified)}" if report.unverified else "",
        "rows": [row(report, line) for line in report.going],
    }
    cleaned: dict[str, Any] = named(data)
    return pdf(TEMPLATE, cleaned)


def secrecy(report: Report) -> str:
    grounds = dict.fromkeys(line.secrecy for line in report.going if line.secrecy)
    return f"{WORDS[report.language]['secrecy']} {', '.join(grounds)}" if grounds else ""


def row(report: Report, line: Line) -> dict[str, str]:
    words = WORDS[report.language]
    number = f"{line.field.number}. " if line.field.number else ""
    marks = [words["unverified"]] if line.unverified else []
    if not line.text:
        marks.append(words["later"] if line.later else words["missing"])
    return {"label": number + report.label(line), "text": line.text, "mark": " ".join(marks)}


KINDS = {"pdf": "application/pdf", "json": "application/json", "txt": "text/plain; charset=utf-8"}


def file_of(report: Report, kind: str) -> tuple[bytes, str]:
    """The report as one of `KINDS`, with its media type."""
    if kind == "pdf":
        return on_paper(report), KINDS[kind]
    if kind == "json":
        told = json.dumps(report.content(), ensure_ascii=False, indent=1)
        return told.encode(), KINDS[kind]
    return report.plain().encode(), KINDS[kind]
