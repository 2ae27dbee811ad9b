"""The fictitious region's year: each report, assessment and end made by the four steps' verbs."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vardkase.access.actor import Actor
from vardkase.assessment.models import Assessment
from vardkase.assessment.rules import Judgement
from vardkase.events.circle import label
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.queries import actor_of
from vardkase.policy.parameter import parameter
from vardkase.workflow.assess import ask_reporter, assess, merge
from vardkase.workflow.handle import link_asset
from vardkase.workflow.report import report

from .endings import Handling
from .world import World

DATA = Path(__file__).with_name("events.toml")
OUTCOMES = {"c": "confirmed_incident", "p": "possible_incident", "n": "not_incident"}
STAFF_SOURCES = {"olof.strand": "support", "mehmet.kaya": "staff", "johan.ek": "staff"}
SUPPLIER = "tina.nord"
ASPECTS = {"lost": "availability"}  # the reporter's word -> the aspect it touches
WAITED = timedelta(minutes=35)  # from report to assessment, at most


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["event"]
    return found


def live(world: World, now: datetime) -> Iterator[Event]:
    """Let the year happen, one report after the other, up to `now`."""
    before: Event | None = None
    waiting: list[Handling] = []  # until the reports that belong to it have been merged
    for row in rows():
        at = now - timedelta(days=row["ago"])
        if row["out"] != "m":
            handle(waiting)
        event = told(row, world, at)
        judged = min(at + WAITED, now - timedelta(minutes=1))
        made = judge(event, row, before, world, at=judged)
        if made and made.outcome != Assessment.Outcome.NOT_INCIDENT:
            waiting.append(Handling(event, row, world, judged))
        if row["out"] != "m":
            before = event
        yield event
    handle(waiting)


def handle(waiting: list[Handling]) -> None:
    while waiting:
        waiting.pop().run()


def acting(world: World, username: str, at: datetime) -> Actor:
    return actor_of(world.people[username], at)


def told(row: dict[str, Any], world: World, at: datetime) -> Event:
    by = acting(world, row["by"], at) if row["by"] else Actor.reporter(at)
    kind = (row["answers"].get("reporter_kind") or ["staff" if row["by"] else "anonymous"])[0]
    sent = Report(
        what=row["what"],
        kind=row.get("kind", "incident"),
        source=row.get("source") or STAFF_SOURCES.get(row["by"], "user"),
        answers=row["answers"],
        system=row.get("asset", ""),
        discovered_at=at - timedelta(minutes=20),
        reported_at=at,
        reporter_kind=kind,
        reference=(row["answers"].get("supplier_reference") or [""])[0],
        contact=(row["answers"].get("contact") or [""])[0],
        unit=world.units[row["unit"]].pk,
    )
    return report(sent, by=by, at=at).event


def judge(
    event: Event, row: dict[str, Any], before: Event | None, world: World, *, at: datetime
) -> Assessment | None:
    """What was decided of the report, if anything was."""
    assessor = acting(world, "mehmet.kaya", at)
    if labels := row.get("labels"):
        label(event, labels, by=acting(world, "eva.rask", at), at=at)
        event.refresh_from_db(fields=["labels"])
        assessor = acting(world, "eva.rask", at)
    if row["out"] != "-" and (name := row.get("asset")):
        link_asset(event, world.assets[name], by=assessor, at=at)
    if row["out"] == "w":
        ask_reporter(event, row["question"], by=assessor, at=at)
    elif row["out"] == "m" and before:
        merge(event, before, reason=row["reason"], by=assessor, at=at)
    elif row["out"] in OUTCOMES:
        return assess(event, judgement(row, at), by=assessor, at=at)
    return None


def judgement(row: dict[str, Any], at: datetime) -> Judgement:
    outcome = OUTCOMES[row["out"]]
    return Judgement(
        outcome=outcome,
        impact=row.get("impact"),
        urgency=row.get("urgency"),
        care_harm=row.get("care_harm", False),
        category=row.get("category", ""),
        example=first_example(row.get("category", ""), at),
        effects=effects(row["answers"].get("affected", []), confirmed=row["out"] == "c"),
        reason=row["reason"],
    )


def first_example(category: str, at: datetime) -> str:
    known = parameter("categories").at(at).value
    return next((c["examples"][0]["code"] for c in known if c["code"] == category), "")


def effects(affected: Iterable[str], *, confirmed: bool) -> dict[str, str]:
    word = "confirmed" if confirmed else "suspected"
    return {ASPECTS.get(aspect, aspect): word for aspect in affected}
