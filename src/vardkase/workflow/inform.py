"""Information and communication (s. 13): who is told what and when, approved by the media contact.

A text is written for one audience; one to outsiders is approved by somebody else than its writer,
or the log says why not; what was sent, and to whom, is recorded and quoted by reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment.models import Assessment
from vardkase.communication.models import Bulletin, Dispatch, Verdict, Version, Waiver
from vardkase.communication.queries import Answered, Kept, bulletin
from vardkase.communication.rules import Prompt, prompts
from vardkase.conclusions.sheet import Sheet
from vardkase.delivery.services import Occasion, tell
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import is_one
from vardkase.policy.parameter import parameter

from .acting import NotNow, acting, refuse_unseen
from .telling import stop_if_all

MEDIA_CONTACT = "media_contact"
CONFIRMED = (Event.State.CONFIRMED_INCIDENT, Event.State.CLOSED)


@dataclass(frozen=True, slots=True)
class Written:
    """A text for one audience; `milestone` is empty when none asked for it."""

    audience: str
    heading: str
    text: str
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """How a text left the house."""

    sent_at: datetime
    channel: str
    recipients: str = ""
    number: int | None = None
    unapproved_because: str = ""


def milestones(case: Event, page: Sheet, made: Iterable[Assessment]) -> dict[str, datetime]:
    """When the case reached each of the five points (S2-120); those not reached are left out."""
    sure = [row.at for row in made if row.outcome == Assessment.Outcome.CONFIRMED_INCIDENT]
    actions = [action.at for action in page.actions]
    found = {
        "confirmed": min(sure, default=None) if case.state in CONFIRMED else None,
        "under_control": page.since("under_control"),
        "actions_decided": min(actions, default=None),
        "closed": page.since("closed"),
        "concluded": page.conclusion.at if page.conclusion else None,
    }
    return {code: at for code, at in found.items() if at}


def asks(
    case: Event, page: Sheet, made: Iterable[Assessment], done: Iterable[Answered], at: datetime
) -> list[Prompt]:
    """Whom the who-what-when matrix proposes to tell, and nobody has answered yet (S2-121)."""
    return prompts(
        parameter("communication.matrix").at(at).value,
        milestones(case, page, made),
        [(one.milestone, one.audience) for one in done],
        priority=case.priority,
        category=case.category,
    )


def write(event: Event, said: Written, *, by: Actor, at: datetime, once: str = "") -> Bulletin:
    """Write a text for an audience; the media contact is told of one to outsiders."""
    known_row("audiences", said.audience, at)
    if said.milestone:
        known_row("milestones", said.milestone, at)
    told = (said.audience, said.milestone, said.heading, said.text)
    kind = "information.drafted"
    with acting(kind, event, by=by, at=at, once=once, said=told) as (log, case):
        made = Bulletin.objects.create(
            event=case, audience=said.audience, milestone=said.milestone, at=at, by=by.key
        )
        log.note(information=made.pk, audience=said.audience, milestone=said.milestone)
        log.note(**new_text(case, made, said.heading, said.text, by=by, at=at))
    return made


def rewrite(
    kept: Kept, heading: str, text: str, *, by: Actor, at: datetime, expected: int | None = None,
    once: str = "",
) -> Version:  # fmt: skip
    """Another text instead; it is approved anew. `expected` is the version the writer saw."""
    row = kept.bulletin
    said, kind = (row.pk, heading, text), "information.drafted"
    with acting(kind, row.event, by=by, at=at, once=once, said=said) as (log, case):
        refuse_unseen(row.versions.order_by("-pk").first(), expected)
        log.note(information=row.pk, audience=row.audience, milestone=row.milestone)
        log.note(**new_text(case, row, heading, text, by=by, at=at))
    return row.versions.latest("pk")


def new_text(
    case: Event, row: Bulletin, heading: str, text: str, *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Keep the text, tell who approves it; what the log says of it."""
    made = Version.objects.create(bulletin=row, heading=heading, text=text, at=at, by=by.key)
    asked = approvers(case, at, but=by) if outside(row.audience, at) else []
    tell(occasion(case, row, f"text:{made.pk}", "to_approve"), asked, at=at)
    return {"heading": heading, "text": text, "told": [one.key for one in asked]}


def approvers(case: Event, at: datetime, *, but: Actor) -> list[Person]:
    """The media contacts of the case; without any, whoever else may approve."""
    able = [
        one
        for one in circle.actors(~Q(pk=but.person or 0), at)
        if allowed(one, "approve_information", case.scope())
    ]
    chosen = [one for one in able if MEDIA_CONTACT in one.roles] or able
    return list(Person.objects.filter(pk__in=[one.person for one in chosen]).order_by("pk"))


def judge(
    kept: Kept, *, approved: bool, reason: str = "", expected: int | None = None, by: Actor,
    at: datetime, once: str = "",
) -> Verdict:  # fmt: skip
    """Approve the text that counts, or send it back; its writer is told.

    Nobody approves his own text without saying why. Raises `NotNow`, and `Overtaken` if the
    text changed since it was read.
    """
    row, said = kept.bulletin, (kept.bulletin.pk, reason, expected)
    kind = "information.approved" if approved else "information.returned"
    with acting(kind, row.event, by=by, at=at, once=once, said=said) as (log, case):
        version = row.versions.latest("pk")
        refuse_unseen(version, expected)
        own = is_one(version.by, by.key)
        if not reason.strip() and (not approved or own):
            raise NotNow("own_text" if approved else "what_to_change")
        made = Verdict.objects.create(
            version=version, approved=approved, reason=reason, at=at, by=by.key
        )
        log.note(information=row.pk, audience=row.audience, heading=version.heading)
        log.note(**({"alone": reason} if own else {"reason": reason}))
        word = "approved" if approved else "returned"
        tell(occasion(case, row, f"verdict:{made.pk}", word), writer(case, version, by, at), at=at)
    return made


def writer(case: Event, version: Version, by: Actor, at: datetime) -> list[Person]:
    """Who wrote the text, if he may still read the case."""
    if version.by == by.key or not version.by.startswith("p"):
        return []
    known = circle.actors(Q(pk=int(version.by[1:])), at)
    able = [one.person or 0 for one in known if allowed(one, "read", case.scope())]
    return list(Person.objects.filter(pk__in=able))


def record(
    kept: Kept, left: Left, *, by: Actor, at: datetime, expected: int | None = None, once: str = ""
) -> Dispatch:
    """Write down that the text left; without its approval only with the reason why.

    The clock of a law that wants the audience told stops, if nobody is known to be left.
    """
    row, kind = kept.bulletin, "information.sent"
    said = (row.pk, left)
    if left.sent_at > at:
        raise NotNow("future")
    with acting(kind, row.event, by=by, at=at, once=once, said=said) as (log, case):
        refuse_unseen(row.versions.latest("pk"), expected)
        now = bulletin(case, row.pk, at)
        if not now.may_leave and not left.unapproved_because.strip():
            raise NotNow("not_approved")
        because = "" if now.may_leave else left.unapproved_because
        made = Dispatch.objects.create(
            version=now.version, sent_at=left.sent_at, channel=left.channel,
            recipients=left.recipients, number=left.number, unapproved_because=because, at=at,
            by=by.key,
        )  # fmt: skip
        log.note(information=row.pk, audience=row.audience, heading=now.version.heading)
        log.note(channel=left.channel, recipients=left.recipients, number=left.number)
        log.note(sent_at=left.sent_at.isoformat(), unapproved=because)
        stop_if_all(case, row.audience, by=by, at=at, log=log)
    return made


def waive(
    event: Event, milestone: str, audience: str, reason: str, *, by: Actor, at: datetime,
    once: str = "",
) -> Waiver:  # fmt: skip
    """Answer a prompt: they need not be told, and why."""
    known_row("audiences", audience, at)
    known_row("milestones", milestone, at)
    said, kind = (milestone, audience, reason), "information.waived"
    with acting(kind, event, by=by, at=at, once=once, said=said) as (log, case):
        log.note(audience=audience, milestone=milestone, reason=reason)
        return Waiver.objects.create(
            event=case, milestone=milestone, audience=audience, reason=reason, at=at, by=by.key
        )


def known_row(part: str, code: str, at: datetime) -> None:
    rows = parameter(f"communication.{part}").at(at).value
    if code not in (rows if isinstance(rows, dict) else {row["code"] for row in rows}):
        raise NotNow("unknown_audience" if part == "audiences" else "unknown_milestone")


def outside(audience: str, at: datetime) -> bool:
    row = parameter("communication.audiences").at(at).value.get(audience, {})
    return bool(row.get("outside", True))


def occasion(case: Event, row: Bulletin, mark: str, kind: str) -> Occasion:
    return Occasion(
        once=f"information:{case.number}:{mark}",
        kind=kind,
        path=f"/arenden/{case.number}/information/{row.pk}",
        case=case.number,
        priority=case.priority,
        loud=case.priority == 1 and kind == "to_approve",
        discreet=case.is_discreet,
    )
