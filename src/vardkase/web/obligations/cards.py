"""What every law says of a case, as its page draws it: what is due next, and a card for each."""

from datetime import datetime
from typing import Any

from vardkase.communication.queries import Answered, answered
from vardkase.events.models import Event
from vardkase.organisation.queries import names
from vardkase.policy.clocks import Clock
from vardkase.web.clock import time_left, used, word
from vardkase.web.incidents.dutywords import verdict, words
from vardkase.workflow.duties import Standing
from vardkase.workflow.planning import certain

from .clocks import Face
from .whose import anchor, query

NEXT = 3  # dated clocks at the top of the page

type Card = dict[str, Any]
type Texts = dict[str, list[Answered]]


def drawn(case: Event, found: list[Standing], at: datetime) -> dict[str, Any]:
    """The cards by how much they press, the worst clock first, and what stands above them."""
    people = names({row.by for one in found for row in (one.ruling, one.view) if row})
    texts = written(case, found)
    cards = [(one, card(one, case, at, people, texts)) for one in found]
    rows = [each for one, each in cards if presses(one)]
    idle = [(one, each) for one, each in cards if not presses(one)]
    several = len({one.entity.name for one in found}) > 1
    return {
        "rows": rows,
        "maybe": [each for one, each in idle if one.state != "nothing_due"],
        "quiet": [each for one, each in idle if one.state == "nothing_due"],
        "clocks": nearest(case, rows, whose=several),
        "at_once": [
            (row, face)
            for row in rows
            for face in row["open"]
            if not (face["clock"].due or face["provisional"])
        ],
        "undetermined": sum(row["folded"] and bool(row["open"]) for row in rows),
    }


def presses(one: Standing) -> bool:
    """Whether somebody must look at it now: decided, reportable, or a dated clock that runs."""
    dated = any(clock.due for clock in one.open_clocks)
    return one.ruling is not None or one.judgement.verdict == "reportable" or dated


def nearest(case: Event, rows: list[Card], *, whose: bool) -> list[Face]:
    """The clocks that run out first; of the same moment those that are certain first."""
    dated = [(row, face) for row in rows for face in row["open"] if face["clock"].due]
    dated.sort(key=lambda pair: (pair[1]["clock"].due, pair[1]["provisional"]))
    return [
        Face(
            case=case.number,
            entity=row["one"].entity.name if whose else "",
            regime=row["id"],
            anchor=row["anchor"],
            title=row["title"],
            step=face["name"],
            due=face["clock"].due,
            left=face["left"],
            used=face["used"],
            word=face["word"],
            certain=not face["provisional"],
            to=face["to"],
        )
        for row, face in dated[:NEXT]
    ]


def card(one: Standing, case: Event, at: datetime, people: dict[str, str], texts: Texts) -> Card:
    """One regime as the page shows it, in the reader's language."""
    said, edition = one.judgement, one.judgement.edition
    criteria = {each.id: words(each) for each in edition.criteria} if edition else {}
    steps = [face(clock, one, case, at, texts) for clock in said.clocks if one.runs]
    now = [step for step in steps if not step["sent"] and starts(step["clock"])]
    return {
        "one": one,
        "ruled_by": people.get(one.ruling.by, one.ruling.by) if one.ruling else "",
        "id": said.regime,
        "anchor": anchor(one.entity, said.regime),
        "query": query(one.entity),
        "title": words(edition) if edition else said.regime,
        "verdict": verdict(said.verdict),
        "hits": [criteria.get(id, id) for id in said.hits],
        "unknown": [criteria.get(id, id) for id in said.unknown],
        "open": now,
        "sent": [step for step in steps if step["sent"]],
        "later": [step for step in steps if not step["sent"] and not starts(step["clock"])],
        "folded": folded(one, now),
        "unverified": said.unverified,
        "sources": [g.ref for g in said.sources],
        "supervisors": said.supervisors,
        "duties": [words(each) for each in said.always],
        "notes": [words(each) for each in said.notes],
        "excluded": words(said.excluded_by) if said.excluded_by else "",
        "stops": said.stops_recording,
        "by_officer": edition is not None and edition.sign_off.get("send") == "dpo",
    }


def starts(clock: Clock) -> bool:
    """Whether the step can be done now: it waits for no earlier one, and for nobody to ask."""
    return clock.due is not None or clock.mode == "asap"


def folded(one: Standing, now: list[dict[str, Any]]) -> bool:
    """Whether the head of the card is enough: nothing is left to do, or nobody knows yet whether
    there is, and then the head tells the clock. What may not be written here is never folded."""
    if one.judgement.stops_recording:
        return False
    return not now or (one.ruling is None and one.judgement.verdict != "reportable")


def face(clock: Clock, one: Standing, case: Event, at: datetime, texts: Texts) -> dict[str, Any]:
    """A clock as it is drawn: absolute time, time left, share of the time used, and a word."""
    sent = next((row for row in one.submissions if row.step == clock.step.id), None)
    start = case.reported_at if one.obligation else at
    return {
        "clock": clock,
        "name": words(clock.step),
        "to": "" if not clock.recipients else clock.recipient,
        "provisional": not certain(one, clock),
        "sent": sent,
        "left": time_left(clock.due, at) if clock.due else "",
        "used": used(start, clock.due, at) if clock.due else 0,
        "texts": texts.get(clock.step.audience or "", []),
        "word": "done" if sent else word(start, clock.due, at) if clock.due else "",
    }


def written(case: Event, found: list[Standing]) -> Texts:
    """What was written to those whom a step wants told, by audience, the newest first."""
    named = {clock.step.audience for one in found for clock in one.judgement.clocks} - {None}
    texts: Texts = {}
    for one in reversed(answered(case)) if named else ():
        if one.bulletin and one.audience in named:
            texts.setdefault(one.audience, []).append(one)
    return texts
