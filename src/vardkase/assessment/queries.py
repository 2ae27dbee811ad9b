"""Reading assessments, and what the rules need to know of a case before one is made."""

from datetime import datetime, timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from vardkase.access.actor import Actor
from vardkase.access.rules import visible
from vardkase.events import queries as events
from vardkase.events.models import AssetLink, Event
from vardkase.lib.built import Blank, Built

from . import rules
from .ground import Ground
from .models import Assessment, Merge, Referral

INCIDENTS = (Event.State.POSSIBLE_INCIDENT, Event.State.CONFIRMED_INCIDENT)
OPEN = (*events.OPEN, *INCIDENTS)
ALIKE = 0.25  # trigram likeness of two titles, 0 to 1, from which they are shown together
LOOK_BACK = timedelta(days=30)
SHOWN = 200  # assessments of one event
CANDIDATES = 500  # the latest open cases that likeness is looked for among


def latest(case: Event) -> Assessment | None:
    """The assessment that counts."""
    return case.assessments.order_by("-pk").first()


def history(case: Event) -> list[Assessment]:
    """The last assessments of the case, newest first. Ask access before you show it."""
    return HISTORY.objects(case=case.pk)


def recomputed(assessment: Assessment) -> rules.Priority | None:
    """The priority computed again from what was said, known and in force then."""
    ground = Ground.of(assessment.policy)
    return rules.weigh(assessment.judgement(), assessment.facts(), ground)


def facts(case: Event, ground: Ground) -> rules.Facts:
    """The classes of the assets that the case hits, and how many incidents it belongs with."""
    worst = AssetLink.objects.filter(event=case, ended_at=None).aggregate(
        **{aspect: Max(f"asset__{aspect}") for aspect in ground.floor.value}
    )
    classes = {aspect: level for aspect, level in worst.items() if level is not None}
    window = timedelta(hours=ground.cumulative.value["window_hours"])
    return rules.Facts(classes, linked=1 + linked(case, window).count())


def linked(case: Event, window: timedelta) -> QuerySet[Event]:
    """Other incidents within `window` that share an affected asset or a report with `case`."""
    assets = AssetLink.objects.filter(event=case, ended_at=None).values("asset")
    same_asset = AssetLink.objects.filter(event=OuterRef("pk"), ended_at=None, asset__in=assets)
    ours = Merge.objects.filter(into=case, undone_at=None).values("event")
    same_report = Merge.objects.filter(into=OuterRef("pk"), undone_at=None, event__in=ours)
    near = (case.reported_at - window, case.reported_at + window)
    return (
        Event.objects.filter(state__in=INCIDENTS, sealed=case.sealed, reported_at__range=near)
        .filter(Q(Exists(same_asset)) | Q(Exists(same_report)))
        .exclude(pk=case.pk)
    )


def alike(reader: Actor, case: Event) -> QuerySet[Event]:
    """Open and recent cases that `reader` may read and that may be the same as `case`.

    Same system, same asset or a like title; looked for among the latest few hundred only, so that
    the cost does not grow with the years.
    """
    since = case.reported_at - LOOK_BACK
    recent = (
        events.events(reader)
        .filter(state__in=OPEN, reported_at__gte=since)
        .exclude(pk=case.pk)
        .order_by("-reported_at")
        .values("pk")[:CANDIDATES]
    )
    assets = AssetLink.objects.filter(event=case, ended_at=None).values("asset")
    shared = AssetLink.objects.filter(event=OuterRef("pk"), ended_at=None, asset__in=assets)
    same_system = Q(system__iexact=case.system) if case.system.strip() else Q(pk__in=[])
    return (
        Event.objects.filter(pk__in=recent)
        .defer("search", "imported")
        .annotate(likeness=TrigramSimilarity("title", case.title), shares_asset=Exists(shared))
        .filter(Q(likeness__gte=ALIKE) | Q(shares_asset=True) | same_system)
        .order_by("-shares_asset", "-likeness", "-reported_at")
    )


def merged_here(reader: Actor, case: Event) -> QuerySet[Merge]:
    """The reports that feed `case`, as far as `reader` may read them."""
    mine = Event.objects.filter(visible(reader, "read"))
    return case.merged_here.filter(undone_at=None, event__in=mine).select_related("event")


def feeds(reader: Actor, case: Event) -> QuerySet[Merge]:
    """The cases that this report feeds, as far as `reader` may read them."""
    mine = Event.objects.filter(visible(reader, "read"))
    return case.merges.filter(undone_at=None, into__in=mine).select_related("into")


def referrals(case: Event) -> QuerySet[Referral]:
    """Every referral of the case, oldest first, with its answer if it has one."""
    return case.referrals.select_related("person", "team", "unit", "answer")


def referral(case: Event, pk: int) -> Referral:
    """One referral of `case`; raises `Referral.DoesNotExist`."""
    return case.referrals.select_related("event__unit", "person", "team", "unit").get(pk=pk)


def referred(reader: Actor) -> QuerySet[Referral]:
    """Referrals without an answer in cases that `reader` may read, soonest due first."""
    mine = Event.objects.filter(visible(reader, "read"))
    return (
        Referral.objects.filter(answer=None, event__in=mine)
        .select_related("event", "event__unit", "person", "team", "unit")
        .order_by(F("due_at").asc(), "pk")
    )


def overdue(reader: Actor, at: datetime) -> QuerySet[Referral]:
    """Those of `referred` whose time has passed."""
    return referred(reader).filter(due_at__lt=at)


def waiting_for_reporter(reader: Actor) -> QuerySet[Event]:
    """Events that wait for an answer and were referred to nobody, the oldest first."""
    open_ones = Referral.objects.filter(event=OuterRef("pk"), answer=None)
    waiting = events.events(reader, "assess").filter(state=Event.State.WAITING)
    return waiting.filter(~Exists(open_ones)).select_related("unit").order_by("reported_at", "pk")


HISTORY = Built(lambda: Assessment.objects.filter(event=Blank("case")).order_by("-pk")[:SHOWN])
