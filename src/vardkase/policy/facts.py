"""The catalogue of facts that regimes ask about, and how answers from outside are read.

A fact has a name, a type and a question. One that is missing is unknown, which is not no. Some
follow from others: whoever has answered the broad question need not answer those it holds.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from vardkase.policy.parameter import SWEDEN
from vardkase.policy.predicate import Facts, Partly, Predicate, holds

VERDICTS = ("reportable", "not_reportable", "undetermined", "excluded", "not_applicable")
ISO_8601 = re.compile(  # no more than that: Python's own reading takes any separator, and a NUL
    r"\d{4}-?\d\d-?\d\d([T ]\d\d(:?\d\d(:?\d\d([.,]\d{1,9})?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)
LONGEST = 8_000  # characters of a text
MOST = 100  # texts in a list
HIGHEST = 2**53  # a number beyond it is not exact everywhere
YEARS = range(1900, 2200)  # what a time may lie in; arithmetic beyond it serves nobody
TYPES = {
    "flag": ("true eller false (okänt: null)", "true or false (unknown: null)"),
    "number": ("ett tal", "a number"),
    "code": ("en text", "a text"),
    "codes": ("en lista av texter", "a list of texts"),
    "time": ("en tid, 2026-10-23T22:40+02:00", "a time, 2026-10-23T22:40+02:00"),
    "text": ("en text", "a text"),
}


class Words(NamedTuple):
    sv: str
    en: str


class BadFacts(ValueError):
    """Answers that cannot be used; each complaint in both languages."""

    def __init__(self, complaints: list[Words]) -> None:
        super().__init__(" ".join(words.en for words in complaints))
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Follows:
    """When it holds, the fact has this value without being asked for."""

    if_: Predicate
    value: Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a regime may ask, with the question put to people."""

    name: str
    type: str
    sv: str
    en: str
    unit: str = ""
    range: tuple[float, float] | None = None  # of a whole number, both included
    values: Mapping[str, Words] | None = None  # of a code: what can be answered, in its words
    also: Mapping[str, str] | None = None  # of a code: other spellings of the same answer
    knows: tuple[str, ...] = ()  # roles who usually know; "system" is what the case itself knows
    follows: tuple[Follows, ...] = ()
    short: bool = False  # a text of one line
    still_ask: bool = False  # it may be asked for although it follows: a yes would change much


Catalogue = Mapping[str, Fact]


def catalogue_of(rows: list[dict[str, Any]]) -> dict[str, Fact]:
    return {row["name"]: _fact(row) for row in rows}


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(
        name=row["name"],
        type=row["type"],
        sv=row["sv"],
        en=row["en"],
        unit=row.get("unit", ""),
        range=tuple(row["range"]) if "range" in row else None,
        values={v["code"]: Words(v["sv"], v["en"]) for v in row.get("values", [])} or None,
        also=row.get("also"),
        knows=tuple(row.get("knows", ())),
        follows=tuple(Follows(f["if"], f["value"]) for f in row.get("follows", ())),
        short=row.get("short", False),
        still_ask=row.get("still_ask", False),
    )


def fact(name: str, known: Catalogue) -> Fact | None:
    """The fact of that name; those about steps, forms and other regimes need no row."""
    if name in known:
        return known[name]
    kind, _, of = name.partition(":")
    if kind == "submitted" and of:
        return Fact(name, "time", f"När lämnades {of}?", f"When was {of} submitted?", knows=OURS)
    if name.startswith("form.") and name.endswith(".complete"):
        return Fact(name, "flag", "Är anmälan fullständig?", "Is the report complete?", knows=OURS)
    if name.startswith("regime.") and name.count(".") == 1:
        of = name.removeprefix("regime.")
        values = {each: Words(each, each) for each in VERDICTS}
        return Fact(name, "code", f"Vad gäller enligt {of}?", f"What holds by {of}?", values=values)
    return None


OURS = ("system",)


def completed(facts: Facts, known: Catalogue) -> dict[str, Any]:
    """The facts that are known, and those that follow from them."""
    found = {name: value for name, value in facts.items() if _is_known(name, value)}
    missing = [each for each in known.values() if each.follows and each.name not in found]
    grows = True
    while grows:
        drawn = {each.name: value for each in missing for value in _drawn(each, found)}
        grows = bool(drawn.keys() - found.keys())
        found = {**drawn, **found}
    return found


def _is_known(name: str, value: Any) -> bool:
    """What another regime has left undetermined is no answer."""
    return value is not None and not (name.startswith("regime.") and value == "undetermined")


def _drawn(one: Fact, facts: Facts) -> Iterator[Any]:
    """The value by the first ground that holds."""
    yield from [each.value for each in one.follows if holds(each.if_, facts) is True][:1]


def read(raw: Mapping[str, Any], known: Catalogue) -> tuple[dict[str, Any], list[Words]]:
    """Answers as they came in JSON, read by the types of their facts; and what to note about them.

    A name nobody knows is noted and left out. A time without an offset is Swedish local time; of
    an hour that comes twice, the first. Anything else that does not fit raises BadFacts.
    """
    facts, notes, complaints = _sorted_out(raw, known)
    if complaints:
        raise BadFacts(complaints)
    return facts, notes


def still_fitting(raw: Mapping[str, Any], known: Catalogue) -> dict[str, Any]:
    """Answers given by an earlier catalogue: what no longer fits the facts of today is unknown."""
    return _sorted_out(raw, known)[0]


def outgrown(raw: Mapping[str, Any], known: Catalogue) -> list[Words]:
    """A complaint of each answer that an earlier catalogue took and today's does not."""
    strange = [_stranger(name, known) for name in raw if fact(name, known) is None]
    return _sorted_out(raw, known)[2] + strange


def _sorted_out(
    raw: Mapping[str, Any], known: Catalogue
) -> tuple[dict[str, Any], list[Words], list[Words]]:
    facts: dict[str, Any] = {}
    notes: list[Words] = []
    complaints: list[Words] = []
    for name, value in raw.items():
        one = fact(name, known)
        if one is None:
            notes.append(_stranger(name, known if len(notes) < MOST else {}))  # to search is slow
        elif value is not None:
            try:
                facts[name] = _READERS[one.type](one, value, notes)
            except _DoesNotFit as fault:
                complaints.append(fault.words)
    return facts, notes, complaints


def _stranger(name: str, known: Catalogue) -> Words:
    close = get_close_matches(name, known, 1)
    shown = ascii(name)[:60]
    sv = f"Faktumet {shown} frågar ingen efter, så det räknas inte."
    en = f"Nothing asks for the fact {shown}, so it does not count."
    if close:
        return Words(f"{sv} Menade du {close[0]}?", f"{en} Did you mean {close[0]}?")
    return Words(sv, en)


class _DoesNotFit(Exception):
    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def _refuse(one: Fact, value: Any) -> _DoesNotFit:
    sv, en = TYPES[one.type]
    shown = ascii(value)[:60]
    return _DoesNotFit(
        Words(f"{one.name}: {shown} är inte {sv}.", f"{one.name}: {shown} is not {en}.")
    )


def _flag(one: Fact, value: Any, notes: list[Words]) -> bool:
    if not isinstance(value, bool):
        raise _refuse(one, value)
    return value


def _number(one: Fact, value: Any, notes: list[Words]) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refuse(one, value)
    if isinstance(value, float) and not math.isfinite(value):
        raise _refuse(one, value)
    if value > HIGHEST:
        raise _DoesNotFit(
            Words(f"{one.name}: talet är för stort.", f"{one.name}: the number is too large.")
        )
    if value < 0:
        raise _DoesNotFit(
            Words(f"{one.name}: ett tal under noll går inte.", f"{one.name}: not below zero.")
        )
    if one.range and (value % 1 or not one.range[0] <= value <= one.range[1]):
        low, high = one.range
        raise _DoesNotFit(
            Words(
                f"{one.name}: {value} går inte att svara: {low} till {high}.",
                f"{one.name}: {value} is no answer: {low} to {high}.",
            )
        )
    return value


def _text(one: Fact, value: Any, notes: list[Words]) -> str:
    """Some texts are of several things, as kinds of data: a list of them will do."""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise _refuse(one, value)
    return ", ".join(parts)


def _code(one: Fact, value: Any, notes: list[Words]) -> str:
    if not isinstance(value, str):
        raise _refuse(one, value)
    meant = (one.also or {}).get(value, value)
    if one.values is not None and meant not in one.values:
        possible = ", ".join(one.values)
        raise _DoesNotFit(
            Words(
                f"{one.name}: {ascii(value)[:60]} går inte att svara: välj {possible}.",
                f"{one.name}: {ascii(value)[:60]} is no answer: choose {possible}.",
            )
        )
    return meant


def _codes(one: Fact, value: Any, notes: list[Words]) -> list[str]:
    """Words outside the list are noted, and may mean anything; one all but in it is refused."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _refuse(one, value)
    strange = [each for each in value if one.values is not None and each not in one.values]
    for each in strange:
        shown = ascii(each)[:60]
        sv, en = f"{one.name}: ingen regel känner {shown}.", f"{one.name}: no rule knows {shown}."
        if close := get_close_matches(each.lower(), one.values or (), 1, 0.8):
            raise _DoesNotFit(
                Words(f"{sv} Menade du {close[0]}?", f"{en} Did you mean {close[0]}?")
            )
        notes.append(Words(sv, en))
    return Partly(value) if strange else value


def _time(one: Fact, value: Any, notes: list[Words]) -> datetime:
    if not isinstance(value, str):
        raise _refuse(one, value)
    moment = moment_of(value)
    if moment is None:
        raise _refuse(one, value)
    if moment.tzinfo is not None:
        return moment
    local = moment.replace(tzinfo=SWEDEN).astimezone(UTC).astimezone(SWEDEN)
    said = local.isoformat(timespec="minutes")
    notes.append(
        Words(
            f"{one.name} har ingen tidszon: läst som svensk tid, {said}.",
            f"{one.name} has no offset: read as Swedish time, {said}.",
        )
    )
    return local


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 time in the years law speaks of, or None."""
    try:
        moment = datetime.fromisoformat(text) if ISO_8601.fullmatch(text) else None
    except ValueError:
        return None
    return moment if moment and moment.year in YEARS else None


_READERS = {
    "flag": _flag,
    "number": _number,
    "code": _code,
    "codes": _codes,
    "time": _time,
    "text": _text,
}
