"""Checks of any policy file: its head, its rows, their dates, and the shape of its values."""

from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from vardkase.policy.lint.page import Book, Page, Remark, of_page
from vardkase.policy.lint.regime_shape import shape_of
from vardkase.policy.lint.shapes import SHAPES
from vardkase.policy.parameter import DATA, STATUSES

HEAD: dict[str, type] = {"id": str, "unit": str, "sv": str, "en": str, "version": list}
ROW: dict[str, type] = {"since": date, "source": str, "checked": date, "status": str}
OURS = ("access.actions", "decisions", "modules", "rsit")
TYPES: dict[type, tuple[str, str]] = {
    str: ("en text", "a text"),
    date: ("ett datum, 2026-11-22", "a date, 2026-11-22"),
    list: ("minst en rad [[version]]", "at least one row [[version]]"),
}


def _lacks(table: dict[str, Any], keys: dict[str, type], place: Any) -> Iterator[Remark]:
    for key, kind in keys.items():
        if type(table.get(key)) is not kind or not table[key]:
            sv, en = TYPES[kind]
            yield Remark(
                (*place, key), f"Nyckeln {key} ska vara {sv}.", f"The key {key} must be {en}."
            )


@of_page()
def missing_key(page: Page, book: Book) -> Iterator[Remark]:
    """No value without its ground: date, source, who-checked-when and status stand in its row."""
    yield from _lacks(page.raw, HEAD, ())
    rows = page.raw.get("version")
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield from _lacks(row, ROW, ("version", number))
        else:
            yield Remark(("version",), "Skriv rader [[version]].", "Write rows [[version]].")


@of_page()
def unknown_key(page: Page, book: Book) -> Iterator[Remark]:
    for place, table, known in [
        ((), page.raw, set(HEAD)),
        *((("version", n), row, {*ROW, "value"}) for n, row in enumerate(page.raw["version"])),
    ]:
        for key in table.keys() - known:
            close = get_close_matches(key, known, 1)
            yield Remark(
                (*place, key),
                f"Nyckeln {key} används inte." + (f" Menade du {close[0]}?" if close else ""),
                f"The key {key} is not used." + (f" Did you mean {close[0]}?" if close else ""),
            )


@of_page()
def id_is_the_path(page: Page, book: Book) -> Iterator[Remark]:
    if page.raw["id"] != page.id:
        yield Remark(
            ("id",),
            f'Filen ligger som {page.id}: skriv id = "{page.id}" eller flytta filen.',
            f'The file lies as {page.id}: write id = "{page.id}", or move the file.',
        )


@of_page()
def unknown_id(page: Page, book: Book) -> Iterator[Remark]:
    if shape_of(page.id) is None:
        close = get_close_matches(page.id, SHAPES, 1)
        yield Remark(
            ("id",),
            f"Inget läser {page.id}." + (f" Menade du {close[0]}?" if close else ""),
            f"Nothing reads {page.id}." + (f" Did you mean {close[0]}?" if close else ""),
        )


@of_page()
def belongs_to_the_program(page: Page, book: Book) -> Iterator[Remark]:
    if page.id in OURS and not page.path.is_relative_to(DATA):
        yield Remark(
            ("id",),
            f"{page.id} hör till programmet och kan inte ändras: ta bort filen.",
            f"{page.id} belongs to the program and cannot be changed: remove the file.",
        )


@of_page()
def date_order(page: Page, book: Book) -> Iterator[Remark]:
    days = [row["since"] for row in page.raw["version"]]
    for number, (before, after) in enumerate(zip(days, days[1:], strict=False), 1):
        if after <= before:
            yield Remark(
                ("version", number, "since"),
                f"{after} kommer inte efter {before}: skriv raderna äldst först, en per dag.",
                f"{after} does not follow {before}: write the rows oldest first, one a day.",
            )


@of_page()
def status_word(page: Page, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(page.raw["version"]):
        if row["status"] not in STATUSES:
            yield Remark(
                ("version", number, "status"),
                'Skriv "verified" om du jämfört med källan, annars "unverified".',
                'Write "verified" if you have compared with the source, else "unverified".',
            )


@of_page()
def checked_in_the_future(page: Page, book: Book) -> Iterator[Remark]:
    for number, row in enumerate(page.raw["version"]):
        if row["checked"] > book.today:
            yield Remark(
                ("version", number, "checked"),
                f"{row['checked']} har inte varit än: skriv dagen då någon kontrollerade värdet.",
                f"{row['checked']} has not come yet: write the day someone checked the value.",
            )


@of_page(severity="warning")
def checked_long_ago(page: Page, book: Book) -> Iterator[Remark]:
    """Only of the newest row: the older ones are history."""
    number = len(page.raw["version"]) - 1
    checked = page.raw["version"][number]["checked"]
    if checked < book.today - timedelta(days=365):
        yield Remark(
            ("version", number, "checked"),
            f"Ingen har jämfört värdet med källan sedan {checked}: gör det och skriv dagens datum.",
            f"Nobody has compared this with its source since {checked}: do so, and date it.",
        )


@of_page()
def value_is_missing(page: Page, book: Book) -> Iterator[Remark]:
    """A regime may end: its row without a value is the repeal."""
    for number, row in enumerate(page.raw["version"]):
        if "value" not in row and not (number and page.id.startswith("regimes.")):
            yield Remark(
                ("version", number),
                "Raden har inget värde, och programmet klarar sig inte utan: skriv value = ...",
                "The row has no value, and the program cannot do without: write value = ...",
            )


def _shape(page: Page) -> Iterator[Remark]:
    shape = shape_of(page.id)
    for place, value in page.values():
        yield from shape(value, place) if shape else ()


@of_page()
def value_shape(page: Page, book: Book) -> Iterator[Remark]:
    yield from (remark for remark in _shape(page) if not remark.is_language)


@of_page()
def both_languages(page: Page, book: Book) -> Iterator[Remark]:
    """Whoever reads Swedish and whoever reads English sees every text."""
    yield from (remark for remark in _shape(page) if remark.is_language)


HEAD_CHECKS = (missing_key,)
ROW_CHECKS = (
    unknown_key,
    id_is_the_path,
    unknown_id,
    belongs_to_the_program,
    date_order,
    status_word,
    checked_in_the_future,
    checked_long_ago,
    value_is_missing,
)
SHAPE_CHECKS = (value_shape, both_languages)
