"""Facts of the log that speak of laws, clocks, rules and policy, in the reader's words."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vardkase.obligations.models import Deadline
from vardkase.policy.facts import Fact, fact
from vardkase.policy.parameter import NotInForce, UnknownParameter, parameter
from vardkase.policy.regime import Regime
from vardkase.policy.regime_files import catalogue, parameter_of, regime, regimes


def regime_name(id: str, at: datetime) -> str:
    found = regime_at(id, at)
    return words(found) if found else id


def laws(at: datetime) -> list[tuple[str, str]]:
    """Every regime with its name, by name."""
    return sorted(((id, regime_name(id, at)) for id in regimes()), key=lambda each: each[1])


def step_name(id: str, regime: str, at: datetime) -> str:
    found = regime_at(regime, at)
    return next((words(one) for one in found.steps if one.id == id), id) if found else id


def step(text: str, at: datetime) -> str:
    """`eu-gdpr subjects` for people."""
    law, _blank, id = text.partition(" ")
    return f"{regime_name(law, at)}: {step_name(id, law, at)}"


def regime_at(id: str, at: datetime) -> Regime | None:
    """As it stood then; a regime that is gone, or that held later only, keeps its code."""
    try:
        return regime(id, at)
    except (LookupError, ValueError):
        return None


def words(row: Any) -> str:
    return str(row.en if get_language() == "en" else row.sv)


def clock(text: str, at: datetime) -> str:
    """`Region Vintra eu-gdpr imy: - -> 2026-11-23T15:54+01:00` for people."""
    head, _colon, times = text.rpartition(": ")
    before, arrow, after = times.partition(" -> ")
    named = head.rsplit(" ", 2)
    if not arrow or len(named) != 3:
        return text
    entity, law, step = named[0], regime_name(named[1], at), step_name(named[2], named[1], at)
    old, new = due(before), due(after)
    told = new
    if old != new and before != "-":
        told = _("%(new)s (before: %(old)s)") % {"new": new, "old": old}
    return f"{entity}, {law}, {step}: {told}"


def due(text: str) -> str:
    """A clock's time or manner; none of them means that it stands still."""
    if text == "-":
        return _("no longer runs")
    if text in Deadline.Mode.values:
        return str(Deadline.Mode(text).label)
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
    except ValueError:
        return text


def fact_answer(name: str, given: str) -> str:
    """The question and its answer; the log holds the answer as JSON."""
    found = fact(name, catalogue())
    if not found:
        return f"{name}: {given}"
    try:
        value = json.loads(given)
    except ValueError:
        return f"{words(found)} {given}"
    said = ", ".join(said_of(found, one) for one in (value if isinstance(value, list) else [value]))
    return f"{words(found)} {said}"


def said_of(asked: Fact, value: Any) -> str:
    if value is None:
        return _("Not known yet")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if asked.type == "time":
        return due(str(value))
    told = (asked.values or {}).get(value) if isinstance(value, str) else None
    return words(told) if told else str(value)


def verdict(code: str) -> str:
    said = {
        "reportable": _("To be reported"),
        "undetermined": _("Not determined"),
        "excluded": _("Excluded"),
        "not_applicable": _("Does not apply"),
        "not_reportable": _("Not to be reported"),
    }
    return said.get(code, code)


def ground(text: str) -> str:
    """What a decision rested on: the policy by its name instead of its id."""
    id, since, rest = text.partition(" since ")
    day, colon, source = rest.partition(": ")
    if not since or not colon or " " in id or " " in day:
        return text
    told = {"name": policy_name(id), "since": day, "source": source}
    return _("%(name)s, in force since %(since)s: %(source)s") % told


def policy_name(id: str) -> str:
    try:
        short = id.removeprefix("regimes.")
        return words(parameter(id) if short == id else parameter_of(short))
    except (UnknownParameter, NotInForce, ValueError):
        return id


WAYS = {
    "mail": gettext_lazy("e-mail"),
    "letter": gettext_lazy("letter"),
    "telephone": gettext_lazy("telephone"),
    "meeting": gettext_lazy("meeting"),
    "safe": gettext_lazy("the marked safe way"),
}


def way(code: str) -> str:
    """How somebody affected was contacted."""
    return str(WAYS.get(code, code))
