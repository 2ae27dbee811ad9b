"""Reading what is handled: cases as a list, actions across cases."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from vardkase.access.actor import Actor
from vardkase.access.rules import visible
from vardkase.events.models import Event
from vardkase.events.queries import events
from vardkase.lib.paging import Order

from .models import Action, Part, Watch

NO_TIME = datetime(9999, 12, 31, tzinfo=UTC)  # an action without a due time goes last
BY_DUE = Order(("others", "due", "id"))  # mine first, the most overdue first
OLDEST = Order(("reported_at", "id"))
COUNTED = 200  # a list is counted up to this
OPEN = (
    Event.State.UNASSESSED,
    Event.State.WAITING,
    Event.State.POSSIBLE_INCIDENT,
    Event.State.CONFIRMED_INCIDENT,
)


def cases(reader: Actor) -> QuerySet[Event]:
    """Every case that `reader` may read, with what a list shows of it."""
    return events(reader).defer("search", "imported", "what", "suggestion").select_related("unit")


def drawn(**more: Subquery) -> QuerySet[Event, Any]:
    """What a list shows of cases that were picked among those that the reader may read."""
    return Event.objects.annotate(**more).values_list(
        "id", "number", "state", "priority", "rank", "care_harm", "category", "title",
        "unit__name", "reported_at", *more, named=True,
    )  # fmt: skip


def taking_part(person: int) -> Q:
    """Cases that the person with that id is a member of, as whoever has a task or a part is."""
    return Q(members__contains=[person])


def managed_by(person: int) -> Q:
    """Cases whose incident manager is the person with that id."""
    held = Part.objects.filter(
        incident__event=OuterRef("pk"), person=person, part="incident_manager", ended_at=None
    )
    return Q(Exists(held))


def actions(reader: Actor) -> QuerySet[Action]:
    """Actions of the cases that `reader` may read."""
    readable = Event.objects.filter(visible(reader, "read")).values("pk")
    mine = Case(When(owner=reader.person, then=Value(0)), default=Value(1))
    return (
        Action.objects.filter(incident__event__in=readable)
        .annotate(others=mine, due=Coalesce(F("due_at"), Value(NO_TIME)))
        .select_related("owner", "incident__event")
        .defer(
            *(f"incident__event__{bulk}" for bulk in ("search", "imported", "what", "suggestion"))
        )
    )


def counted(rows: QuerySet[Event] | QuerySet[Action], order: Order | None = None) -> int:
    """How many there are, up to `COUNTED` + 1; one statement that a long list does not slow.

    With the list's own `order` its index is walked, and no row is fetched beyond the bound.
    """
    return rows.order_by(*(order.names() if order else ()))[: COUNTED + 1].count()


def watches(reader: Actor, at: datetime) -> QuerySet[Watch]:
    """Heightened monitoring that goes on in cases that `reader` may read."""
    readable = Event.objects.filter(visible(reader, "read"), state__in=OPEN).values("pk")
    rows = Watch.objects.filter(going_on(at), action__incident__event__in=readable)
    found = rows.select_related("asset", "action__owner", "action__incident__event")
    words = ("asset__name", "action__owner__name", "action__incident__event__number")
    return found.only(*words, "action__due_at").order_by("action__due_at", "pk")


def going_on(at: datetime) -> Q:
    """Watches that have not ended: by their time, or by somebody's word."""
    return Q(action__state=Action.State.OPEN, action__due_at__gt=at)
