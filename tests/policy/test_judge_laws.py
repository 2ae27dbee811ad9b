"""What no facts may do to a judgement: crash it, take it back, or make a clock later than shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vardkase.policy.facts import VERDICTS, Fact, fact
from vardkase.policy.judge import judge, plain
from vardkase.policy.regime_files import catalogue, on, parameter_of, regimes

START = datetime(2026, 1, 1, tzinfo=UTC)
times = st.integers(0, 60 * 24 * 500).map(lambda m: START + timedelta(minutes=m))
CONDITIONS = ("flag", "number", "code", "codes", "time")


def answers(one: Fact) -> st.SearchStrategy[Any]:
    codes = st.sampled_from(list(one.values or {"x": None}))
    return {
        "flag": st.booleans(),
        "number": st.one_of(st.integers(0, 10), st.floats(0, 1e6)),
        "code": codes,
        "codes": st.lists(codes, max_size=4),
        "time": times,
    }[one.type]


def asked_by(id: str) -> dict[str, Fact]:
    """The facts that the regime and its forms speak of."""
    found: dict[str, Fact] = {}
    text = repr([version.value for version in parameter_of(id).versions])
    for name, one in catalogue().items():
        if one.type in CONDITIONS and repr(name) in text:
            found[name] = one
    for step in on(parameter_of(id), parameter_of(id).versions[0].since).steps:
        one = fact(f"submitted:{step.id}", catalogue())
        assert one is not None
        found[one.name] = one
    return found


ASKED = {id: asked_by(id) for id in regimes()}
whole = st.sampled_from(regimes()).flatmap(
    lambda id: st.tuples(
        st.just(id), st.fixed_dictionaries({n: answers(f) for n, f in ASKED[id].items()})
    )
)


def part(data: st.DataObject, facts: dict[str, Any]) -> dict[str, Any]:
    kept = data.draw(st.sets(st.sampled_from(sorted(facts))))
    return {name: value for name, value in facts.items() if name in kept}


@settings(max_examples=150, deadline=None)
@given(whole, st.data(), times)
def test_any_facts_are_judged(
    case: tuple[str, dict[str, Any]], data: st.DataObject, now: datetime
) -> None:
    id, facts = case
    known = part(data, facts)
    found = judge(id, known, at=now)
    said = plain(found)
    assert said["verdict"] in VERDICTS
    assert (said["verdict"] == "reportable") is bool(said["hits"])
    assert (said["verdict"] == "undetermined") is (not said["hits"] and bool(said["unknown"]))
    assert bool(said["steps"]) is (said["verdict"] in {"reportable", "undetermined"})
    assert not set(said["ask"]) & known.keys()
    assert len(set(said["ask"])) == len(said["ask"])
    assert bool(said["ask"]) or said["verdict"] != "undetermined"
    for step in said["steps"]:
        assert step["due"] in ("asap", "on_request", "waits_for") or datetime.fromisoformat(
            step["due"]
        )


@settings(max_examples=150, deadline=None)
@given(whole, st.data(), times)
def test_learning_never_makes_a_decided_verdict_undetermined(
    case: tuple[str, dict[str, Any]], data: st.DataObject, now: datetime
) -> None:
    """By the text that was in force: when it became known is what picks the text."""
    id, facts = case
    known = part(data, facts) | {"known_at": facts["known_at"]}
    early, late = judge(id, known, at=now), judge(id, facts, at=now)
    if early.verdict != "undetermined":
        assert late.verdict != "undetermined"
    if early.verdict == "not_applicable":
        assert late.verdict == "not_applicable"
    if early.verdict == "excluded":  # who is shut out may turn out never to have been concerned
        assert late.verdict in ("excluded", "not_applicable")


@settings(max_examples=150, deadline=None)
@given(whole, st.data(), times)
def test_a_clock_that_was_shown_is_never_too_late(
    case: tuple[str, dict[str, Any]], data: st.DataObject, now: datetime
) -> None:
    """While the anchors stand still, what is learnt makes a provisional clock later or none."""
    id, facts = case
    anchors = {n: v for n, v in facts.items() if ASKED[id][n].type == "time"}
    early = judge(id, part(data, facts) | anchors, at=now)
    late = judge(id, facts, at=now)
    shown = {clock.step.id: clock.due for clock in early.clocks}
    for clock in late.clocks:
        if early.clocks:
            before = shown[clock.step.id]
            assert before is None or clock.due is None or before <= clock.due


@settings(max_examples=60, deadline=None)
@given(whole, times)
def test_whoever_answers_what_is_asked_gets_a_verdict(
    case: tuple[str, dict[str, Any]], now: datetime
) -> None:
    """Few rounds: the list asks for what matters, and it ends."""
    id, facts = case
    known: dict[str, Any] = {}
    for _ in range(40):
        found = judge(id, known, at=now)
        wanted = [name for name in found.ask if name in facts]
        if found.verdict != "undetermined" or not wanted:
            break
        known[wanted[0]] = facts[wanted[0]]
    assert found.verdict != "undetermined" or not set(found.ask) & facts.keys()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(regimes()), times, times)
def test_the_day_of_sending_changes_recipients_and_nothing_else(
    id: str, one: datetime, other: datetime
) -> None:
    facts = {"known_at": START}
    first, second = plain(judge(id, facts, at=one)), plain(judge(id, facts, at=other))
    for said in (first, second):
        for step in said["steps"]:
            step.pop("recipient")
    assert first == second
