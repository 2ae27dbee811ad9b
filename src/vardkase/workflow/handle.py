"""Step 3 of the instruction: handle an incident, note and decide, act, get it under control."""

from dataclasses import dataclass
from datetime import datetime

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.events import hits
from vardkase.events.models import AssetLink, Event
from vardkase.incidents import services
from vardkase.incidents.models import (
    Action,
    Milestone,
    Part,
    Progress,
    Relation,
    Situation,
    Watch,
)
from vardkase.organisation.models import Person
from vardkase.policy.parameter import parameter

from .acting import (
    NotNow,
    acting,
    handling,
    let_in,
    mandate,
    refuse_closed,
    refuse_endless,
    refuse_far_off,
    refuse_unseen,
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The causes and effects of the instruction's relation map (s. 6) that are not rows."""

    threat: str = ""
    unwanted_event: str = ""
    vulnerability: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: by one person, of one kind, before a time."""

    title: str
    kind: str
    owner: Person
    due_at: datetime | None = None
    watched: tuple[Asset, ...] = ()  # under heightened monitoring until then


def note(event: Event, text: str, *, by: Actor, at: datetime, once: str = "") -> None:
    """Write in the log of the case; `at` is when it happened, which may lie back."""
    with acting("case.noted", event, by=by, at=at, once=once, said=text) as (log, _case):
        log.note(text=text)


def decide(
    event: Event,
    text: str,
    *,
    role: str = "",
    appointment: str = "",
    by: Actor,
    at: datetime,
    once: str = "",
) -> str:
    """Write a decision with the mandate it stands on (s. 11); the role that was used.

    `appointment` names a special mandate, if the decision stands on one as well.
    """
    with acting("case.decided", event, by=by, at=at, once=once, said=text) as (log, case):
        used = mandate(case, "case.decided", role, by=by)
        log.cite(parameter("delegation").at(by.at))
        log.note(text=text, role=used, appointment=appointment)
    return used


def update_situation(
    event: Event,
    text: str,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    once: str = "",
) -> Situation:
    """Write what we know now. `expected` is the one that the writer saw last, 0 if none."""
    kind = "situation.updated"
    with handling(kind, event, by=by, at=at, once=once, said=text) as (log, incident):
        refuse_unseen(incident.situations.order_by("-pk").first(), expected)
        log.note(text=text)
        return Situation.objects.create(incident=incident, text=text, at=at, by=by.key)


def draw_relation(
    event: Event,
    chain: Chain,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    once: str = "",
) -> Relation:
    """Say what caused the event and what it led to (s. 6). `expected` as for the situation."""
    drawn = {name: getattr(chain, name) for name in Chain.__slots__}
    with handling("relation.drawn", event, by=by, at=at, once=once, said=drawn) as (log, incident):
        refuse_unseen(incident.relations.order_by("-pk").first(), expected)
        log.note(**drawn)
        return Relation.objects.create(incident=incident, **drawn, at=at, by=by.key)


def link_asset(event: Event, asset: Asset, *, by: Actor, at: datetime) -> AssetLink:
    """The event hit the asset, or may hit it; said twice it stands once."""
    refuse_closed(event)
    if asset.closed_at is not None:
        raise NotNow("asset_closed")
    return hits.link(event, asset, by=by, at=at)


def unlink_asset(event: Event, asset: Asset, *, by: Actor, at: datetime) -> None:
    """The asset was not hit after all; the link ends and stays in the history."""
    refuse_closed(event)
    hits.unlink(event, asset, by=by, at=at)


def assign_action(event: Event, task: Task, *, by: Actor, at: datetime, once: str = "") -> Action:
    """Give one person something to do; he may see the case from now on."""
    watched = sorted({asset.pk for asset in task.watched})
    said = (task.title, task.kind, task.owner.pk, task.due_at, *watched)
    with handling("action.assigned", event, by=by, at=at, once=once, said=said) as (log, incident):
        refuse_far_off(task.due_at, at)
        refuse_endless(task.due_at, at, watches=bool(watched))
        added = let_in(incident.event, task.owner, at=at)
        made = Action.objects.create(
            incident=incident,
            title=task.title,
            kind=Action.Kind(task.kind),
            owner=task.owner,
            due_at=task.due_at,
            at=at,
            by=by.key,
        )
        Watch.objects.bulk_create(Watch(action=made, asset_id=pk) for pk in watched)
        log.note(action=made.pk, title=made.title, kind=made.kind, **whose(made), members=added)
        if watched:
            log.note(watched=sorted({asset.name for asset in task.watched}))
    return made


def hand_over_action(
    action: Action, owner: Person, due_at: datetime | None, *, by: Actor, at: datetime
) -> None:
    """Give the action another owner or another time."""
    event = action.incident.event
    with acting("action.assigned", event, by=by, at=at) as (log, case):
        refuse_far_off(due_at, at)
        again = Action.objects.get(pk=action.pk)
        refuse_endless(due_at, at, watches=again.watches.exists())
        if (again.owner_id, again.due_at) == (owner.pk, due_at):
            raise NotNow("nothing_new")
        added = let_in(case, owner, at=at)
        services.hand_over(again, owner, due_at)
        log.note(action=again.pk, title=again.title, **whose(again), members=added)


def whose(action: Action) -> dict[str, str]:
    due = action.due_at.isoformat() if action.due_at else ""
    return {"owner": action.owner.key, "due_at": due}


def progress_action(
    action: Action, state: str, note: str, *, by: Actor, at: datetime, once: str = ""
) -> Progress:
    """Tell how the action goes, or that it is done or dropped; also after the case is closed."""
    event, said = action.incident.event, (action.pk, state, note)
    with acting("action.progressed", event, by=by, at=at, once=once, said=said) as (log, _case):
        again = Action.objects.get(pk=action.pk)
        log.note(action=again.pk, title=again.title, state=state, note=note)
        return services.step_on(again, Action.State(state), note, by=by, at=at)


def set_part(event: Event, person: Person, part: str, *, by: Actor, at: datetime) -> Part:
    """Give `person` a part in the case (policy `incidents.parts`); he may see it from now on."""
    with handling("part.set", event, by=by, at=at) as (log, incident):
        if part not in {row["code"] for row in parameter("incidents.parts").at(at).value}:
            raise NotNow("unknown_part")
        if incident.parts.filter(person=person, part=part, ended_at=None).exists():
            raise NotNow("holds_part")
        added = let_in(incident.event, person, at=at)
        log.note(person=person.key, part=part, members=added)
        return Part.objects.create(incident=incident, person=person, part=part, at=at, by=by.key)


def end_part(part: Part, *, by: Actor, at: datetime) -> None:
    """`part` is over. Who had it may still see the case, until he is taken out of its circle."""
    with acting("part.ended", part.incident.event, by=by, at=at) as (log, _case):
        again = Part.objects.select_related("person").get(pk=part.pk)
        if again.ended_at is not None:
            raise NotNow("left_part")
        services.end_part(again, at=at)
        log.note(person=again.person.key, part=again.part)


@dataclass(frozen=True, slots=True)
class Judged:
    """That a milestone is reached: since when, by which criteria, on what ground."""

    reason: str
    reached_at: datetime
    criteria: tuple[str, ...] = ()


def declare_under_control(
    event: Event, judged: Judged, *, by: Actor, at: datetime, once: str = ""
) -> Milestone:
    """After the immediate actions: the incident is under control (s. 12)."""
    return declare("incident.under_control", "under_control", event, judged, by, at, once)


def declare_restored(
    event: Event, judged: Judged, *, by: Actor, at: datetime, once: str = ""
) -> Milestone:
    """The function of the organisation is restored, which is not that the case is closed."""
    return declare("incident.restored", "restored", event, judged, by, at, once)


def revoke_control(event: Event, reason: str, *, by: Actor, at: datetime) -> Milestone:
    return revoke("incident.control_revoked", "under_control", event, reason, by=by, at=at)


def revoke_restored(event: Event, reason: str, *, by: Actor, at: datetime) -> Milestone:
    return revoke("incident.restoration_revoked", "restored", event, reason, by=by, at=at)


def declare(
    kind: str, milestone: str, event: Event, judged: Judged, by: Actor, at: datetime, once: str
) -> Milestone:
    with handling(kind, event, by=by, at=at, once=once, said=judged) as (log, incident):
        if judged.reached_at > at:
            raise NotNow("future")
        known = parameter("incidents.criteria").at(at)
        if not set(judged.criteria) <= {row["code"] for row in known.value[milestone]}:
            raise NotNow("unknown_criterion")
        if services.standing(incident, milestone):
            raise NotNow("reached_before")
        used = mandate(incident.event, kind, "", by=by)
        log.cite(known)
        log.cite(parameter("delegation").at(by.at))
        log.note(
            reason=judged.reason,
            reached_at=judged.reached_at.isoformat(),
            criteria=list(judged.criteria),
            role=used,
        )
        return services.reach(
            incident,
            milestone,
            reached=True,
            reached_at=judged.reached_at,
            reason=judged.reason,
            criteria=judged.criteria,
            by=by,
            at=at,
        )


def revoke(
    kind: str, milestone: str, event: Event, reason: str, *, by: Actor, at: datetime
) -> Milestone:
    with handling(kind, event, by=by, at=at) as (log, incident):
        if services.standing(incident, milestone) is None:
            raise NotNow("not_reached")
        log.note(reason=reason)
        return services.reach(
            incident, milestone, reached=False, reached_at=at, reason=reason, by=by, at=at
        )
