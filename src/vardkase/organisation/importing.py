"""Bringing in many rows at once: read, compare, show, and only then store. Any room's tables.

    table = Units(by, at)
    plan = planned(table, sheet)      # what is new, changed, unchanged and at fault; writes nothing
    result = apply(plan, table)       # decisions, one for each unit and at most 500 rows

A fault stops its own row and no other. The same file once more changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched, groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from vardkase.decisionlog.services import decision
from vardkase.lib.changes import Changed, Refused, Sentence, plain
from vardkase.lib.changes import apply as change
from vardkase.lib.sheet_reader import Row, Sheet

from .tables import Table

AT_ONCE = 500  # rows in one decision
TWICE = _("The same thing stands on line {line} already.")
RAGGED = _("The row has more cells than there are headings.")
NOT_YOURS = _("You may not change what belongs to this unit.")
MEANWHILE = _("Somebody else changed the same thing. Import the file again.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in words; `heading` is the file's own, "" for the whole row."""

    line: int
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is new or differs from what there is."""

    line: int
    row: Model
    place: str  # path of the unit whose leave it takes
    is_new: bool
    changed: Changed  # field -> [before, after]; for a new row [what it holds]
    shown: list[tuple[str, str, str]]  # heading, before, after: in words


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    sheet: Sheet
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """What an import did."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def planned(table: Table, sheet: Sheet) -> Plan:
    """Compare every row of the file with what there is."""
    plan, seen = Plan(sheet), dict[object, int]()
    plan.faults += [Fault(line, "", str(RAGGED)) for line in sheet.ragged]
    for row in table.in_order(sheet.rows):
        try:
            found = compared(table, row, seen)
        except Refused as refused:
            plan.faults += faults_of(table, row, refused, sheet)
            continue
        if found is None:
            plan.unchanged += 1
        else:
            (plan.new if found.is_new else plan.changed).append(found)
    plan.faults.sort(key=lambda fault: fault.line)
    return plan


def compared(table: Table, row: Row, seen: dict[object, int]) -> Change | None:
    """The change that `row` asks for, or None if nothing differs; raises `Refused`."""
    values = read(table, row)
    key = table.key(values)
    if key in seen:
        raise Refused(TWICE.format(line=seen[key]))
    seen[key] = row.line
    there = table.known.get(key)
    if there is None:
        complete(table, values)
        made = table.make(values)
        place = leave(table, made)
        table.known[key] = made
        held = {name: [plain(value)] for name, value in values.items()}
        return Change(row.line, made, place, True, held, [])
    leave(table, there)
    before = {name: table.text(there, name) for name in values}
    changed = change(there, values)
    shown = [(table.heading(n), before[n], table.text(there, n)) for n in changed]
    return Change(row.line, there, leave(table, there), False, changed, shown) if changed else None


def complete(table: Table, values: dict[str, Any]) -> None:
    lacking = [name for name in table.required if values.get(name) in (None, "")]
    if lacking:
        raise Refused({name: _("This field is required.") for name in lacking})


def read(table: Table, row: Row) -> dict[str, Any]:
    """The cells as values; raises `Refused` with all that is wrong."""
    values, errors = dict[str, Any](), dict[str, Sentence]()
    for code, text in row.cells.items():
        try:
            values[code] = table.value(code, text.strip())
        except Refused as refused:
            errors[code] = next(iter(refused.errors.values()))
    try:
        values = table.cleaned(values)
    except Refused as refused:
        errors = refused.errors | errors
    if errors:
        raise Refused(errors)
    return values


def leave(table: Table, row: Model) -> str:
    """The unit of `row`, if the actor may change what belongs to it; raises `Refused`."""
    place = table.place(row)
    try:
        table.permit(place)
    except PermissionDenied:
        raise Refused(NOT_YOURS) from None
    return place


def faults_of(table: Table, row: Row, refused: Refused, sheet: Sheet) -> Iterator[Fault]:
    for code, sentence in refused.errors.items():
        heading = sheet.headings.get(code) or (table.heading(code) if code else "")
        yield Fault(row.line, heading, str(sentence))


def apply(plan: Plan, table: Table) -> Result:
    """Store what the plan says; a group that cannot be stored stops no other."""
    result = Result(unchanged=plan.unchanged, faults=list(plan.faults))
    for group in grouped([*plan.new, *plan.changed]):
        try:
            store(group, table)
        except (IntegrityError, Refused):
            result.faults += [Fault(found.line, "", str(MEANWHILE)) for found in group]
            continue
        new = sum(found.is_new for found in group)
        result.new += new
        result.changed += len(group) - new
    result.faults.sort(key=lambda fault: fault.line)
    return result


def grouped(changes: list[Change]) -> Iterator[tuple[Change, ...]]:
    """Rows of one unit together, in the order in which they were planned."""
    for _place, rows in groupby(sorted(changes, key=lambda c: c.place), lambda c: c.place):
        yield from batched(rows, AT_ONCE)


def store(group: Sequence[Change], table: Table) -> None:
    new = [found.row for found in group if found.is_new]
    old = [found for found in group if not found.is_new]
    with decision(
        table.kind, scope=table.scope(group[0].place), by=table.by, at=table.at
    ) as log:  # fmt: skip
        if new:
            table.store(new)
        if fields := sorted({name for found in old for name in found.changed}):
            table.model._default_manager.bulk_update([found.row for found in old], fields)
        log.note(imported=[{"id": c.row.pk, "line": c.line, "fields": c.changed} for c in group])
