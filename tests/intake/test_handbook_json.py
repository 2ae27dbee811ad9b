"""The handbook tells in both languages how each source of JSON or XML is connected."""

import re
from pathlib import Path

import pytest

from tests.intake.test_json_sources import NAMES
from vardkase.intake.registry import names

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"
PAGES = [HANDBOOK / "sv" / "larmkallor-json.md", HANDBOOK / "en" / "detectors-json.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_every_source_has_its_copy_paste_line(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:-1]:
        assert part.count("```") >= 2, part.partition("\n")[0]
    told = set(re.findall(r"source[= ]([a-z]+)", text))
    assert {name.partition(":")[0] for name in NAMES} <= told
    assert {name for name in told if name not in ("of",)} <= {n.rstrip(":") for n in names()}


def test_both_pages_have_the_same_parts() -> None:
    sources = [re.findall(r"^## .*\((`.*`)\)$", p.read_text("utf-8"), re.MULTILINE) for p in PAGES]
    assert len(sources[0]) == len(NAMES)
    assert [s.split(":")[0] for s in sources[0]] == [s.split(":")[0] for s in sources[1]]
