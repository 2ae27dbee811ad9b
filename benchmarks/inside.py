"""What is measured from within, in a process of its own on the instance, with Django set up."""

import json
import time

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.world import READER
from vardkase.events import queries
from vardkase.events.search import search
from vardkase.lib.paging import Order, Page, write
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of

TRIES = 15


def main(job: str, *words: str) -> None:
    print(json.dumps(JOBS[job](*words)))


def reader() -> Person:
    return Person.objects.get(username=READER)


def client() -> Client:
    made = Client(headers={"host": "localhost"})
    made.force_login(reader(), backend=settings.AUTHENTICATION_BACKENDS[0])
    return made


def session() -> str:
    """The cookie of one who is signed in and sees a part."""
    return str(client().cookies[settings.SESSION_COOKIE_NAME].value)


def statements(*paths: str) -> dict[str, int]:
    """How many SQL statements each page takes, the second time it is asked for."""
    made, found = client(), {}
    for path in paths:
        made.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = made.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} was answered {answer.status_code}")
        found[path] = len(seen)
    return found


def middle(which: str) -> str | None:
    """The cursor of the row in the middle of a list, None if all fits on a page."""
    actor = actor_of(reader(), timezone.now())
    rows = queries.queue(actor) if which == "queue" else queries.events(actor)
    order: Order = queries.QUEUE if which == "queue" else queries.NEWEST
    row = rows.order_by(*order.names())[rows.count() // 2]
    return write(row, order)


def searches(*questions: str) -> dict[str, list[float]]:
    """Seconds for the first 50 that a reader of a part may read, a list for each question."""
    actor, found = actor_of(reader(), timezone.now()), {}
    for question in questions:
        found[question] = [timed(question, actor) for _ in range(TRIES)][1:]
    return found


def timed(question: str, actor: object) -> float:
    start = time.perf_counter()
    Page.of(search(actor, question).select_related("unit"), queries.NEWEST, after=None, limit=50)  # type: ignore[arg-type]
    return time.perf_counter() - start


JOBS = {"session": session, "statements": statements, "middle": middle, "searches": searches}
