"""Reading the outbox: a person's own channels and notices, who was told of a case."""

from django.db.models import QuerySet

from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Team

from .models import Channel, Feed, Notice


def channels(owner: Person | Team) -> QuerySet[Channel]:
    """The open channels of `owner`, in the order in which they are tried."""
    mine = {"person" if isinstance(owner, Person) else "team": owner}
    return Channel.objects.filter(**mine, ended_at=None).order_by("place", "pk")


def by_link(secret: str) -> Notice | None:
    """The notice whose link this is, or None."""
    rows = Notice.objects.select_related("person", "team")
    return rows.filter(digest=fingerprint(secret)).first()


def told(case: str, *, most: int = 60) -> list[Notice]:
    """Who was told of a case, newest first. Ask access before you show it."""
    rows = Notice.objects.filter(case=case).select_related("person", "team")
    return list(rows.prefetch_related("sendings__channel").order_by("-at", "-pk")[:most])


def unseen(person: Person) -> QuerySet[Notice]:
    """What `person` was told and has not seen, newest first."""
    return Notice.objects.filter(person=person, seen_at=None).order_by("-at", "-pk")


def feed_owner(secret: str) -> Person | None:
    """Whose calendar address this is; None of a dead or unknown one, or of a closed account."""
    rows = Feed.objects.filter(digest=fingerprint(secret), ended_at=None, person__is_active=True)
    found = rows.select_related("person__unit").first()
    return found.person if found else None
