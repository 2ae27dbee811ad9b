"""What, when, who, decisions: the summary of a case as a page, a PDF and data."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.communication.queries import handovers
from vardkase.conclusions.sheet import Sheet, sheet
from vardkase.conclusions.summary import MOST, summary
from vardkase.decisionlog.queries import audible, speakers, tail
from vardkase.decisionlog.services import record_read
from vardkase.events.models import Event
from vardkase.events.told import statements
from vardkase.lib.pdf import pdf
from vardkase.lib.text import named
from vardkase.organisation.queries import names, organisation
from vardkase.web.actor import actor
from vardkase.web.communication.frozen import frozen_rows
from vardkase.web.detections import ruled
from vardkase.web.door import needs
from vardkase.web.report import shown as report
from vardkase.web.words import stamp

from . import logbook
from .acting import case_for
from .case import told_steps, words, writers
from .relation import relation_map

TEMPLATE = Path(__file__).with_name("summary.typ")


@needs("read")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    case = case_for(request, number, "read")
    shown = context(reader, case, at)
    shown["may_export"] = allowed(reader, "export", case.scope())
    return render(request, "incidents/summary.html", shown)


@needs("export")
@require_safe
def as_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The page on paper; that it was taken out stands in the log first."""
    reader, at = actor(request), timezone.now()
    case = case_for(request, number, "export")
    data = printed(context(reader, case, at), reader, at)
    record_read("export.made", scope=case.scope(), by=reader, at=at, format="pdf", name="summary")
    return attached(pdf(TEMPLATE, data), "application/pdf", f"{number}.pdf")


@needs("export")
@require_safe
def as_json(request: HttpRequest, number: str) -> HttpResponse:
    reader, at = actor(request), timezone.now()
    case = case_for(request, number, "export")
    data = summary(reader, case, at=at)
    record_read("export.made", scope=case.scope(), by=reader, at=at, format="json", name="summary")
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return answer


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, kind, headers={"Content-Disposition": disposition})


def context(reader: Actor, case: Event, at: datetime) -> dict[str, Any]:
    """The four parts, for page and paper."""
    said, known_sheet = statements(case), sheet(case)
    rows = tail(case.number, most=MOST)
    seen = audible(rows, full=allowed(reader, "read_log", case.scope()), at=at)
    known = names([*report.speakers(said), *writers(known_sheet), *speakers(seen)])
    lines = logbook.lines(reversed(seen), known, case, at)
    return {
        "case": case,
        "sheet": known_sheet,
        "topics": report.told(case, said, known),
        "steps": told_steps(case, known_sheet, at),
        "chain": relation_map(case, known_sheet.relation, known_sheet.assets).chain,
        "lines": lines,
        "decisions": [line for line in lines if line.style == "decision"],
        "wrote": Counter(line.by for line in lines).most_common(),
        "times": times(case, known_sheet),
        "at": at,
        "reader": reader,
        "section": "cases",
    } | words(case, known_sheet, known, at)


def times(case: Event, known: Sheet) -> list[tuple[str, datetime]]:
    """Every moment of the case that is known, in order."""
    rows = [
        (_("Happened"), case.happened_at),
        (_("Discovered"), case.discovered_at),
        (_("Reported"), case.reported_at),
        (_("Received"), case.received_at),
        (_("Assessed"), known.assessed_at),
        (_("Under control"), known.since("under_control")),
        (_("Function restored"), known.since("restored")),
        (_("Conclusions written"), known.conclusion.at if known.conclusion else None),
        (_("Closed"), known.since("closed")),
    ]
    return sorted(((words, at) for words, at in rows if at), key=lambda row: row[1])


def printed(shown: dict[str, Any], reader: Actor, at: datetime) -> dict[str, Any]:
    """The page's parts as rows of text, each hidden character by its name."""
    case, local = shown["case"], timezone.localtime(at)
    head = {
        "title": f"{case.number} {case.title}",
        "language": get_language() or "sv",
        "date": [local.year, local.month, local.day],
        "organisation": str(organisation() or ""),
        "made": _("Taken out %(at)s by %(name)s.")
        % {"at": date_format(local, "DATETIME_FORMAT"), "name": reader.name},
        "secrecy": render_to_string("incidents/_secrecy.txt", shown).strip(),
        "state": case.get_state_display(),
        "page": _("Page"),
    }
    parts = [
        {"heading": _("What"), "rows": what(shown)},
        {"heading": _("When"), "rows": [row(words, stamp(when)) for words, when in shown["times"]]},
        {"heading": _("Who"), "rows": who(shown)},
        {"heading": _("Decisions"), "rows": [entry(line) for line in shown["decisions"]]},
        {"heading": _("Handovers"), "rows": handed(case)},
        {"heading": _("The whole log"), "rows": [entry(line) for line in shown["lines"]]},
    ]
    kept = [part for part in parts if part["rows"] or part["heading"] != _("Handovers")]
    found: dict[str, Any] = named(head | {"parts": kept})
    return found


def handed(case: Event) -> list[dict[str, str]]:
    """Each handover of the lead, with what was known and decided then."""
    rows = []
    to, back = _("To the crisis organisation"), _("Back from the crisis organisation")
    for held in list(handovers(case))[::-1]:
        way = to if held.to_crisis else back
        taken = stamp(held.taken_at) if held.taken_at else _("not taken")
        rows.append(row(f"{stamp(held.at)} {way}, {held.person.name}: {taken}", held.state))
        rows += [row(name, text) for name, text in frozen_rows(held)]
    return rows


def row(name: object, text: object, mark: str = "") -> dict[str, str]:
    return {"name": str(name), "text": str(text), "mark": mark}


def what(shown: dict[str, Any]) -> list[dict[str, str]]:
    """The case, every statement with its mark, the situation, the chain, the conclusion."""
    case, known = shown["case"], shown["sheet"]
    rows = [
        row(_("Case"), f"{case.number}, P{case.priority}, {case.get_state_display()}"),
        row(_("Category"), shown["category"] or "–"),
        row(_("Unit"), case.unit.name),
    ]
    for topic in shown["topics"]:
        rows += [row(topic.label, said.text, marking(said)) for said in topic.current.said]
    for one in known.alarms:
        told = f"{one.source} · {one.severity_words} · {one.count} · {ruled.name(one.rule, one.at)}"
        rows.append(row(_("Alarm"), one.title, told))
    if known.situation:
        rows.append(row(_("Situation"), known.situation.text))
    rows += [row(link.box.kind, link.box.text) for link in shown["chain"] if link.box.known]
    if known.conclusion:
        rows += concluded(known.conclusion)
    return rows


def marking(said: report.Said) -> str:
    """ "Verifierad, Anna Berg 22 nov 2026 09.12": never without who and when."""
    if said.mark is None:
        return said.label
    note = f": {said.mark.note}" if said.mark.note else ""
    return f"{said.label}, {said.mark.by} {stamp(said.mark.at)}{note}"


def concluded(said: Any) -> list[dict[str, str]]:
    named = (
        (_("Cause"), f"{said.cause_words}. {said.cause}"),
        (_("Course of events"), said.course),
        (_("Direct harm"), said.direct_harm),
        (_("Indirect harm"), said.indirect_harm),
        (_("Lessons"), said.lessons),
    )
    return [row(name, text) for name, text in named if text]


def who(shown: dict[str, Any]) -> list[dict[str, str]]:
    case, known = shown["case"], shown["sheet"]
    rows = [row(_("Reporter"), case.get_reporter_kind_display())]
    rows.append(row(_("Investigates"), shown["investigates"]))
    rows += [row(part, one.name) for part, one in shown["people"]]
    for name, n in shown["wrote"]:
        written = ngettext("%(n)d entry in the log", "%(n)d entries in the log", n)
        rows.append(row(name, written % {"n": n}))
    for one in known.actions:
        due = stamp(one.due_at) if one.due_at else _("no time")
        told = f"{one.title} ({one.kind_words}, {one.state_words}, {due})"
        rows.append(row(one.owner_name, told))
    return rows


def entry(line: logbook.Line) -> dict[str, str]:
    details = " · ".join(f"{name}: {text}" for name, text in line.details)
    text = "\n".join(part for part in (f"{line.words}. {line.text}".strip(), details) if part)
    return row(f"{stamp(line.at)} {line.by}", text)
