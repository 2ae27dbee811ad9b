"""How a case stood when its lead was handed over, frozen: what was known and decided just then.

Kept with the handover, since the case goes on; the log keeps its checksum.
"""

from datetime import datetime
from typing import Any

from vardkase.conclusions.sheet import sheet
from vardkase.decisionlog.models import Chain, Entry
from vardkase.decisionlog.queries import body
from vardkase.events.models import Event
from vardkase.obligations.models import Ruling
from vardkase.obligations.queries import clocks

MOST = 50  # decisions and clocks
SCHEMA = "vardkase/handover/1"


def frozen(case: Event, at: datetime) -> dict[str, Any]:
    """As plain data: codes as they are, moments in ISO 8601, names of people as they were."""
    page = sheet(case)
    chain = Chain.objects.filter(key=case.number).first()
    return {
        "schema": SCHEMA,
        "case": case.number,
        "at": at.isoformat(),
        "state": case.state,
        "priority": case.priority,
        "category": case.category,
        "situation": page.situation.text if page.situation else "",
        "under_control_at": moment(page.since("under_control")),
        "restored_at": moment(page.since("restored")),
        "decisions": decisions(case),
        "rulings": rulings(case),
        "clocks": [
            {"entity": row.obligation.entity.name, "regime": row.obligation.regime,
             "step": row.step, "due_at": moment(row.due_at), "certain": row.certain}
            for row in clocks(case)[:MOST]
        ],
        "actions": [
            {"title": one.title, "kind": one.kind, "state": one.state, "owner": one.owner_name,
             "due_at": moment(one.due_at)}
            for one in page.actions
            if one.is_open
        ],
        "people": [{"part": one.part, "name": one.name} for one in page.parts],
        "log": {"entries": chain.length if chain else 0, "head": chain.head if chain else ""},
    }  # fmt: skip


def decisions(case: Event) -> list[dict[str, str]]:
    """What was decided by word in the case, the oldest first."""
    rows = Entry.objects.filter(chain=case.number, kind="case.decided").order_by("-place")[:MOST]
    texts = [(row.at, body(row)["facts"].get("text", "")) for row in rows.select_related("payload")]
    return [{"at": at.isoformat(), "text": text} for at, text in reversed(texts)]


def rulings(case: Event) -> list[dict[str, str]]:
    """What was decided last about each duty to report."""
    rows = Ruling.objects.filter(obligation__event=case, of_authority=False)
    last = rows.select_related("obligation__entity").order_by("obligation_id", "-pk")
    return [
        {"entity": row.obligation.entity.name, "regime": row.obligation.regime,
         "outcome": row.outcome, "reason": row.reason}
        for row in last.distinct("obligation_id")[:MOST]
    ]  # fmt: skip


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
