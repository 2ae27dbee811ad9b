"""How things are measured; whether the limits hold is asked by `./dev check`."""

import ast
import json
from pathlib import Path

import pytest

from tests.architecture.budgets import Budget, branches, functions, main, measure


def test_a_fork_counts_once_and_inner_functions_for_themselves(tmp_path: Path) -> None:
    source = (
        "def outer(x):\n    if x:\n        pass\n    elif x > 1:\n        pass\n"
        "    def inner():\n        for y in x:\n            pass\n    return inner\n"
    )
    outer = ast.parse(source).body[0]
    assert branches(outer) == 3
    assert branches(outer.body[1]) == 2  # type: ignore[attr-defined]


def test_a_function_is_as_long_as_its_lines() -> None:
    found = {f.where.split()[-1]: f.lines for f in functions([Path(__file__)])}
    assert found["test_a_limit_may_be_a_floor"] == 3


def test_a_limit_may_be_a_floor() -> None:
    assert Budget("x", 2, 1, at_least=True).holds
    assert not Budget("x", 2, 1).holds


def test_each_figure_is_printed_beside_its_limit(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == [budget.name for budget in measure()]
    assert code == (0 if all(row["holds"] for row in rows) else 1)
