"""Reading across cases: earlier ones that a case repeats, reports that feed it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment.models import Merge
from vardkase.events.models import LIMITS, AssetLink, Event
from vardkase.incidents.models import Incident
from vardkase.incidents.rules import INCIDENTS, Traits, months_back, recurrence
from vardkase.lib.built import AnyOf, Blank, Built
from vardkase.policy.parameter import parameter

from .models import Conclusion
from .sheet import Sheet

HANDLED = (*sorted(INCIDENTS), Event.State.CLOSED)
LATEST = ("-reported_at", "-pk")
SHOWN = (  # and what is compared, and what access asks about
    "number", "title", "reported_at", "category", "unit__path", "reporter", "sealed", *LIMITS,
)  # fmt: skip
LOOKED_AT = 20  # earlier cases of one sort that are compared

type Near = Any  # a case that may have to do with another: an `Event` and what `built` adds to it


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
    """Earlier incidents like `case`, and those merged with it, as far as `reader` may read them;
    one statement."""
    traits, since = sheet.traits(case), window(case, at)
    seen = [one for one in near(case, traits, since) if allowed(reader, "read", one.scope())]
    return Related(
        earlier=tuple(Earlier(one, why) for one, why in repeats(traits, seen)),
        reports=tuple(one for one in seen if one.is_report),
        feeds=tuple(one for one in seen if one.is_fed),
    )


def window(case: Event, at: datetime) -> datetime:
    months: int = parameter("incidents.recurrence").at(at).value
    return months_back(case.reported_at, months)


def near(case: Event, traits: Traits, since: datetime) -> list[Near]:
    """Merged cases, and earlier incidents that share an asset, or category and unit; newest first.

    Candidates only: nobody's leave to see them is asked here.
    """
    return NEAR.objects(
        case=case.pk, since=since, until=case.reported_at, sealed=case.sealed,
        category=case.category, unit=case.unit_id, assets=sorted(traits.assets),
    )  # fmt: skip


def built() -> QuerySet[Event, Any]:
    """The statement of `near`. Merged cases are no earlier incidents, unless they are that too."""
    merges = Merge.objects.filter(undone_at=None).order_by()
    before, case = earlier(), Blank("case")
    ids = [
        before.filter(pk__in=linked()).values("pk")[:LOOKED_AT],
        before.filter(category=Blank("category"), unit=Blank("unit"))
        .exclude(category="")
        .values("pk")[:LOOKED_AT],
        merges.filter(into=case).values("event_id")[:LOOKED_AT],
        merges.filter(event=case).values("into_id")[:LOOKED_AT],
    ]
    rows = Event.objects.filter(pk__in=ids[0].union(*ids[1:], all=True)).only(*SHOWN)
    return (
        rows.select_related("unit")
        .order_by(*LATEST)
        .annotate(
            cause=last_cause(),
            hits=hit_assets(),
            is_earlier=Exists(before.filter(pk=OuterRef("pk"))),
            is_report=Exists(merges.filter(event=OuterRef("pk"), into=case)),
            is_fed=Exists(merges.filter(into=OuterRef("pk"), event=case)),
        )
    )


def earlier() -> QuerySet[Event]:
    """Incidents that were reported before the case, in the months that count."""
    rows = Event.objects.filter(
        reported_at__gte=Blank("since"), reported_at__lte=Blank("until"), state__in=HANDLED
    )
    return rows.exclude(pk=Blank("case")).filter(sealed=Blank("sealed")).order_by(*LATEST)


def linked() -> QuerySet[AssetLink, Any]:
    return AssetLink.objects.filter(AnyOf("asset", "assets"), ended_at=None).values("event")


def last_cause() -> Subquery:
    said = Conclusion.objects.filter(incident__event=OuterRef("pk")).order_by("-pk")
    return Subquery(said.values("cause_kind")[:1])


def hit_assets() -> Subquery:
    links = AssetLink.objects.filter(event=OuterRef("pk"), ended_at=None).order_by()
    return Subquery(links.values("event").annotate(all=ArrayAgg("asset")).values("all"))


def repeats(traits: Traits, found: Iterable[Near]) -> Iterator[tuple[Near, str]]:
    """Those of `found` that a case of these traits repeats, and why."""
    for one in found:
        theirs = Traits(frozenset(one.hits or ()), one.category, one.unit_id, one.cause or "")
        if one.is_earlier and (why := recurrence(traits, theirs)):
            yield one, why


def repeated(incident: Incident, *, at: datetime) -> Event | None:
    """The latest earlier incident that `incident` repeats, by asset or cause."""
    case = incident.event
    said = incident.conclusions.order_by("-pk").values_list("cause_kind", flat=True).first()
    assets = AssetLink.objects.filter(event=case, ended_at=None).values_list("asset", flat=True)
    traits = Traits(frozenset(assets), case.category, case.unit_id, said or "")
    alike = repeats(traits, near(case, traits, window(case, at)))
    latest: Event | None = next((one for one, why in alike if why != "same_kind"), None)
    return latest


def judged_as(case: Event) -> str:
    """The outcome of the assessment that counts; empty if there is none."""
    found = case.assessments.order_by("-pk").values_list("outcome", flat=True).first()
    return found or ""


NEAR = Built(built, planned_anew=True)
