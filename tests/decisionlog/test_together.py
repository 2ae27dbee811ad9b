"""Several at once: a case is one queue, cases do not wait for each other, pairs never interlock."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from tests.conftest import NOW
from tests.decisionlog.conftest import CISO, decide

from vardkase.access.actor import Scope
from vardkase.decisionlog.models import Chain, Entry
from vardkase.decisionlog.queries import verify
from vardkase.decisionlog.services import decision, hold

pytestmark = pytest.mark.django_db(transaction=True)

SOON, PATIENCE = 0.3, 20.0  # seconds


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as found:
        yield found


def by_itself(work: Callable[..., None], *args: object) -> None:
    """Run `work` on this thread's own connection, closed afterwards."""
    try:
        work(*args)
    finally:
        connection.close()


@contextmanager
def undecided(number: str, pool: ThreadPoolExecutor) -> Iterator[Future[None]]:
    """A decision in `number` that has begun on another connection, and ends with the block."""
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        with decision("case.noted", scope=Scope(number), by=CISO, at=NOW) as log:
            log.note(first=True)
            begun.set()
            assert end.wait(PATIENCE)

    future = pool.submit(by_itself, work)
    assert begun.wait(PATIENCE)
    yield future
    end.set()
    future.result(PATIENCE)


def test_two_decisions_in_one_case_follow_each_other(pool: ThreadPoolExecutor) -> None:
    with undecided("2026-0001", pool):
        second = pool.submit(by_itself, decide, "2026-0001")
        with pytest.raises(TimeoutError):
            second.result(SOON)
    second.result(PATIENCE)
    assert (verify().entries, verify().ok) == (2, True)


def test_a_decision_in_another_case_does_not_wait(pool: ThreadPoolExecutor) -> None:
    with undecided("2026-0001", pool):
        pool.submit(by_itself, decide, "2026-0002").result(PATIENCE)
        assert Chain.objects.get().key == "2026-0002"


def test_a_check_meanwhile_neither_waits_nor_cries_wolf(pool: ThreadPoolExecutor) -> None:
    decide("2026-0001", 3)
    with undecided("2026-0001", pool):
        assert (verify().entries, verify().ok) == (3, True)


def test_many_at_once_leave_whole_chains(pool: ThreadPoolExecutor) -> None:
    numbers = [f"2026-000{n % 3}" for n in range(30)]
    for done in [pool.submit(by_itself, decide, number, 2) for number in numbers]:
        done.result(PATIENCE)
    assert (verify().entries, verify().ok) == (60, True)
    assert sorted(Chain.objects.values_list("length", flat=True)) == [20, 20, 20]


def both(first: str, second: str) -> None:
    """A verb over two cases, such as joining two reports."""
    scopes = Scope(first), Scope(second)
    with transaction.atomic():
        hold(*scopes)
        for scope in scopes:
            with decision("case.noted", scope=scope, by=CISO, at=NOW) as log:
                log.note(joined=True)


def test_verbs_over_the_same_two_cases_never_interlock(pool: ThreadPoolExecutor) -> None:
    pairs = [("2026-0001", "2026-0002"), ("2026-0002", "2026-0001")] * 10
    for done in [pool.submit(by_itself, both, *pair) for pair in pairs]:
        done.result(PATIENCE)
    assert (Entry.objects.count(), verify().ok) == (40, True)
