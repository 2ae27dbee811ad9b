"""Checks of the facts: that every condition, clock and form asks for one there is, rightly."""

from collections import Counter
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from vardkase.policy.facts import Catalogue, Fact, catalogue_of, fact
from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Book, Check, Remark, of_value, shipped
from vardkase.policy.lint.regime_book import Draft, known_facts, regime_exists
from vardkase.policy.lint.regimes import of_regime

type LookAtFacts = Callable[[Any, Book], Iterator[Remark]]

VERBS_OF = {
    "flag": ("is", "present"),
    "number": ("is", "in", "gt", "gte", "present"),
    "code": ("is", "in", "present"),
    "codes": ("has", "present"),
    "time": ("present",),
    "text": ("present",),
}
PYTHON: dict[str, Any] = {"flag": bool, "number": int | float, "code": str, "codes": list}

LOOKS_AT_FACTS: list[LookAtFacts] = []


def of_facts(look: LookAtFacts) -> Check:
    """A check of the catalogue, and of the facts that a regime brings."""
    LOOKS_AT_FACTS.append(look)
    return of_value("facts")(look)


def _atoms(value: Any, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every condition about one fact, wherever it stands."""
    if isinstance(value, dict):
        if isinstance(value.get("fact"), str):
            yield place, value
        for key, part in value.items():
            yield from _atoms(part, (*place, key))
    elif isinstance(value, list):
        for row, part in enumerate(value):
            yield from _atoms(part, (*place, row))


def _anchors(draft: Draft) -> Iterator[tuple[Place, str]]:
    for number, step in enumerate(draft.value.get("steps", [])):
        for row, due in enumerate(step["due"] if isinstance(step["due"], list) else [step["due"]]):
            at = ("steps", number, "due", row) if isinstance(step["due"], list) else (
                "steps", number, "due"
            )  # fmt: skip
            for end in due.get("earliest", [due]):
                named = end.get("from", [])
                for name in [named] if isinstance(named, str) else named:
                    yield at, name
                if "fallback" in end:
                    yield at, end["fallback"]


def _fields(draft: Draft) -> Iterator[tuple[Place, str]]:
    for form, rows in draft.value.get("forms", {}).items():
        for number, row in enumerate(rows):
            for name in [row["from"]] if isinstance(row["from"], str) else row["from"]:
                yield ("forms", form, number, "from"), name


def _exists(name: str, draft: Draft, known: Catalogue, book: Book) -> bool:
    """Facts about steps and other regimes need a step and a regime to be about."""
    if name in known:
        return True
    if name.startswith("submitted:"):
        return name.partition(":")[2] in [step["id"] for step in draft.value.get("steps", [])]
    if name.startswith("regime.") and name.count(".") == 1:
        return regime_exists(name.removeprefix("regime."), book)
    if name.startswith("form."):
        return name.split(".")[1] in draft.value.get("forms", {}) and fact(name, known) is not None
    return False


@of_regime
def facts_are_in_the_catalogue(draft: Draft, book: Book) -> Iterator[Remark]:
    """A fact that nobody is asked for would stay unknown for ever."""
    known = known_facts(draft.value.get("facts", []), book)
    asked = [(place, atom["fact"]) for place, atom in _atoms(draft.value, ())]
    for place, name in [*asked, *_anchors(draft), *_fields(draft)]:
        if not _exists(name, draft, known, book):
            yield _missing(place, name, known)


def _missing(place: Place, name: str, known: Catalogue) -> Remark:
    if name.startswith(("submitted:", "regime.", "form.")):
        return Remark(
            place,
            f"{name} syftar på ett steg, en regim eller ett formulär som inte finns.",
            f"{name} speaks of a step, a regime or a form that there is not.",
        )
    sv = f"{name} finns inte i facts.toml: lägg till det, med fråga och typ."
    en = f"{name} is not in facts.toml: add it, with question and type."
    if close := get_close_matches(name, known, 1):
        return Remark(place, f"{sv} Menade du {close[0]}?", f"{en} Did you mean {close[0]}?")
    return Remark(place, sv, en)


@of_regime
def conditions_fit_their_facts(draft: Draft, book: Book) -> Iterator[Remark]:
    """`gt` of a number, `has` of a list; an answer that is never given would never hold."""
    known = known_facts(draft.value.get("facts", []), book)
    for place, atom in _atoms(draft.value, ()):
        one = fact(atom["fact"], known)
        if one is None:
            continue
        verb = next(key for key in atom if key != "fact")
        if verb not in VERBS_OF[one.type]:
            yield Remark(
                place,
                f"{one.name} är av typen {one.type}: {', '.join(VERBS_OF[one.type])} går.",
                f"{one.name} is of type {one.type}: {', '.join(VERBS_OF[one.type])} will do.",
            )
        elif not all(_can_be(one, wanted) for wanted in _wanted(atom, verb)):
            yield Remark(
                (*place, verb),
                f"{one.name} kan aldrig vara {atom[verb]!r}.",
                f"{one.name} can never be {atom[verb]!r}.",
            )


def _wanted(atom: dict[str, Any], verb: str) -> list[Any]:
    if verb == "present":
        return []
    return atom[verb] if verb == "in" else [atom[verb]]


def _can_be(one: Fact, wanted: Any) -> bool:
    kind = str if one.type == "codes" else PYTHON[one.type]
    if not isinstance(wanted, kind) or (one.type == "number" and isinstance(wanted, bool)):
        return False
    return not one.values or wanted in one.values


@of_regime
def clocks_start_at_times(draft: Draft, book: Book) -> Iterator[Remark]:
    known = known_facts(draft.value.get("facts", []), book)
    for place, name in _anchors(draft):
        one = fact(name, known)
        if one is not None and one.type != "time":
            yield Remark(
                place, f"{name} är ingen tid att räkna från.", f"{name} is no time to count from."
            )


@of_facts
def fact_names_are_unique(value: Any, book: Book) -> Iterator[Remark]:
    seen = Counter(row["name"] for row in value)
    for number, row in enumerate(value):
        if seen[row["name"]] > 1:
            yield Remark(
                (number, "name"),
                f"{row['name']} står flera gånger.",
                f"{row['name']} stands more than once.",
            )


@of_facts
def facts_follow_from_facts(value: Any, book: Book) -> Iterator[Remark]:
    known = known_facts([], book)
    for number, row in enumerate(value):
        for place, follows in enumerate(row.get("follows", [])):
            at = (number, "follows", place)
            for inside, atom in _atoms(follows["if"], (*at, "if")):
                if fact(atom["fact"], known) is None:
                    name = atom["fact"]
                    yield Remark(inside, f"{name} finns inte.", f"There is no {name}.")
            if row["type"] not in PYTHON or not isinstance(follows["value"], PYTHON[row["type"]]):
                yield Remark(
                    (*at, "value"),
                    f"{follows['value']!r} passar inte typen {row['type']}.",
                    f"{follows['value']!r} does not fit the type {row['type']}.",
                )


@of_facts
def facts_have_someone_to_ask(value: Any, book: Book) -> Iterator[Remark]:
    """A role, or `system`: what the case itself knows."""
    roles = {*book.value("roles"), "system"}
    for number, row in enumerate(value):
        for role in [role for role in row["knows"] if role not in roles] or (
            [] if row["knows"] else ["-"]
        ):
            yield Remark(
                (number, "knows"),
                f"{role} är ingen roll i roles.toml.",
                f"{role} is no role of roles.toml.",
            )


@of_facts
def answers_belong_to_codes(value: Any, book: Book) -> Iterator[Remark]:
    """A code without possible answers could be anything; another type has none."""
    for number, row in enumerate(value):
        if ("values" in row) != (row["type"] in ("code", "codes")):
            yield Remark(
                (number, "type"),
                "Svaren i values hör till typerna code och codes, som måste ha dem.",
                "The answers in values belong to the types code and codes, which must have them.",
            )
            continue
        known = {each["code"] for each in row.get("values", [])}
        for spelling, meant in row.get("also", {}).items():
            if meant not in known:
                yield Remark(
                    (number, "also", spelling), f"{meant} är inget svar.", f"{meant} is no answer."
                )


@of_facts
def facts_keep_their_type(value: Any, book: Book) -> Iterator[Remark]:
    """Other regimes count on what ours are; who changes the type of one breaks them."""
    ours = catalogue_of(shipped("facts"))
    for number, row in enumerate(value):
        if (one := ours.get(row["name"])) and one.type != row["type"]:
            yield Remark(
                (number, "type"),
                f"{one.name} är av typen {one.type} hos alla andra: välj ett eget namn.",
                f"{one.name} is of type {one.type} for all others: choose another name.",
            )


@of_regime
def own_facts_are_sound(draft: Draft, book: Book) -> Iterator[Remark]:
    """What a regime brings is held to the same as the catalogue."""
    for look in LOOKS_AT_FACTS:
        for remark in look(draft.value.get("facts", []), book):
            yield remark._replace(place=("facts", *remark.place))


@of_value("trust_services")
def levels_are_the_five(value: Any, book: Book) -> Iterator[Remark]:
    """The method "är indelad i fem nivåer", and 3 to 5 are reported: regimes count on both."""
    found = [(row["level"], row["reported"]) for row in value["levels"]]
    if found != [(level, level >= 3) for level in range(1, 6)]:
        yield Remark(
            ("levels",),
            "Nivåerna är 1 till 5 i ordning, och 3 till 5 ska rapporteras.",
            "The levels are 1 to 5 in order, and 3 to 5 are reported.",
        )
    known = {row["code"] for row in value["annual"]}
    for number, row in enumerate(value["levels"]):
        if row["annual"] not in known:
            yield Remark(
                ("levels", number, "annual"),
                f"{row['annual']} finns inte bland årsrapportens steg.",
                f"{row['annual']} is not among the steps of the annual report.",
            )


CHECKS = (
    facts_are_in_the_catalogue,
    conditions_fit_their_facts,
    clocks_start_at_times,
    own_facts_are_sound,
    fact_names_are_unique,
    facts_follow_from_facts,
    facts_have_someone_to_ask,
    answers_belong_to_codes,
    facts_keep_their_type,
    levels_are_the_five,
)
