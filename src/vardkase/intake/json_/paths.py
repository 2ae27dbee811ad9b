"""Paths into any JSON: `event.name`, `hosts[0].ip`, `tags[]`, `sites.*.name`.

A key that itself holds dots is found too. How many values are looked at is bounded.
"""

import re
from functools import cache
from typing import Any

STEP = re.compile(r"\[(\d{1,6}|\*)?\]|[^.\[\]]+")
MOST = 1_000  # values

type Steps = tuple[str | int, ...]  # an int is a place in a list; "*" is every one


@cache
def steps(path: str) -> Steps:
    found: list[str | int] = []
    for step in STEP.finditer(path):
        if step[0].startswith("["):
            found.append(int(step[1]) if step[1] and step[1] != "*" else "*")
        else:
            found.append(step[0])
    return tuple(found)


def values(document: Any, path: str) -> list[Any]:
    """Everything that lies under `path`, in its order."""
    found: list[Any] = []
    _follow(document, steps(path), found)
    return found


def _follow(value: Any, rest: Steps, found: list[Any]) -> None:
    if len(found) >= MOST:
        return
    if not rest:
        found.append(value)
    elif rest[0] == "*":
        inside = value.values() if isinstance(value, dict) else value
        for each in list(inside)[:MOST] if isinstance(value, dict | list) else ():
            _follow(each, rest[1:], found)
    elif isinstance(rest[0], int):
        if isinstance(value, list) and rest[0] < len(value):
            _follow(value[rest[0]], rest[1:], found)
    elif isinstance(value, dict):
        _into(value, rest, found)


def _into(value: dict[str, Any], rest: Steps, found: list[Any]) -> None:
    """The longest run of steps that is a key goes first only if no shorter one is."""
    key = ""
    for taken, step in enumerate(rest, 1):
        if not isinstance(step, str) or (step == "*" and taken > 1):
            return
        key = f"{key}.{step}" if key else step
        if key in value:
            _follow(value[key], rest[taken:], found)
            return
