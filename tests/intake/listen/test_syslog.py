"""Syslog from the network into the database: TCP, TLS and UDP, none lost after a hang-up."""

import asyncio
import contextlib
import datetime
import socket
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.db.models import Sum

from tests.certificates import self_signed
from tests.detections.sources import messages_kept
from vardkase.detections.models import Detection, Raw
from vardkase.intake.listen import collecting, process, storing
from vardkase.intake.listen.collecting import Collector
from vardkase.intake.listen.places import Place

pytestmark = [pytest.mark.django_db(transaction=True)]
LINE = b"<86>Nov 20 08:00:00 web1 sshd[%d]: Failed password for root from 198.51.100.9 port 22\n"


def threads(number: int) -> Executor:
    return ThreadPoolExecutor(number)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def listening(place: Place, talk: Callable[[], Awaitable[None]]) -> int:
    """Listen there while `talk` goes on, and stop; how many lines were stored."""

    async def both() -> int:
        stopping, open_ = asyncio.Event(), asyncio.Event()
        collector = Collector(2, threads)
        task = asyncio.create_task(process.listen([place], stopping, open_.set, collector))
        await asyncio.wait_for(open_.wait(), 10)
        await talk()
        stopping.set()
        return await task

    try:
        return asyncio.run(both())
    finally:
        connections.close_all()


async def tell(port: int, data: bytes, tls: ssl.SSLContext | None = None) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    writer.write(data)
    await writer.drain()
    if tls is None:
        with contextlib.suppress(OSError):
            writer.write_eof()
            await reader.read()
    writer.close()


@pytest.mark.says("S2-022", "varningar från brandväggar, intrångsdetekteringssystem")
def test_every_line_that_was_sent_is_stored_when_the_connection_has_closed() -> None:
    port = free_port()
    sent = b"".join(LINE % number for number in range(4_500))

    async def talk() -> None:
        await asyncio.gather(tell(port, sent), tell(port, sent + b"<86>Nov 20 08:00:00 h a: cut"))

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) == 9_001
    assert messages_kept() == 9_001
    assert Detection.objects.aggregate(n=Sum("count"))["n"] == 9_001
    assert Detection.objects.count() == 2


def test_counted_octets_cef_and_what_is_not_understood() -> None:
    port = free_port()
    cef = b"<13>Nov 20 08:00:00 h CEF:0|v|p|1|7|n|5|src=1.1.1.1"
    sent = b"%d %s" % (len(cef), cef) + b'\n{"json": "is no syslog"}\n' + b"\xff" * 20 + b"\n"

    async def talk() -> None:
        await tell(port, sent)

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) == 3
    assert set(Detection.objects.values_list("source", flat=True)) == {"cef", "syslog"}
    assert Raw.objects.exclude(aside=None).count() == 1


def test_datagrams() -> None:
    port = free_port()

    async def talk() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number in range(50):
                sender.sendto(LINE % number, ("127.0.0.1", port))
        await asyncio.sleep(0.5)

    assert listening(Place("udp", "127.0.0.1", port, "syslog"), talk) == 50


def test_tls(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    certificate, key = self_signed(tmp_path)
    settings.LISTEN_CERTIFICATE, settings.LISTEN_KEY = str(certificate), str(key)  # type: ignore[attr-defined]
    port = free_port()

    async def talk() -> None:
        await tell(port, LINE % 1, ssl.create_default_context(cafile=str(certificate)))
        await asyncio.sleep(0.3)

    assert listening(Place("tls", "127.0.0.1", port, "syslog"), talk) == 1


def test_a_stranger_is_turned_away(settings: pytest.FixtureRequest) -> None:
    settings.LISTEN_FROM = ["192.0.2.0/24"]  # type: ignore[attr-defined]
    port = free_port()

    async def talk() -> None:
        await tell(port, LINE % 1)

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) == 0


def test_without_its_database_it_waits_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    port, tries = free_port(), []
    real = collecting.keep

    def late(name: str, messages: list[bytes], at: datetime.datetime) -> int:
        tries.append(len(messages))
        if len(tries) < 3:
            raise OperationalError("the server closed the connection")
        return real(name, messages, at)

    monkeypatch.setattr(collecting, "keep", late)
    monkeypatch.setattr(collecting, "LONGEST_BACK_OFF", 0.05)

    async def talk() -> None:
        await tell(port, LINE % 1)

    assert listening(Place("tcp", "127.0.0.1", port, "syslog"), talk) == 1
    assert tries == [1, 1, 1]


def test_datagrams_that_nobody_has_room_for_are_counted_and_fill_no_memory() -> None:
    async def flood() -> Collector:
        collector = Collector(1, threads)
        for number in range(collecting.ROOM * collecting.MOST_LINES + 7):
            collector.put("syslog", LINE % number, is_datagram=True)
        assert collector.has_room  # for those who can be told to wait
        for _ in range(200):
            collector.put("keyvalue", b"k=v " * 16_000, is_datagram=True)
        collector.pool.shutdown()
        return collector

    collector = asyncio.run(flood())
    held = sum(heap.size for heap in collector.heaps.values())
    assert held < (collecting.ROOM + 1) * 2 * collecting.MOST_BYTES
    assert collector.refused.counts["datagram"] > 7 + 100


def test_a_listener_that_no_longer_stores_ends_and_another_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(_: Collector) -> None:
        raise ZeroDivisionError

    async def listen() -> None:
        await process.listen([], asyncio.Event(), lambda: None, Collector(1, threads))

    monkeypatch.setattr(Collector, "pump", fails)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(listen())


@pytest.mark.parametrize("poison", [b"\x1f\x8b\x08\1", b"<13>a" + b"\0<13>a" * 2_500])
def test_a_line_that_nothing_can_be_made_of_takes_no_other_with_it(poison: bytes) -> None:
    """It is no text, or more messages than a batch may hold."""
    lines = [(LINE % number).strip() for number in range(20)]
    assert storing.keep("syslog", [poison, *lines], datetime.datetime.now(datetime.UTC)) == 21
    assert Detection.objects.aggregate(n=Sum("count"))["n"] == 20
    (aside,) = Raw.objects.exclude(aside=None)
    assert aside.messages == [poison]
