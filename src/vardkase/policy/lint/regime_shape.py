"""What a regime and the catalogue of facts must look like, before any check reads meaning."""

import re
from collections.abc import Iterator
from typing import Any

from vardkase.policy.facts import TYPES
from vardkase.policy.lint import shapes
from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.mappings import mapping
from vardkase.policy.lint.page import Remark
from vardkase.policy.lint.predicates import predicate
from vardkase.policy.lint.shapes import (
    BOTH,
    CODED,
    Shape,
    anything,
    by_code,
    code,
    day,
    each,
    flag,
    one_of,
    some,
    table,
    whole,
    words,
)
from vardkase.policy.parameter import STATUSES
from vardkase.policy.period import is_period

LEVELS = ("R", "S", "M")
KINDS = ("authority", "third_party", "controller", "internal", "register", "stop_screen")
_REGIME = re.compile(r"regimes\.[a-z0-9_]+(-[a-z0-9_]+)*")
_NAME = re.compile(r"[a-z0-9_]+([.:-][a-z0-9_]+)*(\[[a-z_]+\])?")


def name(value: Any, place: Place) -> Iterator[Remark]:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield Remark(place, f"{value!r} är inget namn.", f"{value!r} is no name.")


def period(value: Any, place: Place) -> Iterator[Remark]:
    if not is_period(value):
        told = "PT24H, PT30M, P14D, P4W, P1M"
        yield Remark(place, f"Skriv en tid som {told}.", f"Write a period such as {told}.")


def two_numbers(value: Any, place: Place) -> Iterator[Remark]:
    fits = isinstance(value, list) and [type(each) for each in value] == [int, int]
    if not fits or value[0] > value[1]:
        yield Remark(place, "Skriv lägsta och högsta, [1, 5].", "Write least and most, [1, 5].")


def one_or_more(inner: Shape) -> Shape:
    """One thing, or a list of them."""

    def shape(value: Any, place: Place) -> Iterator[Remark]:
        yield from (some(inner) if isinstance(value, list) else inner)(value, place)

    return shape


def yes(value: Any, place: Place) -> Iterator[Remark]:
    if value is not True:
        yield Remark(place, "Skriv true, eller ta bort nyckeln.", "Write true, or drop the key.")


GROUND: dict[str, Shape] = {
    "legal": words,
    "level": one_of(*LEVELS),
    "status": one_of(*STATUSES),
}
END: dict[str, Shape] = {"from": one_or_more(name), "within": period}
_BY = table({"if": predicate, "fallback": name}, **END)
_EARLIEST = table({"if": predicate}, earliest=some(table({"fallback": name}, **END)))
_ASAP = table({"if": predicate, "from": name}, asap=yes)
_ON_REQUEST = table({"if": predicate}, on_request=yes)


def branch(value: Any, place: Place) -> Iterator[Remark]:
    """When a step is due: within a period, the earliest of some, at once, or on request."""
    has = value if isinstance(value, dict) else {}
    shape = (
        _EARLIEST
        if "earliest" in has
        else _ASAP
        if "asap" in has
        else _ON_REQUEST
        if "on_request" in has
        else _BY
    )
    yield from shape(value, place)


CRITERION = table(
    {"needs": predicate, "valid": table({"from": day, "to": day})},
    id=code,
    **{"if": predicate},
    **BOTH,
    **GROUND,
)
STEP = table(
    {
        "kind": one_of(*KINDS),
        "to": code,
        "form": code,
        "audience": code,
        "if": predicate,
        "unless": predicate,
        "instead": code,
        "late_needs": code,
        "repeats": yes,
    },
    id=code,
    due=one_or_more(branch),
    **BOTH,
    **GROUND,
)
RECIPIENT = table(
    {"to": day, "if": predicate, "channel": words}, name=words, **{"from": day}, **GROUND
)
FIELD = table(
    {"n": whole, "required": flag, "may_follow_later": flag, "secrecy": words, "legal": words},
    id=code,
    **{"from": one_or_more(name)},
    **BOTH,
)
FACT = table(
    {
        "unit": words,
        "range": two_numbers,
        "values": each(table(code=code, **BOTH)),
        "also": by_code(code),
        "follows": each(table(value=anything, **{"if": predicate})),
        "short": flag,
        "still_ask": flag,
    },
    name=name,
    type=one_of(*TYPES),
    knows=each(code),
    **BOTH,
)
MUST: dict[str, Shape] = {
    "version": words,
    "legal": some(table(ref=words, level=one_of(*LEVELS), status=one_of(*STATUSES))),
    "criteria": some(CRITERION),
    "steps": each(STEP),
    "recipients": by_code(each(RECIPIENT)),
}
MAY: dict[str, Shape] = {
    "amends": flag,
    "supersedes": each(code),
    "content": one_of("full", "open", "stub"),
    "applies_if": predicate,
    "excluded_if": each(table({"stop": flag}, **{"if": predicate}, **BOTH, **GROUND)),
    "not_counted": table(covers=each(code), **{"if": predicate}, **GROUND),
    "forms": by_code(each(FIELD)),
    "always": each(table({"if": predicate}, id=code, **BOTH, **GROUND)),
    "sign_off": table(
        dict.fromkeys(("prepare", "approve", "final_approve", "consult", "send"), code)
    ),
    "secrecy": each(
        table({"years": whole}, osl=words, presumption=one_of("secret", "public"), **BOTH)
    ),
    "related": each(table({"if": predicate}, regime=code)),
    "notes": each(table({"if": predicate}, **BOTH, **GROUND)),
    "facts": each(FACT),
}
_WHOLE, _AMENDMENT = table(MAY, **MUST), table(MAY | MUST)


TRUST_SERVICES = table(
    levels=each(
        table(level=whole, reported=flag, affects_sv=words, affects_en=words, annual=code, **BOTH)
    ),
    advice_sv=words,
    advice_en=words,
    third_party_sv=words,
    third_party_en=words,
    **dict.fromkeys(("examples", "functions", "kinds", "causes", "annual"), each(CODED)),
)
OTHERS = {"facts": each(FACT), "trust_services": TRUST_SERVICES}


def regime(value: Any, place: Place) -> Iterator[Remark]:
    """A regime whole; or, where it `amends` the version before, only what it changes."""
    amends = isinstance(value, dict) and value.get("amends") is True
    yield from (_AMENDMENT if amends else _WHOLE)(value, place)


def shape_of(id: str) -> Shape | None:
    """The shape of the values of that id, if anything reads it."""
    if id.startswith("regimes."):
        return regime if _REGIME.fullmatch(id) else None
    if id.startswith("mappings."):
        return mapping
    return OTHERS.get(id) or shapes.shape_of(id)
