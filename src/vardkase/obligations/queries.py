"""The clocks that run: of a case, and the nearest of each case in a list."""

from django.db.models import OuterRef, QuerySet, Subquery

from vardkase.events.models import Event
from vardkase.lib.built import Blank, Built

from .models import Deadline


def clocks(case: Event) -> list[Deadline]:
    """The dated clocks of a case that nobody has stopped, the nearest first; one statement."""
    return CLOCKS.objects(case=case.pk)


def next_due() -> Subquery:
    """The time of the nearest clock of a row of cases, or nothing."""
    rows = Deadline.objects.filter(
        obligation__event=OuterRef("pk"), ended_at=None, due_at__isnull=False
    )
    return Subquery(rows.order_by("due_at").values("due_at")[:1])


def running() -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(ended_at=None, due_at__isnull=False).order_by("due_at", "pk")
    return rows.select_related("obligation__entity", "obligation__event").only(
        "step", "due_at", "starts_at", "certain", "recipient", "obligation__regime",
        "obligation__entity__name", "obligation__event__number", "obligation__event__received_at",
    )  # fmt: skip


CLOCKS = Built(lambda: running().filter(obligation__event=Blank("case")))
