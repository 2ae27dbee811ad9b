"""What is measured from within, in a process of its own on the instance, with Django set up."""

import json
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.world import READER
from vardkase.access.actor import Actor
from vardkase.decisionlog.export import lines
from vardkase.decisionlog.queries import verify
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.events.search import search
from vardkase.lib.paging import Order, Page, write
from vardkase.organisation import tokens
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of, root

TRIES = 15
OLDEST = Order(("reported_at", "id"))


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


def reporting(token: str) -> int:
    """How many SQL statements a report over the API takes, the second time."""
    made = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            answer = made.post("/api/v1/reports", {"what": "x"}, content_type="application/json")
        if answer.status_code != 201:
            raise SystemExit(f"a report was answered {answer.status_code}")
    return len(seen)


def incidents(actor: Actor) -> QuerySet[Event]:
    return queries.events(actor).filter(state__in=("possible_incident", "confirmed_incident"))


def middle(which: str) -> str:
    """The cursor of the row in the middle of a list, ordered as `benchmarks.p3` asks."""
    actor = actor_of(reader(), timezone.now())
    rows = queries.queue(actor) if which == "queue" else incidents(actor)
    order: Order = OLDEST if which == "queue" else queries.QUEUE
    row = rows.order_by(*order.names())[rows.count() // 2]
    return write(row, order)


def searches(*questions: str) -> dict[str, list[float]]:
    """Seconds for the first 50 that a reader of a part may read, a list for each question."""
    actor, found = actor_of(reader(), timezone.now()), {}
    for question in questions:
        found[question] = [timed(question, actor) for _ in range(TRIES)][1:]
    return found


def timed(question: str, actor: Actor) -> float:
    start = time.perf_counter()
    Page.of(search(actor, question).select_related("unit"), queries.NEWEST, after=None, limit=50)
    return time.perf_counter() - start


def integration() -> str:
    """A token of a program that sends alarms."""
    at = timezone.now()
    wanted = tokens.Wanted("bench", "integration", root())
    return tokens.create(wanted, by=Actor.system(at), at=at)[1]


def verified(file: str) -> tuple[int, float]:
    """How many entries the log has and the CPU seconds that checking it takes; it is exported."""
    start = time.process_time()
    verdict = verify()
    spent = time.process_time() - start
    if not verdict.ok:
        raise SystemExit("the log does not hold")
    with Path(file).open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines())
    return verdict.entries, spent


JOBS = {
    job.__name__: job
    for job in (integration, session, statements, reporting, middle, searches, verified)
}
