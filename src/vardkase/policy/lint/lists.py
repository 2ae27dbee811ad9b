"""Checks of the lists people choose from: categories, sources, words, starter profiles."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.page import Book, Remark, of_value, shipped

PROFILES = tuple(
    f"profiles.{kind}"
    for kind in ("region", "municipality", "authority", "trust_service_provider", "company")
)
LOCKED = ("code", "sv", "en", "description_sv", "description_en")


def _unknown(code: str, where: str) -> tuple[str, str]:
    return f"{code} finns inte i {where}.", f"{code} is not in {where}."


@of_value("categories")
def main_categories_are_locked(value: Any, book: Book) -> Iterator[Remark]:
    """ "Huvudkategorierna är fasta": the ten of them, in order, in the words of the instruction."""
    ours = shipped("categories")
    if [category["code"] for category in value] != [category["code"] for category in ours]:
        told = ", ".join(category["code"] for category in ours)
        yield Remark(
            (),
            f"De tio huvudkategorierna är fasta: {told}. Lägg till exempel under dem i stället.",
            f"The ten main categories are fixed: {told}. Add examples under them instead.",
        )
        return
    for row, (theirs, category) in enumerate(zip(value, ours, strict=True)):
        for key in (key for key in LOCKED if theirs[key] != category[key]):
            yield Remark(
                (row, key),
                f"Huvudkategorin är fast: skriv {category[key]!r}.",
                f"The main category is fixed: write {category[key]!r}.",
            )


@of_value("categories")
def examples_of_a_category_are_kept(value: Any, book: Book) -> Iterator[Remark]:
    """The examples "kan utökas": more may be added, none taken away."""
    ours = {category["code"]: category["examples"] for category in shipped("categories")}
    for row, category in enumerate(value):
        kept = {example["code"] for example in category["examples"]}
        lost = [e["code"] for e in ours.get(category["code"], []) if e["code"] not in kept]
        if lost:
            yield Remark(
                (row, "examples"),
                f"Exempel får läggas till men inte tas bort: lägg tillbaka {', '.join(lost)}.",
                f"Examples may be added but not removed: put back {', '.join(lost)}.",
            )


@of_value("categories")
def example_codes_are_unique(value: Any, book: Book) -> Iterator[Remark]:
    for row, category in enumerate(value):
        seen = Counter(example["code"] for example in category["examples"])
        for number, example in enumerate(category["examples"]):
            if seen[example["code"]] > 1:
                yield Remark(
                    (row, "examples", number),
                    f"Koden {example['code']} står flera gånger: ge varje exempel sin egen.",
                    f"The code {example['code']} stands more than once: give each its own.",
                )


@of_value("categories")
def rsit_codes_exist(value: Any, book: Book) -> Iterator[Remark]:
    known = {f"{kind}:{one}" for kind, types in book.value("rsit").items() for one in types}
    for row, category in enumerate(value):
        for number, code in enumerate(category["rsit"]):
            if code not in known:
                yield Remark((row, "rsit", number), *_unknown(code, "RSIT v1003"))
        for number, example in enumerate(category["examples"]):
            for place, code in enumerate(example.get("rsit", [])):
                if code not in known:
                    yield Remark(
                        (row, "examples", number, "rsit", place), *_unknown(code, "RSIT v1003")
                    )


@of_value("sources")
def sources_are_the_seven(value: Any, book: Book) -> Iterator[Remark]:
    wanted = [(source["code"], source["number"]) for source in shipped("sources")]
    if [(source["code"], source["number"]) for source in value] != wanted:
        told = ", ".join(f"{number} {code}" for code, number in wanted)
        yield Remark(
            (),
            f"De sju källorna är fasta: {told}. Lägg till slag under dem i stället.",
            f"The seven sources are fixed: {told}. Add kinds under them instead.",
        )


def _all_there(value: Any, id: str) -> Iterator[Remark]:
    """The pages look these words up by code."""
    for code in shipped(id).keys() - value.keys():
        yield Remark((code,), f"Ordet {code} saknas.", f"The word {code} is missing.")


@of_value("status_words")
def status_words_are_all_there(value: Any, book: Book) -> Iterator[Remark]:
    yield from _all_there(value, "status_words")


@of_value("terms")
def terms_are_all_there(value: Any, book: Book) -> Iterator[Remark]:
    yield from _all_there(value, "terms")


@of_value(*PROFILES)
def profile_modules_are_known(value: Any, book: Book) -> Iterator[Remark]:
    known = book.value("modules")
    for code in value["modules"].keys() - known.keys():
        yield Remark(("modules", code), *_unknown(code, "modules.toml"))
    for code in known.keys() - value["modules"].keys():
        yield Remark(
            ("modules",),
            f"Skriv om modulen {code} är på eller av, true eller false.",
            f"Write whether the module {code} is on or off, true or false.",
        )


@of_value(*PROFILES)
def profile_units_hang_together(value: Any, book: Book) -> Iterator[Remark]:
    """A parent stands before its children, so a unit cannot lie in itself."""
    before: set[str] = set()
    for row, unit in enumerate(value["units"]):
        parent = unit.get("parent")
        if parent is not None and parent not in before:
            yield Remark(
                ("units", row, "parent"),
                f"Enheten {parent} står inte före {unit['code']}: flytta upp den.",
                f"The unit {parent} does not stand before {unit['code']}: move it up.",
            )
        if unit["code"] in before:
            yield Remark(
                ("units", row, "code"),
                f"Koden {unit['code']} står flera gånger.",
                f"The code {unit['code']} stands more than once.",
            )
        before.add(unit["code"])


@of_value(*PROFILES)
def profile_words_are_known(value: Any, book: Book) -> Iterator[Remark]:
    for key in ("terms", "roles"):
        for code in value[key].keys() - book.value(key).keys():
            yield Remark((key, code), *_unknown(code, f"{key}.toml"))


CHECKS = (
    main_categories_are_locked,
    examples_of_a_category_are_kept,
    example_codes_are_unique,
    rsit_codes_exist,
    sources_are_the_seven,
    status_words_are_all_there,
    terms_are_all_there,
    profile_modules_are_known,
    profile_units_hang_together,
    profile_words_are_known,
)
