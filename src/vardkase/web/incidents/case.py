"""The page of one case: what stands now, what is missing, what was done and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment import queries as assessment
from vardkase.assessment.models import Assessment
from vardkase.communication.queries import Lead, lead
from vardkase.conclusions.queries import related
from vardkase.conclusions.rows import Hit
from vardkase.conclusions.sheet import Sheet, sheet
from vardkase.decisionlog.queries import audible, speakers, tail
from vardkase.events.models import Event
from vardkase.events.told import statements
from vardkase.incidents.rules import INCIDENTS, Condition, Step, steps
from vardkase.obligations.queries import clocks as nearest
from vardkase.organisation.queries import documents, names
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.assessment.shown import judged
from vardkase.web.communication.lead import who_leads
from vardkase.web.communication.shown import beside
from vardkase.web.door import needs
from vardkase.web.obligations.clocks import faces
from vardkase.web.report import shown as report
from vardkase.web.report.tickets import linked
from vardkase.web.words import local
from vardkase.workflow.acting import mandates

from . import logbook
from .acting import case_for
from .forms import NoteForm
from .log import CHECKED, checked
from .relation import relation_map

SHOWN = 20  # entries of the log on the page; the rest lie behind a link
JUDGED = 20  # assessments shown
CLOCKS = 4  # shown on the page; the others lie under Reporting
DOING = ("comment", "edit", "assess", "assign", "close", "evidence_read", "export", "read_log")


@dataclass(frozen=True, slots=True)
class Told:
    """A condition in words."""

    code: str
    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ToldStep:
    step: Step
    words: str
    entry: list[Told]
    exit: list[Told]

    @property
    def todo(self) -> list[Told]:
        """What keeps the case in this step."""
        return [one for one in self.exit if not one.holds]


@needs("read")
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    case = case_for(request, number, "read")
    return render(request, "incidents/case.html", context(reader, case, at))


def context(reader: Actor, case: Event, at: datetime) -> dict[str, Any]:
    """What the page shows. Statements and queries: event, statements with marks, assessments,
    the sheet, the log, related cases, clocks, names."""
    said, made = statements(case), assessment.history(case)[:JUDGED]
    known_sheet, rows = sheet(case), tail(case.number, most=CHECKED + 1)
    scope = case.scope()
    can = {action: allowed(reader, action, scope) for action in DOING}
    seen = audible(rows, full=can["read_log"], at=at)
    leads = lead(case) if known_sheet.incident else Lead(None, None)
    spoken = [*report.speakers(said), *(row.by for row in made), *writers(known_sheet)]
    known = names([*spoken, *speakers(seen[:SHOWN]), *leads.speakers])
    told = told_steps(case, known_sheet, at)
    return (
        {
            "case": case,
            "sheet": known_sheet,
            "documents": documents(now_in(told)),
            "essential": []
            if case.sealed
            else [one for one in known_sheet.assets if one.essential],
            "can": can | {"decide": bool(mandates(case, "case.decided", by=reader))},
            "is_incident": case.state in INCIDENTS,
            "topics": report.told(case, said, known),
            "history": [judged(row, known) for row in made],
            "steps": told,
            "map": relation_map(case, known_sheet.relation, known_sheet.assets),
            "lines": logbook.lines(seen[:SHOWN], known, case, at),
            "more": len(seen) > SHOWN,
            "verdict": checked(rows),
            "note": NoteForm(),
            "known": known,
            "related": related(reader, case, known_sheet, at=at),
            "clocks": faces(nearest(case)[:CLOCKS], at),
            "section": "cases",
        }
        | words(case, known_sheet, known, at)
        | informing(reader, case, known_sheet, made, at)
        | who_leads(leads, case, reader, known)
    )


def informing(
    reader: Actor, case: Event, known_sheet: Sheet, made: list[Assessment], at: datetime
) -> dict[str, Any]:
    """Of an incident: whom policy proposes to tell."""
    return beside(reader, case, known_sheet, made, at) if known_sheet.incident else {}


def now_in(told: list[ToldStep]) -> str:
    """The code of the step that the case is in; that of the last one when all are past."""
    return next((one.step.code for one in told if one.step.standing == "now"), told[-1].step.code)


def words(case: Event, known_sheet: Sheet, known: dict[str, str], at: datetime) -> dict[str, Any]:
    """What of the page stands in codes, in words."""
    categories = {row["code"]: local(row) for row in parameter("categories").at(at).value}
    labels = parameter("access.labels").at(at).value
    parts = {row["code"]: local(row) for row in parameter("incidents.parts").at(at).value}
    lead = [taking for taking in known_sheet.parts if taking.part == "investigation_lead"]
    return {
        "category": categories.get(case.category, ""),
        "labels": [local(labels[code]) if code in labels else code for code in case.labels],
        "tickets": linked(known_sheet.tickets, at),
        "people": [(parts.get(one.part, one.part), one) for one in known_sheet.parts],
        "investigates": lead[0].name if lead else case.unit.name,
        "prepared": [one for one in known_sheet.assets if prepared(one)],
        "done": sum(not action.is_open for action in known_sheet.actions),
        "milestones": milestones(known_sheet, known),
        "situation_by": speaker(known_sheet.situation, known),
        "conclusion_by": speaker(known_sheet.conclusion, known),
    }


def speaker(row: Any, known: dict[str, str]) -> str:
    return report.who(row.by, known) if row else ""


def prepared(asset: Hit) -> bool:
    return bool(asset.fallback or asset.crisis_plan or asset.safeguards)


def writers(known_sheet: Sheet) -> list[str]:
    """Who wrote what stands on the sheet, as the log calls them."""
    single = (known_sheet.situation, known_sheet.relation, known_sheet.conclusion)
    return [
        *(row.by for row in single if row),
        *(row.by for row in known_sheet.milestones),
        *(row.by for row in known_sheet.attachments),
    ]


def milestones(known_sheet: Sheet, known: dict[str, str]) -> list[tuple[str, Any, str]]:
    """Each milestone with the row that counts, and who judged so."""
    rows = [(kind, known_sheet.standing(kind)) for kind in ("under_control", "restored", "closed")]
    return [(kind, row, speaker(row, known)) for kind, row in rows]


def told_steps(case: Event, known_sheet: Sheet, at: datetime) -> list[ToldStep]:
    conditions = parameter("incidents.conditions").at(at).value
    names_of = {row["code"]: local(row) for row in parameter("incidents.steps").at(at).value}

    def told(rows: tuple[Condition, ...]) -> list[Told]:
        return [
            Told(one.code, local(conditions[one.code], "" if one.holds else "todo"), one.holds)
            for one in rows
        ]

    return [
        ToldStep(step, names_of[step.code], told(step.entry), told(step.exit))
        for step in steps(known_sheet.facts(case))
    ]
