"""F26: a flood of alarms leaves threads to people, and what is turned away is told to come back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from vardkase.config import lane
from vardkase.config.lane import Lane
from vardkase.config.refusals import Refused, refusal

LARGE = lane.SMALL + 1


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "PAUSE", 0.0)


async def crowd(size: int, many: int, *, threads: int = 4) -> tuple[int, int]:
    """How many were at work at once, and how many were turned away."""
    ours, done = Lane(threads), asyncio.Event()
    working = turned_away = most = 0

    async def one() -> None:
        nonlocal working, turned_away, most
        try:
            async with ours.seat(size):
                working += 1
                most = max(most, working)
                await done.wait()
                working -= 1
        except Refused:
            turned_away += 1

    tasks = [asyncio.create_task(one()) for _ in range(many)]
    await asyncio.sleep(0.05)
    done.set()
    await asyncio.gather(*tasks)
    assert ours.inside == 0
    return most, turned_away


def test_one_thread_is_always_left_to_people() -> None:
    assert asyncio.run(crowd(10, 100)) == (3, 100 - lane.WAITING - 4)
    assert asyncio.run(crowd(LARGE, 100)) == (2, 100 - lane.WAITING - 4)
    assert asyncio.run(crowd(LARGE, 3, threads=1)) == (1, 0)


def test_what_is_turned_away_says_when_to_come_back() -> None:
    status, headers, body = refusal(Refused(503), path=lane.PATH)
    assert (status, dict(headers)["retry-after"]) == (503, "5")
    assert b"Nothing was stored" in body


class Protocol:
    def __init__(self, body: bytes, wait: float = 0) -> None:
        self.body, self.wait = body, wait

    async def __call__(self) -> bytes:
        await asyncio.sleep(self.wait)
        return self.body


def body_of(declared: int | None, protocol: Protocol, *, reading: int = 0) -> bytes | None:
    async def receive() -> bytes | None:
        ours = Lane(4)
        ours.reading = reading
        found = await ours.body(declared, protocol)  # type: ignore[arg-type]
        assert ours.reading == reading
        return found.read() if found else None

    return asyncio.run(receive())


def test_few_bodies_are_held_in_memory_and_no_large_ones() -> None:
    assert body_of(3, Protocol(b"abc")) == b"abc"
    assert body_of(None, Protocol(b"abc")) is None
    assert body_of(lane.LARGEST + 1, Protocol(b"")) is None
    assert body_of(3, Protocol(b"abc"), reading=lane.READING) is None


def test_a_cut_or_slow_body_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as cut:
        body_of(4, Protocol(b"abc"))
    monkeypatch.setattr(lane, "SECONDS", 0.01)
    with pytest.raises(Refused) as slow:
        body_of(3, Protocol(b"abc", wait=1))
    assert (cut.value.status, slow.value.status) == (400, 408)


def test_only_batches_take_the_lane() -> None:
    def takes(method: str, path: str) -> bool:
        scope: Any = SimpleNamespace(method=method, path=path)
        return Lane(4).takes(scope)

    assert takes("POST", "/api/v1/detections")
    assert not takes("GET", "/api/v1/detections")
    assert not takes("POST", "/api/v1/reports")
