"""A finding is worth little if it points at the wrong line."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardkase.policy.lint.lines import Place, lines_of, nearest
from vardkase.policy.parameter import DATA, files_of

TEXT = '''# a comment [not a table]
id = "x" # id = "y"
a.b = 1

[[version]]
since = 2020-01-01
value = [
  [1, 2],
  # between
  [3, 4], [5],
]
text = """
[[version]]
b = 2
"""
[version.inner]
"quoted.key" = { sv = "a = 1, }", en = ['#', "]"] }

[[version]]
[[version.value]]
code = "one"
[[version.value.criteria]]
sv = "\\"quoted\\" [["
[[version.value]]
code = 'two'
'''


def places(value: Any, place: Place = ()) -> list[Place]:
    below: list[Place] = []
    if isinstance(value, dict):
        below = [p for key, inner in value.items() for p in places(inner, (*place, key))]
    if isinstance(value, list):
        below = [p for i, inner in enumerate(value) for p in places(inner, (*place, i))]
    return [place, *below]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("id",), 2),
        (("a", "b"), 3),
        (("version", 0), 5),
        (("version", 0, "value"), 7),
        (("version", 0, "value", 0, 1), 8),
        (("version", 0, "value", 1), 10),
        (("version", 0, "value", 2, 0), 10),
        (("version", 0, "text"), 12),
        (("version", 0, "inner", "quoted.key", "en", 1), 17),
        (("version", 1), 19),
        (("version", 1, "value", 0, "code"), 21),
        (("version", 1, "value", 0, "criteria", 0, "sv"), 23),
        (("version", 1, "value", 1, "code"), 25),
    ],
)
def test_every_key_and_element_has_its_line(place: Place, line: int) -> None:
    assert lines_of(TEXT)[place] == line


def test_what_is_missing_is_looked_for_where_it_should_stand() -> None:
    assert nearest(lines_of(TEXT), ("version", 1, "value", 1, "sv")) == 24
    assert nearest(lines_of(TEXT), ("source",)) == 1


@pytest.mark.parametrize("path", files_of(DATA), ids=lambda path: path.stem)
def test_nothing_in_our_files_is_without_a_line(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(places(tomllib.loads(text))) == set(lines_of(text))


CODES = st.text("abc", min_size=1, max_size=3)
SCALARS = st.integers(0, 9) | st.booleans() | st.text('a"#]}[{,=.\n\\', max_size=6)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(CODES, inner))


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(written(inner) for inner in value) + "]"
    return json.dumps(value)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(CODES, TREES, min_size=1))
def test_any_tree_is_walked_whole(tree: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {written(value)}" for key, value in tree.items())
    assert tomllib.loads(text) == tree
    assert set(places(tree)) == set(lines_of(text))
