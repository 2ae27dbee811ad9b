"""The demonstration's alarms, taken in as if their detectors had sent them: the rules look at each,
one is muted, and the case about the file server keeps a closer eye on it."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vardkase.detections.models import Detection
from vardkase.detections.retention import tidy_detections
from vardkase.events.models import Event
from vardkase.incidents.models import Action
from vardkase.incidents.rules import INCIDENTS
from vardkase.intake.batch import take_in
from vardkase.intake.registry import source
from vardkase.organisation.queries import actor_of
from vardkase.vulnerabilities.services import add_source
from vardkase.workflow.checking import check
from vardkase.workflow.detect import look
from vardkase.workflow.handle import Task, assign_action
from vardkase.workflow.muting import mute
from vardkase.workflow.sample.world import World

ALARMS = Path(__file__).with_name("alarms.toml")
WATCHED, WATCHER = "Filserver G:", "eva.rask"
SINCE, UNTIL = timedelta(hours=17), timedelta(days=6)

type Row = dict[str, Any]


def lay_alarms(world: World, now: datetime) -> int:
    """Let the last two days' alarms come in, the oldest first; how many groups there are."""
    lay_sources(world, now)
    tidy_detections(now - timedelta(days=3))  # makes the months that they are stored in
    watch(world, now)
    for at, row, count in sendings(now):
        texts = (row["text"].replace("{n}", str(n)) for n in range(count))
        stamp = at.isoformat(timespec="milliseconds")
        body = "\n".join(text.replace("{at}", stamp) for text in texts)
        take_in(source(row["source"]), body.encode(), received_at=at)
        look(at)
        if row.get("muted"):
            keep_quiet(row["muted"], row, world, now)
    return Detection.objects.count()


def lay_sources(world: World, now: datetime) -> None:
    """What the region looks at to hear of vulnerabilities, and what it found."""
    begun = now - timedelta(days=60)
    for row in tomllib.loads(ALARMS.read_text(encoding="utf-8"))["source"]:
        values = {name: row[name] for name in ("name", "address", "kind", "days", "role")}
        values["unit"] = world.units[row["unit"]]
        made = add_source(values, by=world.system, at=begun)
        for ago, found, reports in row["checks"]:
            at = now - timedelta(days=ago)
            check(made, found, reports=reports, by=actor_of(world.people[row["by"]], at), at=at)


def sendings(now: datetime) -> Iterator[tuple[datetime, Row, int]]:
    """What was sent when, and how many at once."""
    rows: list[Row] = tomllib.loads(ALARMS.read_text(encoding="utf-8"))["alarm"]
    sent = [(ago, place, many) for place, row in enumerate(rows) for ago, many in row["sent"]]
    for ago, place, many in sorted(sent, reverse=True):
        yield now - timedelta(hours=ago, minutes=7), rows[place], many


def keep_quiet(said: Row, row: Row, world: World, now: datetime) -> None:
    """Mute the group when its first alarm has come."""
    found = Detection.objects.filter(source=row["source"], muted_until=None).first()
    if found is not None:
        at = now - timedelta(hours=said["ago"])
        mute(
            found, until=now + timedelta(days=said["days"]), reason=said["reason"],
            owner=world.people[said["owner"]], by=actor_of(world.people[said["by"]], at), at=at,
        )  # fmt: skip


def watch(world: World, now: datetime) -> None:
    """Heightened monitoring in the newest incident of the file server."""
    asset, at = world.assets[WATCHED], now - SINCE
    rows = Event.objects.filter(asset_links__asset=asset, state__in=INCIDENTS, reported_at__lt=at)
    case = rows.select_related("unit").order_by("-reported_at").first()
    if case is not None:
        by, owner = actor_of(world.people[WATCHER], at), world.people["johan.ek"]
        title = f"Extra övervakning: {WATCHED}"
        task = Task(title, Action.Kind.IMMEDIATE, owner, now + UNTIL, (asset,))
        assign_action(case, task, by=by, at=at)
