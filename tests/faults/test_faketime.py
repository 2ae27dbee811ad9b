"""Two real workers under libfaketime: the clock leaps and comes back, one worker is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.utils import timezone

from tests.conftest import Hire
from tests.delivery.mailserver import Inbox, mail_server
from tests.faults.test_log import ROOT, address
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice, Sending
from vardkase.events.rules import Report
from vardkase.lib.models import Beat
from vardkase.organisation.models import Duty, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
PATIENCE = 40.0  # seconds
SUMMER = datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)  # a second before the hour that is not

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed"),
]


class Workers:
    """Two workers of one machine, whose clock is what `set` says."""

    def __init__(self, place: Path, port: int) -> None:
        self.file = place / "clock"
        self.given = os.environ | {
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DATABASE_URL": address(), "PYTHONPATH": f"{ROOT}/src", "VARDKASE_DATA": str(place),
            "VARDKASE_MAIL_HOST": "127.0.0.1", "VARDKASE_MAIL_PORT": str(port),
            "VARDKASE_MAIL_TLS": "none",
        }  # fmt: skip
        self.set(timedelta())
        self.alive = [self.begin(), self.begin()]

    def begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "vardkase.jobs.worker"], env=self.given)

    def set(self, ahead: timedelta) -> None:
        self.file.write_text(f"{int(ahead.total_seconds()):+d}\n")

    def kill_one(self) -> None:
        self.alive[0].send_signal(signal.SIGKILL)
        self.alive[0].wait()
        self.alive[0] = self.begin()

    def end(self) -> None:
        for worker in self.alive:
            worker.terminate()
        for worker in self.alive:
            worker.wait(10)


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def inbox_and_workers(tmp_path: Path, transactional_db: None) -> Iterator[tuple[Inbox, Workers]]:
    with ExitStack() as stack:
        inbox, port = stack.enter_context(mail_server(Inbox()))
        workers = Workers(tmp_path, port)
        stack.callback(workers.end)
        yield inbox, workers


@pytest.fixture
def incident(hospital: Unit, hire: Hire) -> str:
    """Of priority 1, judged just now; somebody is on duty, and a second comes after."""
    at = timezone.now()
    for role in ("tib", "ciso"):
        person = hire(role)
        person.email = f"{role}@region.example"
        person.save()
        if role == "tib":
            until_then = at + timedelta(days=400)
            Duty.objects.create(person=person, since=at - timedelta(days=1), until=until_then)
    sent = Report(what="Filerna går inte att öppna.", unit=hospital.pk)
    event = report(sent, by=Actor.reporter(at), at=at).event
    found = Judgement(
        outcome="confirmed_incident", impact=4, urgency=4, category="malware", reason="Pågår."
    )
    assess(event, found, by=actor_of(person, at), at=at)
    return event.number


def names(inbox: Inbox) -> set[str]:
    return {str(message_from_bytes(raw)["Message-ID"]) for raw in inbox.letters}


def waiting() -> int:
    return Sending.objects.filter(sent_at=None, ended_at=None).count()


def test_the_clock_leaps_and_comes_back_and_nothing_is_lost_or_told_twice(
    incident: str, inbox_and_workers: tuple[Inbox, Workers]
) -> None:
    inbox, workers = inbox_and_workers
    until(lambda: len(names(inbox)) == 1)  # the duty officer
    workers.kill_one()
    workers.set(timedelta(minutes=11))
    until(lambda: len(names(inbox)) == 2)  # the next in line
    inbox.mood = "refuse"
    workers.set(timedelta(days=3))
    until(lambda: Sending.objects.filter(sent_at=None, tries__gt=0).exists())
    workers.set(timedelta())  # what failed was to be tried again in three days
    inbox.mood = "well"
    until(lambda: not waiting())
    workers.set(SUMMER - timezone.now())
    until(lambda: Beat.objects.filter(at__gt=SUMMER + timedelta(seconds=4)).count() == 2)
    until(lambda: not waiting())
    assert len(names(inbox)) == Notice.objects.count() > 5
    again = len(inbox.letters) - len(names(inbox))
    assert again in (0, 1), "only the killed worker's letter may come again, under its name"
    assert verify().ok
