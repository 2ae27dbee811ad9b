"""What the lists of cases and actions are narrowed to: it stands in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.events.models import Event
from vardkase.events.queries import NEWEST, QUEUE
from vardkase.incidents.models import Action
from vardkase.incidents.queries import OLDEST, managed_by, taking_part
from vardkase.incidents.rules import INCIDENTS
from vardkase.lib.paging import Order
from vardkase.organisation.models import Unit
from vardkase.organisation.units import subtree, tree
from vardkase.policy.parameter import parameter
from vardkase.web.forms import INDENT, PickField
from vardkase.web.words import local

OPEN = tuple(sorted(INCIDENTS))
ORDERS: dict[str, Order] = {"": QUEUE, "nyast": NEWEST, "aldst": OLDEST}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that the list is narrowed to, and the address without it."""

    words: str
    without: str


class Filter(forms.Form):
    """A form in an address: an unknown value is as none."""

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def address(self, **more: str) -> str:
        return urlencode(self.chosen() | more)

    def chips(self) -> list[Chip]:
        chosen = self.chosen()
        return [
            Chip(self.said(name, value), urlencode({k: v for k, v in chosen.items() if k != name}))
            for name, value in chosen.items()
            if name != "ordning"
        ]

    def said(self, name: str, value: str) -> str:
        field: Any = self.fields[name]
        words = dict(field.choices).get(value, value)
        return f"{field.label}: {str(words).strip()}"

    def give(self, **choices: Any) -> None:
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]


class CaseFilter(Filter):
    """The list of cases: open incidents, unless the address says otherwise."""

    lage = PickField(label=_("State"), required=False)
    vems = PickField(
        label=_("Whose"), required=False,
        choices=[("", _("All")), ("mina", _("Mine")), ("ledda", _("Those I manage"))],
    )  # fmt: skip
    prioritet = PickField(
        label=_("Priority"), required=False,
        choices=[("", _("All")), *((str(n), f"P{n}") for n in range(1, 6))],
    )  # fmt: skip
    kategori = PickField(label=_("Category"), required=False)
    enhet = PickField(label=_("Unit"), required=False)
    ordning = PickField(
        label=_("Order"), required=False,
        choices=[
            ("", _("Urgent first")), ("nyast", _("Newest first")), ("aldst", _("Oldest first")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any, *, reader: Actor, at: datetime) -> None:
        super().__init__(data)
        self.reader = reader
        self.units: dict[str, Unit] = {}
        units: list[tuple[str, object]] = [("", _("All units"))]
        for unit, depth in tree():
            self.units[str(unit.pk)] = unit
            units.append((str(unit.pk), INDENT * depth + unit.name))
        self.give(
            lage=[("", _("Open incidents")), ("alla", _("All")), *Event.State.choices],
            enhet=units,
            kategori=[
                ("", _("All categories")),
                *((row["code"], local(row)) for row in parameter("categories").at(at).value),
            ],
        )

    @property
    def order(self) -> Order:
        return ORDERS[self.chosen().get("ordning", "")]

    def narrowed(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        chosen = self.chosen()
        made: dict[str, Callable[[str], Q]] = {
            "vems": self.whose,
            "prioritet": lambda v: Q(priority=int(v)),
            "kategori": lambda v: Q(category=v),
            "enhet": lambda v: subtree(self.units[v]),
        }
        for name in made.keys() & chosen.keys():
            rows = rows.filter(made[name](chosen[name]))
        state = chosen.get("lage", "")
        if state == "alla":
            return rows
        return rows.filter(state=state) if state else rows.filter(state__in=OPEN)

    def whose(self, value: str) -> Q:
        person = self.reader.person or 0
        return managed_by(person) if value == "ledda" else taking_part(person)


class ActionFilter(Filter):
    """The list of actions: open ones of everybody, unless the address says otherwise."""

    lage = PickField(
        label=_("State"), required=False,
        choices=[("", _("Open")), ("alla", _("All")), *Action.State.choices[1:]],
    )  # fmt: skip
    vems = PickField(
        label=_("Whose"), required=False,
        choices=[("", _("All, mine first")), ("mina", _("Mine"))],
    )  # fmt: skip
    slag = PickField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Action.Kind.choices]
    )

    def __init__(self, data: Any, *, reader: Actor) -> None:
        super().__init__(data)
        self.reader = reader

    def narrowed(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        chosen = self.chosen()
        if "vems" in chosen:
            rows = rows.filter(owner=self.reader.person)
        if "slag" in chosen:
            rows = rows.filter(kind=chosen["slag"])
        state = chosen.get("lage", Action.State.OPEN)
        return rows if state == "alla" else rows.filter(state=state)
