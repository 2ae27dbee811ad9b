"""What was known and decided when the lead of a case was handed over, in the reader's words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from vardkase.communication.models import Handover
from vardkase.events.models import Event
from vardkase.incidents.models import Action
from vardkase.obligations.models import Ruling
from vardkase.policy.parameter import parameter
from vardkase.web.incidents import dutywords
from vardkase.web.incidents.logbook import label
from vardkase.web.words import local

type Row = tuple[str, str]


def frozen_rows(held: Handover) -> list[Row]:
    """Heading and text, row by row; empty rows are left out."""
    if not held.frozen:
        return []
    return [(name, text) for name, text in told(held.frozen, held) if text]


def told(said: dict[str, Any], held: Handover) -> Iterator[Row]:
    at = held.at
    parts = {row["code"]: local(row) for row in parameter("incidents.parts").at(at).value}
    kinds = {row["code"]: local(row) for row in parameter("categories").at(at).value}
    yield _("Status"), f"{label(Event.State, said['state'])}, P{said['priority']}"
    yield _("Category"), kinds.get(said["category"], said["category"])
    yield _("Situation"), said["situation"]
    yield _("Under control"), due(said["under_control_at"])
    yield _("Function restored"), due(said["restored_at"])
    yield _("Decisions"), lines(f"{due(one['at'])}: {one['text']}" for one in said["decisions"])
    yield _("Clocks"), lines(clock(one, held) for one in said["clocks"])
    yield _("Report or not?"), lines(ruling(one, held) for one in said["rulings"])
    yield _("Open actions"), lines(map(action, said["actions"]))
    people = (f"{parts.get(one['part'], one['part'])}: {one['name']}" for one in said["people"])
    yield _("Who"), lines(people)
    yield _("Log"), f"{said['log']['entries']}: {said['log']['head']}"


def clock(one: dict[str, Any], held: Handover) -> str:
    law = dutywords.step(f"{one['regime']} {one['step']}", held.at)
    sure = "" if one["certain"] else f" ({_('provisional')})"
    return f"{due(one['due_at'])}: {law}, {one['entity']}{sure}"


def ruling(one: dict[str, Any], held: Handover) -> str:
    law = dutywords.regime_name(one["regime"], held.at)
    return f"{law}, {one['entity']}: {label(Ruling.Outcome, one['outcome'])}. {one['reason']}"


def action(one: dict[str, Any]) -> str:
    told = ", ".join(filter(None, (one["owner"], due(one["due_at"]))))
    return f"{one['title']} ({label(Action.State, one['state'])}) {told}"


def due(text: str | None) -> str:
    return dutywords.due(text) if text else ""


def lines(rows: Any) -> str:
    return "\n".join(rows)
