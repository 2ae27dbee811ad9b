"""Conditions of regimes over named facts: true, false, or None while it is not known (Kleene).

A small fixed vocabulary and nothing more: `is`, `in`, `has`, `gt`, `gte`, `present` about one
fact, joined by `all`, `any`, `not`. Unknown is not no: a condition is decided only when no answer
still missing could turn it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]
Predicate = Mapping[str, Any]
Truth = bool | None

JOINTS = ("all", "any", "not")


def all_of(truths: list[Truth]) -> Truth:
    """False as soon as one is; unknown while one is."""
    return False if False in truths else None if None in truths else True


def any_of(truths: list[Truth]) -> Truth:
    """True as soon as one is; unknown while one is."""
    return True if True in truths else None if None in truths else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def holds(predicate: Predicate | None, facts: Facts) -> Truth:
    """Whether `predicate` holds of `facts`; no predicate always holds."""
    if not predicate:
        return True
    if "all" in predicate:
        return all_of([holds(part, facts) for part in predicate["all"]])
    if "any" in predicate:
        return any_of([holds(part, facts) for part in predicate["any"]])
    if "not" in predicate:
        return negated(holds(predicate["not"], facts))
    return _about_one(predicate, facts.get(predicate["fact"]))


def _about_one(predicate: Predicate, value: Any) -> Truth:
    if "present" in predicate:
        return (value is not None) is predicate["present"]
    if value is None:
        return None
    return next(
        (ask(value, predicate[name]) for name, ask in ASKS.items() if name in predicate), None
    )


def _same(value: Any, wanted: Any) -> Truth:
    """Equality between things of one kind; `1` is not `true`, and neither is comparable to it."""
    if isinstance(value, bool) is not isinstance(wanted, bool):
        return None
    if isinstance(value, str) is not isinstance(wanted, str):
        return None
    return bool(value == wanted)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_in(value: Any, wanted: list[Any]) -> Truth:
    return any_of([_same(value, each) for each in wanted])


class Partly(list[str]):
    """Codes among which are words that no rule knows: each may mean a code that is not there."""


def _has(value: Any, wanted: Any) -> Truth:
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    return wanted in value or (None if isinstance(value, Partly) else False)


def _over(value: Any, limit: Any) -> Truth:
    return value > limit if _number(value) and _number(limit) else None


def _at_least(value: Any, limit: Any) -> Truth:
    return value >= limit if _number(value) and _number(limit) else None


ASKS: dict[str, Callable[[Any, Any], Truth]] = {
    "is": _same,
    "in": _is_in,
    "has": _has,
    "gt": _over,
    "gte": _at_least,
}
VERBS = (*ASKS, "present")


def parts(predicate: Predicate) -> list[Predicate]:
    """What a joint joins; of a condition about one fact, nothing."""
    if "not" in predicate:
        return [predicate["not"]]
    return list(predicate.get("all") or predicate.get("any") or [])


def names(predicate: Predicate | None) -> Iterator[str]:
    """Every fact that the predicate asks about."""
    if not predicate:
        return
    if "fact" in predicate:
        yield predicate["fact"]
    for part in parts(predicate):
        yield from names(part)


def undecided(predicate: Predicate | None, facts: Facts) -> Iterator[str]:
    """The missing facts that can still decide it: none of what is decided without them."""
    if not predicate or holds(predicate, facts) is not None:
        return
    if "fact" in predicate:
        yield predicate["fact"]
    for part in parts(predicate):
        yield from undecided(part, facts)
