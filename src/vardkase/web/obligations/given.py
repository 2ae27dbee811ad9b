"""Answers that were given: to be read, and to be changed by whoever knows better."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language

from vardkase.events.models import Event
from vardkase.obligations.models import Answer
from vardkase.organisation.queries import names
from vardkase.policy.facts import Fact, moment_of, still_fitting
from vardkase.policy.regime_files import catalogue
from vardkase.web.incidents.dutywords import words
from vardkase.workflow.prefill import worded


class Given(NamedTuple):
    """The newest answer to a question."""

    name: str
    label: str
    text: str
    row: Answer
    by: str


def given(case: Event) -> list[Given]:
    """What people have answered, the newest to each question for each entity; none taken back."""
    known, language, rows = catalogue(), get_language() or "sv", newest(case)
    people = names({row.by for row in rows})
    return [
        Given(row.name, words(known[row.name]), worded(row.name, value, language), row,
              people.get(row.by, row.by))
        for row in rows
        for value in still_fitting({row.name: row.value}, known).values()
    ]  # fmt: skip


def newest(case: Event) -> list[Answer]:
    rows = Answer.objects.filter(event=case).select_related("entity").order_by("pk")
    last = {(row.entity_id, row.name): row for row in rows}
    return [row for row in last.values() if row.value is not None and row.name in catalogue()]


def again(request: HttpRequest, case: Event) -> dict[str, Any]:
    """The questions that somebody wants to answer again, `?igen=NAME`, with the answers so far."""
    wanted = [name for name in request.GET.getlist("igen") if name in catalogue()]
    said = {row.name: row.value for row in newest(case)} if wanted else {}
    return {name: shown(catalogue()[name], said.get(name)) for name in wanted}


def shown(one: Fact, value: Any) -> Any:
    """As its field takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if one.type == "text" and isinstance(value, list):
        return ", ".join(value)
    return moment_of(value) if one.type == "time" and isinstance(value, str) else value
