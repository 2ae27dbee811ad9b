"""Whom the fictitious region told of its incidents, and why it did not tell others."""

from datetime import datetime
from typing import Any

from vardkase.assessment.queries import history
from vardkase.communication.queries import answered, bulletin
from vardkase.conclusions.sheet import sheet
from vardkase.events.models import Event
from vardkase.organisation.queries import actor_of
from vardkase.workflow.inform import Left, Written, asks, judge, record, waive, write

from .world import World

LEADS, APPROVES = "eva.rask", "nora.vik"


def inform(event: Event, rows: list[dict[str, Any]], world: World, at: datetime) -> None:
    """Texts of the story: those with a way have left, approved where they go outside."""
    leads, contact = (actor_of(world.people[name], at) for name in (LEADS, APPROVES))
    for row in rows:
        said = Written(row["audience"], row["heading"], row["text"], row["milestone"])
        made = write(event, said, by=leads, at=at)
        if not row.get("way"):
            continue
        if not bulletin(event, made.pk, at).may_leave:
            judge(bulletin(event, made.pk, at), approved=True, by=contact, at=at)
        left = Left(at, row["way"], row["to"], row["number"])
        record(bulletin(event, made.pk, at), left, by=leads, at=at)


def leave(event: Event, world: World, at: datetime) -> None:
    """An old case asks nothing more."""
    by, made = actor_of(world.people[LEADS], at), list(history(event))
    for one in asks(event, sheet(event), made, answered(event), at):
        reason = "Berörda fick besked i linjen."
        waive(event, one.milestone, one.audience, reason, by=by, at=at)
