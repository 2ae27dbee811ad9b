"""The handbook and the law page say what the regimes say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vardkase.policy.parameter import NotInForce
from vardkase.policy.regime import Regime
from vardkase.policy.regime_files import on, parameter_of, regimes

DOCS = Path(__file__).parents[2] / "docs"
TODAY = date(2026, 11, 22)
WORDS = {"PT6H": "6", "PT24H": "24", "PT48H": "48", "PT72H": "72", "PT4H": "4 timmar"}
WORDS |= {"P1M": "en månad", "P2M": "två månader", "P4W": "veckor", "P3D": "tre dagar"}


ENGLISH = {"PT6H": "6 hours", "PT24H": "24", "PT48H": "48", "PT72H": "72", "PT4H": "4 hours"}
ENGLISH |= {"P1M": "one month", "P2M": "two months", "P4W": "weeks", "P3D": "three days"}


def page(id: str) -> str:
    return (DOCS / "handbook" / f"{id}.md").read_text(encoding="utf-8")


def newest(id: str) -> Regime:
    found = parameter_of(id)
    try:
        return on(found, TODAY)
    except NotInForce:
        return on(found, date(2026, 1, 14))


@pytest.mark.parametrize("id", regimes())
def test_each_regime_has_a_page_in_both_languages(id: str) -> None:
    swedish, _, english = page(id).partition("\n---\n")
    assert swedish.startswith("# ")
    assert english.strip().startswith("# ")
    assert f"({id}.md)" in (DOCS / "handbook" / "README.md").read_text(encoding="utf-8")
    assert len(page(id).splitlines()) < 50


def test_every_page_is_led_to_from_another() -> None:
    pages = {file: file.read_text(encoding="utf-8") for file in (DOCS / "handbook").rglob("*.md")}
    for file in pages.keys() - {DOCS / "handbook" / "README.md"}:
        others = (text for other, text in pages.items() if other != file)
        assert any(f"{file.name})" in text for text in others), file.name


@pytest.mark.parametrize("id", regimes())
def test_the_page_names_every_recipient_and_every_time(id: str) -> None:
    swedish, _, english = page(id).partition("\n---\n")
    edition = newest(id)
    for name in {step.to for step in edition.steps if step.to}:
        for each in (row for row in edition.recipients[name] if row.span.holds(TODAY)):
            assert each.name.lower() in swedish.lower(), each.name
            assert each.name.lower() in english.lower(), each.name
    for step in edition.steps:
        for end in (end for branch in step.due for end in branch.ends):
            assert WORDS[end.within] in swedish, (step.id, end.within)
            assert ENGLISH[end.within] in english, (step.id, end.within)


UNSURE = ("kontrollera", "ur minnet", "förslag", "not checked", "from memory", "our own")


@pytest.mark.parametrize("id", regimes())
def test_the_page_says_that_something_is_unverified_when_it_is(id: str) -> None:
    for half in page(id).partition("\n---\n")[::2]:
        said = any(word in half.lower() for word in UNSURE)
        assert said or not grounds([version.value for version in parameter_of(id).versions])


def grounds(value: Any) -> set[str]:
    """The refs of all rows that nobody has checked."""
    if isinstance(value, dict):
        ref = value.get("legal") or value.get("ref")
        here = {ref} if value.get("status") == "unverified" and isinstance(ref, str) else set()
        return here.union(*map(grounds, value.values()))
    return set().union(*map(grounds, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("id", regimes())
def test_the_law_page_names_what_is_unverified(id: str) -> None:
    """By act: what stands before the paragraph or the article."""
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    assert f"`{id}`" in text or (id.startswith("own-") and "`own-*`" in text)
    for ref in grounds([version.value for version in parameter_of(id).versions]):
        act = (
            ref.split(";")[0]
            .split(" art.")[0]
            .split(" (ej")[0]
            .split(" (mott")[0]
            .split(" (S2")[0]
            .split(",")[0]
            .split(":")[0]
        )
        assert act in text or "OSL 10" in ref, ref
