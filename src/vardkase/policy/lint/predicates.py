"""What a condition must look like: one verb about one fact, or a joint of conditions."""

from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Remark
from vardkase.policy.predicate import JOINTS, VERBS

_LOOKS = {
    "in": (list, "en lista", "a list"),
    "gt": (int | float, "ett tal", "a number"),
    "gte": (int | float, "ett tal", "a number"),
    "present": (bool, "true eller false", "true or false"),
}


def predicate(value: Any, place: Place) -> Iterator[Remark]:
    """A condition, all the way in."""
    if not isinstance(value, dict):
        yield Remark(place, "Skriv ett villkor, { ... }.", "Write a condition, { ... }.")
        return
    heads = [key for key in ("fact", *JOINTS) if key in value]
    if len(heads) != 1:
        told = "fact, all, any, not"
        yield Remark(
            place,
            f"Ett villkor har precis ett av {told}.",
            f"A condition has exactly one of {told}.",
        )
    elif heads[0] == "fact":
        yield from _about_one(value, place)
    else:
        yield from _joint(value, heads[0], place)


def _joint(value: dict[str, Any], joint: str, place: Place) -> Iterator[Remark]:
    yield from _strangers(value, {joint}, place)
    inner = value[joint]
    if joint == "not":
        yield from predicate(inner, (*place, joint))
    elif not isinstance(inner, list) or not inner:
        sv, en = (
            "Här ska stå minst ett villkor i en lista.",
            "Write at least one condition, in a list.",
        )
        yield Remark((*place, joint), sv, en)
    else:
        for row, part in enumerate(inner):
            yield from predicate(part, (*place, joint, row))


def _about_one(value: dict[str, Any], place: Place) -> Iterator[Remark]:
    yield from _strangers(value, {"fact", *VERBS}, place)
    if not isinstance(value["fact"], str):
        yield Remark((*place, "fact"), "Skriv faktumets namn.", "Write the name of the fact.")
    verbs = [key for key in VERBS if key in value]
    if len(verbs) != 1:
        told = ", ".join(VERBS)
        yield Remark(
            place,
            f"Ett villkor om ett faktum har precis ett av {told}.",
            f"A condition about a fact has exactly one of {told}.",
        )
    for verb in verbs:
        kind, sv, en = _LOOKS.get(verb, (object, "", ""))
        if not isinstance(value[verb], kind) or (verb in ("gt", "gte") and value[verb] is True):
            yield Remark((*place, verb), f"{verb} ska ha {sv}.", f"{verb} takes {en}.")


def _strangers(value: dict[str, Any], known: set[str], place: Place) -> Iterator[Remark]:
    for key in sorted(value.keys() - known):
        yield Remark(
            (*place, key),
            f"{key} hör inte hemma i villkoret.",
            f"{key} does not belong in the condition.",
        )
