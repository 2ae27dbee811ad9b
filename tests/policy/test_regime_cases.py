"""Worked cases as data: facts in as `policy try` takes them, verdict, clocks and recipients out."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vardkase.policy.facts import read
from vardkase.policy.judge import judge, plain
from vardkase.policy.regime_files import catalogue, regimes

FILES = [
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("cases").glob("*.toml"))
]
BASES = {name: facts for file in FILES for name, facts in file.get("base", {}).items()}
CASES: list[dict[str, Any]] = [case for file in FILES for case in file["case"]]
NEW_YEAR = "2027-01-01T00:00+01:00"


def said(case: dict[str, Any]) -> dict[str, Any]:
    """What the regime of the case answers, as data."""
    given = {**BASES.get(case.get("base", ""), {}), **case.get("facts", {})}
    raw = {name: value for name, value in given.items() if name not in case.get("drop", [])}
    facts, _ = read(raw, catalogue())
    at = datetime.fromisoformat(case.get("at", NEW_YEAR))
    return plain(judge(case["regime"], facts, at=at))


def when(step: dict[str, Any]) -> str:
    return f"waits_for {step['waits_for']}" if step["due"] == "waits_for" else str(step["due"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['regime']}: {case['name']}")
def test_a_worked_case(case: dict[str, Any]) -> None:
    answer = said(case)
    assert answer["verdict"] == case["verdict"], answer
    assert answer["version"] == case.get("version", answer["version"])
    for key in ("hits", "unknown", "ask"):
        assert set(case.get(key, [])) <= set(answer[key]), answer
    for key in ("hits", "unknown", "ask"):
        assert answer[key] == case.get(f"only_{key}", answer[key])
    if case.get("hits") == []:
        assert answer["hits"] == []
    steps = {step["id"]: step for step in answer["steps"]}
    expected = case.get("steps", {})
    assert {id: when(steps[id]) for id in expected} == expected, answer["steps"]
    assert not set(case.get("absent", [])) & steps.keys()
    for id, name in case.get("recipient", {}).items():
        assert steps[id]["recipient"] == name


def test_every_regime_has_a_worked_case() -> None:
    assert {case["regime"] for case in CASES} == set(regimes())


def test_every_base_and_every_case_has_a_name_of_its_own() -> None:
    assert len(BASES) == sum(len(file.get("base", {})) for file in FILES)
    assert len({(case["regime"], case["name"]) for case in CASES}) == len(CASES)


def test_every_case_says_its_ground() -> None:
    assert all(case["ground"] for case in CASES)
