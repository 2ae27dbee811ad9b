"""The four-part summary of one case: what, when, who, decisions; as plain data for any program.

Words of policy come in both languages, times as ISO 8601, every statement with its mark.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.decisionlog.faults import Row
from vardkase.decisionlog.queries import audible, tail, whole
from vardkase.events.models import Event, Mark
from vardkase.events.told import Told, statements
from vardkase.incidents.rules import steps
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter

from .sheet import Sheet, sheet

DECIDING = frozenset({"assess", "decide", "close", "seal", "disclose", "report_authority"})
MOST = 2_000  # entries of the log that are read
SECRECY = {
    "sv": "Kan innehålla uppgifter som omfattas av sekretess.",
    "en": "May hold information that is secret by law.",
}

type Plain = dict[str, Any]


def summary(reader: Actor, case: Event, *, at: datetime) -> Plain:
    """What `reader` may be told of `case`: of the log, all with leave to read it, else a part.

    Ask access to the case before.
    """
    known_sheet, said = sheet(case), statements(case)
    rows = tail(case.number, most=MOST + 1)
    kinds = parameter("decisions").at(at).value
    full = allowed(reader, "read_log", case.scope())
    seen = audible(rows[:MOST], full=full, at=at)
    known = names([*(row.by for row in seen), *speakers(said), *writers(known_sheet)])
    return {
        "number": case.number,
        "title": case.title,
        "made": {"at": at.isoformat(), "by": reader.name, "secrecy": SECRECY},
        "what": what(case, known_sheet, said, known),
        "when": when(case, known_sheet, known),
        "who": who(case, known_sheet, seen, known),
        "decisions": decisions(reversed(seen), kinds, known),
        "log": {
            "entries": len(seen),
            "whole": whole(reversed(rows)).ok if len(rows) <= MOST else None,
        },
    }


def what(case: Event, known: Sheet, said: list[Told], named: dict[str, str]) -> Plain:
    asked = {row["id"]: row for row in parameter("report.questions").at(case.received_at).value}
    now, drawn, concluded = known.situation, known.relation, known.conclusion
    chain = ("threat", "unwanted_event", "vulnerability", "consequence")
    review = ("cause_kind", "cause", "course", "direct_harm", "indirect_harm", "lessons")
    return {
        "text": case.what,
        "state": case.state,
        "priority": case.priority,
        "care_harm": case.care_harm,
        "category": case.category,
        "unit": case.unit.name,
        "statements": [statement(row, asked, named) for row in said],
        "situation": now.text if now else "",
        "relation": {name: getattr(drawn, name) for name in chain} if drawn else {},
        "assets": [asset.name for asset in known.assets],
        "attachments": [
            {"name": f.name, "size": f.size, "sha256": f.sha256} for f in known.attachments
        ],
        "tickets": [{"desk": one.desk, "number": one.number} for one in known.tickets],
        "alarms": [
            {
                "source": one.source,
                "title": one.title,
                "severity": one.severity,
                "count": one.count,
                "rule": one.rule,
                "at": one.at.isoformat(),
            }
            for one in known.alarms
        ],
        "monitored": [
            {"asset": one.name, "until": one.until_at.isoformat(), "goes_on": one.goes_on}
            for one in known.watches
        ],
        "conclusion": {name: getattr(concluded, name) for name in review} if concluded else {},
    }


def statement(row: Told, asked: dict[str, Any], named: dict[str, str]) -> Plain:
    """One thing said, with the mark that counts: nobody's word is verified by itself."""
    question = asked.get(row.question, {})
    answers = {one["code"]: one for one in question.get("answers", [])}
    mark = row.mark
    return {
        "question": {"code": row.question} | both(question),
        "answer": row.answer,
        "words": both(answers.get(row.answer, {})),
        "at": row.at.isoformat(),
        "by": named.get(row.by, row.by),
        "status": str(mark.status if mark else Mark.Status.UNVERIFIED),
        "marked_at": mark.at.isoformat() if mark else None,
        "marked_by": named.get(mark.by, mark.by) if mark else None,
        "note": mark.note if mark else "",
    }


def both(row: Plain) -> Plain:
    return {language: row[language] for language in ("sv", "en") if language in row}


def when(case: Event, known: Sheet, named: dict[str, str]) -> Plain:
    times = ("happened_at", "discovered_at", "reported_at", "received_at", "ended_at")
    return {
        **{name: plain(getattr(case, name)) for name in times},
        "steps": [
            {
                "step": s.code,
                "since": plain(s.since),
                "until": plain(s.until),
                "standing": s.standing,
            }
            for s in steps(known.facts(case))
        ],
        "milestones": [
            {
                "kind": row.kind,
                "reached": row.reached,
                "reached_at": plain(row.reached_at),
                "decided_at": plain(row.at),
                "by": named.get(row.by, row.by),
                "reason": row.reason,
                "left_open": row.left_open,
            }
            for row in known.milestones
        ],
    }


def plain(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def who(case: Event, known: Sheet, seen: Iterable[Row], named: dict[str, str]) -> Plain:
    """Who reported (what sort of person), who has which part, who did how much, who does what."""
    written = Counter(named.get(row.by, row.by) for row in seen)
    return {
        "reporter_kind": case.reporter_kind,
        "parts": [{"part": one.part, "name": one.name} for one in known.parts],
        "wrote": [{"name": name, "entries": count} for name, count in written.most_common()],
        "actions": [
            {
                "title": one.title,
                "kind": one.kind,
                "state": one.state,
                "owner": one.owner_name,
                "due_at": plain(one.due_at),
            }
            for one in known.actions
        ],
    }


def decisions(rows: Iterable[Row], kinds: Plain, named: dict[str, str]) -> list[Plain]:
    """What was decided and by whom, oldest first."""
    found = []
    for row in rows:
        kind = kinds.get(row.kind, {})
        if kind.get("action") in DECIDING:
            said = json.loads(row.content) if row.content else {}
            found.append(
                {
                    "at": from_microseconds(row.at).isoformat(),
                    "by": named.get(row.by, row.by),
                    "kind": row.kind,
                    "words": both(kind),
                    "facts": said.get("facts", {}),
                    "grounds": said.get("grounds", []),
                    "digest": row.digest,
                }
            )
    return found


def from_microseconds(since: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=since)


def speakers(said: Iterable[Told]) -> list[str]:
    return [key for row in said for key in (row.by, row.mark.by if row.mark else "") if key]


def writers(known: Sheet) -> list[str]:
    return [row.by for row in known.milestones]
