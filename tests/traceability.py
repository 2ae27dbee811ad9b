"""Which test holds which requirement: `python -m tests.traceability` writes it to docs/."""

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "traceability.md"
REQUIREMENTS = TESTS / "sources" / "requirements.toml"
HEAD = """# Which test holds which requirement

Written by `python -m tests.traceability` from the marks of the tests; do not edit it.
S1 is MSB's method support for incident handling, S2 Region Skåne's instruction on information
security incidents, S3 PTS on trust services. The words are the source's own, and a test compares
them with it. A number that no test names is not met, or not yet said to be.

"""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    number: str
    words: str
    test: str  # "tests/events/test_report.py::test_one_sentence_is_a_report"


def marks(items: Iterable[pytest.Item]) -> list[Mark]:
    """Every `pytest.mark.says(number, words)` of the collected tests, a test of a table once."""
    return sorted(
        {
            Mark(str(mark.args[0]), " ".join(str(mark.args[1]).split()), item.nodeid.split("[")[0])
            for item in items
            for mark in item.iter_markers("says")
        }
    )


class Collected:
    """Looks at what pytest found, and lets nothing run."""

    items: list[pytest.Item]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def collect() -> list[pytest.Item]:
    seen = Collected()
    code = pytest.main(["--collect-only", "-qq", "--no-header", str(TESTS)], plugins=[seen])
    if code:
        sys.exit("The tests cannot be collected.")
    return seen.items


def is_whole(items: Iterable[pytest.Item]) -> bool:
    """Whether every test file is there, so that the table can be made of `items`."""
    return {item.path for item in items} >= set(TESTS.rglob("test_*.py"))


def requirements() -> dict[str, dict[str, Any]]:
    """Every number there is, in order, with its area."""
    return tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8"))


def page(found: list[Mark]) -> str:
    known, held = requirements(), defaultdict(list[Mark])
    for mark in found:
        held[mark.number].append(mark)
    duties = [number for number, row in known.items() if row["duty"]]
    summary = (
        f"{len(held)} of {len(known)} are held by a test; of the {len(duties)} that the source"
        f" puts as a duty, {sum(number in held for number in duties)}.\n\n"
    )
    rows = [line(number, known[number], held[number]) for number in sorted(known, key=in_order)]
    return HEAD + summary + "| No. | Area | Words | Tests |\n|---|---|---|---|\n" + "".join(rows)


def in_order(number: str) -> tuple[int, int]:
    source, row = number[1:].split("-")
    return int(source), int(row)


def line(number: str, row: dict[str, Any], held: list[Mark]) -> str:
    words = "<br>".join(dict.fromkeys(mark.words for mark in held))
    tests = "<br>".join(dict.fromkeys(f"`{mark.test}`" for mark in held))
    return f"| {number} | {row['area']} | {words} | {tests or '–'} |\n".replace("|  |", "| |")


if __name__ == "__main__":
    PAGE.write_text(page(marks(collect())), encoding="utf-8")
