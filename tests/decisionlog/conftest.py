"""A log to tamper with: decisions, and a superuser who writes past every trigger."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import QuerySet
from tests.conftest import NOW

from vardkase.access.actor import Actor, Grant, Scope
from vardkase.decisionlog.models import Entry, Payload
from vardkase.decisionlog.services import decision

CISO = Actor("p1", "Cecilia", NOW, (Grant("ciso", "/"),), person=1)


def decide(number: str, times: int = 1, *, by: Actor = CISO) -> None:
    for n in range(times):
        with decision("case.noted", scope=Scope(number), by=by, at=NOW) as log:
            log.note(n=n)


@contextmanager
def tampering() -> Iterator[None]:
    """Work as a superuser who has put the triggers to sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def erase(entries: QuerySet[Entry]) -> None:
    """Entries and contents, as if they had never been written."""
    with tampering():
        Payload.objects.filter(entry__in=list(entries))._raw_delete(using="default")  # type: ignore[attr-defined]
        entries._raw_delete(using="default")  # type: ignore[attr-defined]
