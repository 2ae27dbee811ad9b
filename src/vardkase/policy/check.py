"""`vardkase policy check`: every fault of a folder of policy files, with file, line and remedy."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vardkase.policy.lint import (
    access,
    communication,
    files,
    lists,
    regime_facts,
    regime_reach,
    regimes,
    report,
    scales,
)
from vardkase.policy.lint.lines import lines_of
from vardkase.policy.lint.page import Book, Check, Finding, Page
from vardkase.policy.lint.regime_shape import shape_of
from vardkase.policy.parameter import SWEDEN, files_of, id_of

MEANING_CHECKS = (
    *scales.CHECKS,
    *lists.CHECKS,
    *access.CHECKS,
    *report.CHECKS,
    *communication.CHECKS,
    *regimes.CHECKS,
    *regime_facts.CHECKS,
    *regime_reach.CHECKS,
)
CHECKS: tuple[Check, ...] = (
    *files.HEAD_CHECKS,
    *files.ROW_CHECKS,
    *files.SHAPE_CHECKS,
    *MEANING_CHECKS,
)
LIKE_TOML = (".toml", ".tml", ".yaml", ".yml", ".json")  # what a rule may be saved as by mistake
_AT_LINE = re.compile(r"at line (\d+)")


def check(folder: Path, *, today: date | None = None) -> list[Finding]:
    """What is wrong with the policy files of `folder`, ours filling in what it lacks.

    A check that reads meaning runs only on a page that the checks before it have passed.
    """
    findings = list(_unread(folder))
    book = _book(folder, today, findings)
    for page in book.pages.values():
        _passes(page, book, MEANING_CHECKS, findings)
    return sorted(findings)


def check_file(
    path: Path, *, beside: Path | None = None, today: date | None = None
) -> list[Finding]:
    """What is wrong with one regime's file, wherever it lies, as if it lay in `beside`."""
    findings: list[Finding] = []
    book = _book(beside, today, []) if beside else Book(_day(today), {})
    if page := _open(path, path.parent, findings):
        page = replace(page, id=f"regimes.{path.stem}")
        for checks in (files.HEAD_CHECKS, files.ROW_CHECKS, files.SHAPE_CHECKS, MEANING_CHECKS):
            if not _passes(page, book, checks, findings):
                break
            book.pages[page.id] = page
    return sorted(findings)


def _book(folder: Path, today: date | None, findings: list[Finding]) -> Book:
    """The pages of the folder whose shape is right; what is wrong with the others."""
    book = Book(_day(today), {})
    for path in files_of(folder):
        page = _open(path, folder, findings)
        if page and _passes(page, book, files.HEAD_CHECKS, findings):
            _passes(page, book, files.ROW_CHECKS, findings)
            if shape_of(page.id) and _passes(page, book, files.SHAPE_CHECKS, findings):
                book.pages[page.id] = page
    return book


def _unread(folder: Path) -> Iterator[Finding]:
    """Files that somebody may believe to be in force."""
    for path in folder.rglob("*"):
        if path.suffix.lower() in LIKE_TOML and path.suffix != ".toml":
            sv = "Filen läses inte: bara namn som slutar på .toml gör det."
            en = "The file is not read: only names that end in .toml are."
            yield Finding(path, 1, "readable", "warning", sv, en)


def _day(today: date | None) -> date:
    return today or datetime.now(SWEDEN).date()


def faults(findings: list[Finding]) -> list[Finding]:
    """Those that keep the files from being used; the rest are warnings."""
    return [finding for finding in findings if finding.severity == "fault"]


def _passes(page: Page, book: Book, checks: tuple[Check, ...], findings: list[Finding]) -> bool:
    found = [finding for check in checks for finding in check.findings(page, book)]
    findings += found
    return not faults(found)


def _open(path: Path, folder: Path, findings: list[Finding]) -> Page | None:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        raw: dict[str, Any] = tomllib.loads(text)
        return Page(path, id_of(path, folder), raw, lines_of(text))
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        sv, en = "Filen är inte UTF-8: spara den så.", "The file is not UTF-8: save it as that."
    except tomllib.TOMLDecodeError as fault:
        line = _line_of(str(fault), text)
        sv, en = f"TOML går inte att läsa: {fault}.", f"The TOML cannot be read: {fault}."
        if text.startswith("\ufeff"):
            sv = "Filen börjar med ett BOM-märke: spara den som UTF-8 utan BOM."
            en = "The file begins with a byte order mark: save it as UTF-8 without one."
    except (OSError, RecursionError) as fault:
        line, deep = 1, isinstance(fault, RecursionError)
        sv = "Filen är för djupt nästlad." if deep else "Filen går inte att läsa."
        en = "The file is nested too deeply." if deep else "The file cannot be read."
    findings.append(Finding(path, line, "readable", "fault", sv, en))
    return None


def _line_of(message: str, text: str) -> int:
    """Where tomllib stopped: it says the line, or that it was the end of the file."""
    found = _AT_LINE.search(message)
    return int(found[1]) if found else len(text.splitlines()) or 1


def names() -> Iterator[str]:
    """The name of every check."""
    yield "readable"
    yield from (check.name for check in CHECKS)
