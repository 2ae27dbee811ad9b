"""Reading across cases: earlier ones that a case repeats, reports that feed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Subquery

from vardkase.access.actor import Actor
from vardkase.access.rules import visible
from vardkase.assessment.models import Merge
from vardkase.events.models import AssetLink, Event
from vardkase.incidents.models import Incident
from vardkase.incidents.rules import INCIDENTS, Traits, months_back, recurrence
from vardkase.policy.parameter import parameter

from .models import Conclusion
from .sheet import Sheet

HANDLED = (*sorted(INCIDENTS), Event.State.CLOSED)
LOOKED_AT = 20  # earlier cases of one sort that are compared


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case that this one repeats, and why: same_asset, same_cause or same_kind."""

    event: Event
    why: str


@dataclass(frozen=True, slots=True)
class Related:
    """The other cases that a reader meets from one case."""

    earlier: tuple[Earlier, ...]
    reports: tuple[Event, ...]  # merged into this one
    feeds: tuple[Event, ...]  # this one is merged into them


def related(reader: Actor, case: Event, sheet: Sheet, *, at: datetime) -> Related:
    """Earlier incidents like `case`, and those merged with it; one statement."""
    traits, since = sheet.traits(case), window(case, at)
    ids = earlier_ids(case, traits, since)
    merges = Merge.objects.filter(undone_at=None).order_by()
    ids += [
        merges.filter(into=case).values("event_id")[:LOOKED_AT],
        merges.filter(event=case).values("into_id")[:LOOKED_AT],
    ]
    rows = (
        Event.objects.filter(visible(reader, "read"))
        .filter(pk__in=ids[0].union(*ids[1:], all=True))
        .defer("search", "imported", "what", "suggestion")
        .annotate(
            is_report=Exists(merges.filter(event=OuterRef("pk"), into=case)),
            is_fed=Exists(merges.filter(into=OuterRef("pk"), event=case)),
            **compared(),
        )
        .order_by("-reported_at", "-pk")
    )
    found = list(rows)
    return Related(
        earlier=tuple(repeated_by(case, traits, found, since)),
        reports=tuple(event for event in found if event.is_report),
        feeds=tuple(event for event in found if event.is_fed),
    )


def window(case: Event, at: datetime) -> datetime:
    months: int = parameter("incidents.recurrence").at(at).value
    return months_back(case.reported_at, months)


def earlier_ids(case: Event, traits: Traits, since: datetime) -> list[Any]:
    """Ids of earlier incidents that share an asset, or category and unit: candidates only."""
    before = Event.objects.filter(reported_at__range=(since, case.reported_at), state__in=HANDLED)
    before = before.exclude(pk=case.pk).filter(sealed=case.sealed).order_by("-reported_at", "-pk")
    links = AssetLink.objects.filter(asset__in=traits.assets, ended_at=None).values("event")
    same_kind = (
        before.filter(category=case.category, unit=case.unit_id) if case.category else before.none()
    )
    return [
        before.filter(pk__in=links).values("pk")[:LOOKED_AT],
        same_kind.values("pk")[:LOOKED_AT],
    ]


def compared() -> dict[str, Any]:
    """The columns that `recurrence` compares earlier cases by."""
    last = Conclusion.objects.filter(incident__event=OuterRef("pk")).order_by("-pk")
    links = AssetLink.objects.filter(event=OuterRef("pk"), ended_at=None).order_by()
    return {
        "cause_kind": Subquery(last.values("cause_kind")[:1]),
        "hit": Subquery(links.values("event").annotate(all=ArrayAgg("asset")).values("all")),
    }


def repeated_by(
    case: Event, traits: Traits, found: Iterable[Event], since: datetime
) -> Iterable[Earlier]:
    for event in found:
        if event.state not in HANDLED or not since <= event.reported_at <= case.reported_at:
            continue
        if event.pk == case.pk:
            continue
        hit, cause = frozenset(event.hit or ()), event.cause_kind or ""  # type: ignore[attr-defined]
        if why := recurrence(traits, Traits(hit, event.category, event.unit_id, cause)):
            yield Earlier(event, why)


def repeated(incident: Incident, *, at: datetime) -> Event | None:
    """The latest earlier incident that `incident` repeats, by asset or cause."""
    case = incident.event
    said = incident.conclusions.order_by("-pk").values_list("cause_kind", flat=True).first()
    assets = AssetLink.objects.filter(event=case, ended_at=None).values_list("asset", flat=True)
    traits = Traits(frozenset(assets), case.category, case.unit_id, said or "")
    since = window(case, at)
    ids = earlier_ids(case, traits, since)
    rows = Event.objects.filter(pk__in=ids[0].union(*ids[1:], all=True)).annotate(**compared())
    found = repeated_by(case, traits, rows.order_by("-reported_at", "-pk"), since)
    return next((one.event for one in found if one.why != "same_kind"), None)


def judged_as(case: Event) -> str:
    """The outcome of the assessment that counts; empty if there is none."""
    found = case.assessments.order_by("-pk").values_list("outcome", flat=True).first()
    return found or ""
