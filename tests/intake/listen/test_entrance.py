"""Nobody takes the place of the others: not by connections, not by lines, not by silence."""

import asyncio
import logging
import os
import resource
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from vardkase.config import readiness
from vardkase.config.database import Urls
from vardkase.intake.listen import entrance
from vardkase.intake.listen.collecting import MOST_BYTES, MOST_LINES, Collector, Heap, Turns
from vardkase.intake.listen.entrance import Entrance, most
from vardkase.intake.listen.places import Allowed, Place
from vardkase.intake.listen.refused import Refused
from vardkase.intake.listen.syslog import Sender
from vardkase.policy.parameter import parameter

from .test_syslog import LINE, free_port, listening, threads

LIMITS = parameter("detections.listening").versions[-1].value


def door() -> Entrance:
    return Entrance("syslog", Allowed(["10.0.0.0/8"]), Refused())


def test_one_address_leaves_room_for_all_others() -> None:
    opened = door()
    opened.open["10.0.0.1"] = LIMITS["each_address"]
    assert opened.why_not("10.0.0.1") == "address"
    assert opened.why_not("10.0.0.2") == ""
    opened.open["10.0.0.3"] = LIMITS["connections"] - LIMITS["each_address"]
    assert opened.why_not("10.0.0.2") == "connections"
    assert opened.why_not("192.0.2.1") == "stranger"


def test_a_process_with_few_files_lets_fewer_in_by_the_same_shares() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, hard))
        few = most("syslog")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (few.connections, few.each_address) == (200, 20)
    assert most("lmtp").each_address == LIMITS["mail_each_address"]


def sender(address: str) -> SimpleNamespace:
    return SimpleNamespace(address=address)


def test_addresses_take_turns_however_many_connections_they_have() -> None:
    turns = Turns()
    for address in ("flood", "flood", "flood", "good"):
        turns.line_up(sender(address))  # type: ignore[arg-type]
    assert [turns.next().address for _ in range(4)] == ["flood", "good", "flood", "flood"]


def test_a_batch_is_bounded_in_lines_and_in_bytes() -> None:
    heap = Heap("syslog")
    for line in (b"x" * (MOST_BYTES + 1), b"y" * 10, *([b"z"] * MOST_LINES)):
        heap.lines.append(line)
        heap.size += len(line)
    assert [len(heap.take()) for _ in range(3)] == [1, MOST_LINES, 1]
    assert (heap.size, len(heap.lines)) == (0, 0)


def test_a_sender_without_room_is_held_and_loses_nothing() -> None:
    async def talk() -> tuple[list[int], int]:
        collector = Collector(1, threads)
        flood, good = (Sender(collector, "syslog", name) for name in ("10.0.0.1", "10.0.0.2"))
        flood.data_received(b"".join(LINE % number for number in range(20_000)))
        good.data_received(LINE % 1)
        held = [len(flood.held), len(good.held)]
        heap = collector.heaps["syslog", False]
        while collector.turns.waiting:
            collector.turns.next().take_turn()
            held.append(len(good.held))
        good.connection_lost(None)
        collector.pool.shutdown()
        return held, len(heap.lines)

    held, lines = asyncio.run(talk())
    assert held[0] == 20_000 - 2 * MOST_LINES
    assert held[1:4] == [1, 1, 0]  # the flood's turn, then the good one's
    assert lines == 20_001


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_refusals_are_one_line_of_the_log_and_one_of_check(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    refused = Refused()
    for number in range(10_000):
        refused.note("address", f"10.0.0.{number % 250}")
    refused.note("datagram")
    with caplog.at_level(logging.WARNING):
        asyncio.run(refused.say())
        asyncio.run(refused.say())
    assert len(caplog.records) == 1
    assert "address 10000 10.0.0.249, datagram 1" in caplog.text
    found = {each.code: each.sentence for each in readiness.listeners(tmp_path, Urls("", ""))}
    assert "10000" in found["intake-address"]
    assert set(readiness.TURNED_AWAY) >= {"stranger", "connections", "files", "conversation"}
    assert len(found) == 2


def test_what_the_kernel_threw_away_is_counted_too() -> None:
    refused = Refused()
    with socket.socket(type=socket.SOCK_DGRAM) as ours, socket.socket(type=socket.SOCK_DGRAM) as to:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        ours.bind(("127.0.0.1", 0))
        refused.watch(ours)
        for _ in range(100):
            to.sendto(b"x" * 1_000, ours.getsockname())
        refused.look()
        refused.look()
    assert 50 < refused.counts["datagram"] < 100


@pytest.mark.django_db(transaction=True)
def test_garbage_does_not_keep_the_next_from_being_heard(tmp_path: Path) -> None:
    """Counts that lie, a cut in the middle, what is no text: the next sender's line comes in."""
    port = free_port()
    lies = (
        b"0 <13>x",
        b"-5 <13>a\n",
        b"10000000000000 <13>\n",
        b"007 <13>abc\n",
        b"\x16\x03\1\2\0",
    )

    async def talk() -> None:
        for lie in lies:
            await asyncio.to_thread(said, port, lie, reset=True)
        await asyncio.to_thread(said, port, LINE % 1)

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) >= 1


@pytest.mark.django_db(transaction=True)
def test_a_process_without_files_waits_and_lets_all_in_when_it_has_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entrance, "PAUSE", 0.05)
    monkeypatch.setattr(entrance, "SPARE", -10_000)  # or nobody would get so far
    port = free_port()

    async def talk() -> None:
        senders = [socket.socket() for _ in range(5)]
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        free = os.dup(0)
        os.close(free)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
            began = time.process_time()
            for sender in senders:
                sender.connect(("127.0.0.1", port))
            await asyncio.sleep(0.3)
            assert time.process_time() - began < 0.15
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for sender in senders:
            sender.sendall(LINE % 1)
            sender.shutdown(socket.SHUT_WR)
        for sender in senders:
            await asyncio.to_thread(sender.recv, 1)
            sender.close()

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) == 5


def said(port: int, data: bytes, *, reset: bool = False) -> None:
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(data)
        if reset:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        made.shutdown(socket.SHUT_WR)
        assert made.recv(1) == b""
