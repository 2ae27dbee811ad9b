"""Three-valued logic: unknown is not no, and nothing learnt later takes an answer back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardkase.policy.predicate import all_of, any_of, holds, names, negated, parts, undecided

truths = st.sampled_from([True, False, None])
atoms = st.one_of(
    st.builds(lambda n: {"fact": n, "is": True}, st.sampled_from("abc")),
    st.builds(lambda n, v: {"fact": n, "gt": v}, st.sampled_from("mn"), st.integers(0, 9)),
    st.builds(lambda n, v: {"fact": n, "gte": v}, st.sampled_from("mn"), st.integers(0, 9)),
    st.builds(lambda v: {"fact": "s", "has": v}, st.sampled_from("xyz")),
    st.builds(lambda v: {"fact": "k", "in": v}, st.lists(st.sampled_from("xyz"), min_size=1)),
)
predicates = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(lambda p: {"not": p}, inner),
        st.builds(lambda ps: {"all": ps}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda ps: {"any": ps}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)
whole_facts = st.fixed_dictionaries(
    {
        **dict.fromkeys("abc", st.booleans()),
        **dict.fromkeys("mn", st.integers(0, 9)),
        "s": st.lists(st.sampled_from("xyz")),
        "k": st.sampled_from("xyz"),
    }
)
some = st.sets(st.sampled_from("abcmnsk"))
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())
)


@given(truths, truths, truths)
def test_the_laws_of_kleene(p: bool | None, q: bool | None, r: bool | None) -> None:
    assert negated(negated(p)) is p
    assert all_of([p, q]) is all_of([q, p])
    assert any_of([p, q]) is any_of([q, p])
    assert negated(all_of([p, q])) is any_of([negated(p), negated(q)])
    assert all_of([p, any_of([q, r])]) is any_of([all_of([p, q]), all_of([p, r])])
    assert all_of([p, any_of([p, q])]) is p
    assert all_of([p, True]) is p
    assert any_of([p, False]) is p
    assert all_of([p, False]) is False
    assert any_of([p, True]) is True


def test_unknown_is_neither_yes_nor_no() -> None:
    assert any_of([None, negated(None)]) is None
    assert all_of([None, negated(None)]) is None


@given(predicates, whole_facts, some)
def test_what_is_learnt_later_never_takes_an_answer_back(
    predicate: dict[str, Any], whole: dict[str, Any], kept: set[str]
) -> None:
    early = holds(predicate, {name: value for name, value in whole.items() if name in kept})
    assert early is None or early is holds(predicate, whole)
    assert holds(predicate, whole) is not None


@given(predicates, whole_facts, some)
def test_only_the_undecided_ask_and_their_answers_decide(
    predicate: dict[str, Any], whole: dict[str, Any], kept: set[str]
) -> None:
    known = {name: value for name, value in whole.items() if name in kept}
    asked = set(undecided(predicate, known))
    assert bool(asked) is (holds(predicate, known) is None)
    assert not asked & kept
    assert asked <= set(names(predicate))
    assert holds(predicate, known | {name: whole[name] for name in asked}) is not None


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(predicates, st.dictionaries(st.sampled_from("abcmnsk"), anything))
def test_no_fact_of_any_kind_breaks_it(predicate: dict[str, Any], facts: dict[str, Any]) -> None:
    assert holds(predicate, facts) in (True, False, None)


@pytest.mark.parametrize(
    ("predicate", "value", "truth"),
    [
        ({"is": True}, 1, None),
        ({"is": 1}, True, None),
        ({"is": "1"}, 1, None),
        ({"is": 1}, 1.0, True),
        ({"in": [1, 2]}, 2, True),
        ({"in": [1, 2]}, 3, False),
        ({"in": ["1"]}, 1, None),
        ({"has": "x"}, "xyz", None),
        ({"has": "x"}, ["x"], True),
        ({"has": "x"}, [], False),
        ({"gt": 4}, 4, False),
        ({"gt": 4}, 4.000001, True),
        ({"gte": 4}, 4, True),
        ({"gt": 4}, "5", None),
        ({"gt": 4}, True, None),
        ({"present": True}, False, True),
        ({"present": False}, 0, False),
        ({"present": False}, None, True),
        ({"present": True}, None, False),
        ({"is": False}, None, None),
    ],
)
def test_things_of_different_kinds_are_not_compared(
    predicate: dict[str, Any], value: Any, truth: bool | None
) -> None:
    assert holds({"fact": "x", **predicate}, {"x": value}) is truth


def test_no_condition_always_holds() -> None:
    assert holds(None, {}) is True
    assert list(names(None)) == list(undecided(None, {})) == []
    assert parts({"fact": "x", "is": True}) == []
