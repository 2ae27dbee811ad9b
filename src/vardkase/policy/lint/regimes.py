"""Checks of regimes: that what they name exists, fits, and says no more than was read."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Book, Check, Page, Remark
from vardkase.policy.lint.regime_book import Draft, drafts, regime_exists
from vardkase.policy.lint.regime_shape import MUST

Row = dict[str, Any]
LookAtDraft = Callable[[Draft, Book], Iterator[Remark]]


def of_regime(look: LookAtDraft) -> Check:
    """A check of each version of a regime, as it stands with what it amends."""

    def each_version(page: Page, book: Book) -> Iterator[Remark]:
        for draft in drafts(page) if page.id.startswith("regimes.") else ():
            for remark in look(draft, book):
                if draft.says(remark.place):
                    yield remark._replace(place=(*draft.place, *remark.place))

    return Check(look.__name__.replace("_", "-"), (), each_version, "fault")


def _ids(draft: Draft, key: str) -> list[str]:
    return [row["id"] for row in draft.value.get(key, [])]


@of_regime
def regime_ids_are_unique(draft: Draft, book: Book) -> Iterator[Remark]:
    """A decision, a clock and a report refer to these ids for ever."""
    lists: list[tuple[Place, list[Row]]] = [
        ((key,), draft.value.get(key, [])) for key in ("criteria", "steps", "always")
    ]
    lists += [(("forms", form), rows) for form, rows in draft.value.get("forms", {}).items()]
    for place, rows in lists:
        seen = Counter(row["id"] for row in rows)
        for number, row in enumerate(rows):
            if seen[row["id"]] > 1:
                yield Remark(
                    (*place, number, "id"),
                    f"{row['id']} står flera gånger: ge var och en sitt id.",
                    f"{row['id']} stands more than once: give each its own id.",
                )


def _absent(place: Place, what: str, where_sv: str, where_en: str) -> Remark:
    return Remark(place, f"{what} finns inte bland {where_sv}.", f"{what} is not among {where_en}.")


@of_regime
def an_amendment_amends_something(draft: Draft, book: Book) -> Iterator[Remark]:
    """The first version of a regime, and one after its repeal, says everything itself."""
    if lacks := [key for key in MUST if key not in draft.value]:
        told = ", ".join(lacks)
        yield Remark(
            ("amends",),
            f"Det finns ingen version att ändra: skriv också {told}.",
            f"There is no version to amend: write {told} as well.",
        )


@of_regime
def regime_names_what_it_has(draft: Draft, book: Book) -> Iterator[Remark]:
    """Recipient, form and other step of a step; the criteria that are not counted."""
    recipients, forms = draft.value.get("recipients", {}), draft.value.get("forms", {})
    for number, step in enumerate(draft.value.get("steps", [])):
        for key, known, sv, en in (
            ("to", recipients, "mottagarna", "the recipients"),
            ("form", forms, "formulären", "the forms"),
            ("instead", _ids(draft, "steps"), "stegen", "the steps"),
        ):
            if key in step and step[key] not in known:
                yield _absent(("steps", number, key), step[key], sv, en)
    for number, id in enumerate(draft.value.get("not_counted", {}).get("covers", [])):
        if id not in _ids(draft, "criteria"):
            yield _absent(("not_counted", "covers", number), id, "kriterierna", "the criteria")


@of_regime
def reports_are_sent_through_a_role(draft: Draft, book: Book) -> Iterator[Remark]:
    """Through one that nobody can have, nobody could send."""
    through = draft.value.get("sign_off", {}).get("send")
    if through is not None and through not in book.value("roles"):
        yield _absent(("sign_off", "send"), through, "rollerna i roles.toml", "roles of roles.toml")


@of_regime
def other_regimes_exist(draft: Draft, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(draft.value.get("related", [])):
        if not regime_exists(row["regime"], book):
            place = ("related", number, "regime")
            yield _absent(place, row["regime"], "regimerna", "the regimes")


@of_regime
def only_what_was_read_is_verified(draft: Draft, book: Book) -> Iterator[Remark]:
    """R was read; S and M may be wrong, and whoever decides at night must see that."""
    for place, row in draft.grounds():
        if row["status"] == "verified" and row["level"] != "R":
            yield Remark(
                (*place, "status"),
                f'Nivån är {row["level"]}: skriv "unverified" tills någon läst källan.',
                f'The level is {row["level"]}: write "unverified" until the source was read.',
            )


@of_regime
def a_step_is_always_due_somehow(draft: Draft, book: Book) -> Iterator[Remark]:
    """The last branch alone has no condition: no answer leaves a step without a clock."""
    for number, step in enumerate(draft.value.get("steps", [])):
        branches = step["due"] if isinstance(step["due"], list) else [step["due"]]
        if "if" in branches[-1]:
            yield Remark(
                ("steps", number, "due"),
                "Sista grenen ska sakna villkor, så att steget alltid har en tid.",
                "The last branch must have no condition, so that the step always has a time.",
            )
        elif not all("if" in branch for branch in branches[:-1]):
            yield Remark(
                ("steps", number, "due"),
                "Grenen utan villkor ska stå sist: de efter den används aldrig.",
                "The branch without a condition stands last: those after it are never used.",
            )


def _backwards(row: Row, place: Place) -> Iterator[Remark]:
    if row.get("from", date.min) > row.get("to", date.max):
        yield Remark(
            (*place, "to"), "Slutet ligger före början.", "The end lies before the beginning."
        )


@of_regime
def spans_run_forwards(draft: Draft, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(draft.value.get("criteria", [])):
        yield from _backwards(row.get("valid", {}), ("criteria", number, "valid"))
    for name, rows in draft.value.get("recipients", {}).items():
        for number, row in enumerate(rows):
            yield from _backwards(row, ("recipients", name, number))


@of_regime
def someone_receives_on_every_day(draft: Draft, book: Book) -> Iterator[Remark]:
    """From the day the version begins and on, whatever is answered: a report can be sent late,
    never to nobody."""
    used = {step.get("to") for step in draft.value.get("steps", [])}
    for name, rows in draft.value.get("recipients", {}).items():
        gap = _gap([row for row in rows if "if" not in row], draft.since) if name in used else None
        if gap:
            yield Remark(
                ("recipients", name),
                f"Ingen tar säkert emot {gap}: skriv en rad utan villkor som gäller då.",
                f"Nobody is sure to receive on {gap}: write a row without a condition for it.",
            )


@of_regime
def a_report_goes_to_someone(draft: Draft, book: Book) -> Iterator[Remark]:
    for number, step in enumerate(draft.value.get("steps", [])):
        if step.get("kind", "authority") == "authority" and "to" not in step:
            yield Remark(
                ("steps", number),
                f'{step["id"]} ska till en myndighet: skriv to = "...", eller en annan kind.',
                f'{step["id"]} goes to an authority: write to = "...", or another kind.',
            )


def _gap(rows: list[Row], day: date) -> date | None:
    """The first day on or after `day` without a row."""
    for row in sorted(rows, key=lambda row: row["from"]):
        if row["from"] > day:
            return day
        if row.get("to", date.max) == date.max:
            return None
        day = max(day, row["to"] + timedelta(days=1))
    return day


CHECKS = (
    an_amendment_amends_something,
    regime_ids_are_unique,
    regime_names_what_it_has,
    reports_are_sent_through_a_role,
    other_regimes_exist,
    only_what_was_read_is_verified,
    a_step_is_always_due_somehow,
    spans_run_forwards,
    someone_receives_on_every_day,
    a_report_goes_to_someone,
)
