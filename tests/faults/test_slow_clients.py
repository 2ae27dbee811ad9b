"""Slow, cut and huge requests (F14, F15, F16): they get their answer, and stall nobody else."""

import json
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.boot.instances import Running
from tests.boot.started import Copy
from vardkase.config.processes import wait_until

LARGEST_MB = 200
HEAD = b"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SLOW_HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
SLOW_BODY = HEAD + b'Content-Length: 1000\r\n\r\n{"what": "'
SLOW_FORM = SLOW_BODY.replace(b"/api/v1/reports", b"/rapportera").replace(b"json", b"x-www-form")


@pytest.fixture(scope="module")
def instance(copy_made: Copy) -> Iterator[Running]:
    more = {"VARDKASE_LARGEST_REQUEST_MB": str(LARGEST_MB)}
    with (
        tempfile.TemporaryDirectory(prefix="vardkase-slow-", ignore_cleanup_errors=True) as place,
        Running(copy_made(Path(place) / "data"), more=more) as started,
    ):
        started.read_until("/start/")
        yield started


def connect(instance: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", instance.port), timeout=10)


@contextmanager
def senders(instance: Running, many: int, begun: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have sent the beginning of a request, and send no more by themselves."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(instance)) for _ in range(many)]
        for sender in opened:
            sender.sendall(begun)
        time.sleep(0.3)
        yield opened


def seconds_of_a_normal_client(instance: Running, rounds: int = 30) -> float:
    """The 95th percentile over new connections."""
    taken = []
    for _ in range(rounds):
        began = time.monotonic()
        assert instance.is_healthy()
        taken.append(time.monotonic() - began)
    return sorted(taken)[int(rounds * 0.95)]


@pytest.mark.parametrize("begun", [SLOW_HEAD, SLOW_BODY, SLOW_FORM], ids=["head", "json", "form"])
def test_fifty_slow_senders_stall_nobody(instance: Running, begun: bytes) -> None:
    with senders(instance, 50, begun) as slow:
        for sender in slow:
            sender.sendall(b"a")
        assert seconds_of_a_normal_client(instance) < 1


def test_fifty_of_each_at_once_stall_nobody(instance: Running) -> None:
    with (
        senders(instance, 50, SLOW_HEAD),
        senders(instance, 50, SLOW_BODY),
        senders(instance, 50, SLOW_FORM),
    ):
        assert seconds_of_a_normal_client(instance) < 1


def test_a_sender_that_was_only_slow_gets_its_answer(instance: Running) -> None:
    body = json.dumps({"what": "Skickat långsamt"}).encode()
    with connect(instance) as sender:
        head = HEAD.replace(b"/api/v1/reports", b"/api/v1/nowhere")  # reports wait for the set-up
        sender.sendall(head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
        for at in range(0, len(body), 7):
            sender.sendall(body[at : at + 7])
            time.sleep(0.05)
        assert status_of(sender) == 404


def test_a_request_that_is_cut_off_reaches_nobody(instance: Running) -> None:
    with senders(instance, 20, SLOW_BODY):
        pass
    assert instance.is_healthy()


def test_a_request_that_says_it_is_too_large_is_refused_unread(instance: Running) -> None:
    with connect(instance) as sender:
        sender.sendall(HEAD + b"Content-Length: 9999999999\r\n\r\n")
        said = sender.recv(4096).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "application/problem+json" in said
    assert "Divide it" in said


def test_a_huge_upload_passes_by_disk_and_not_by_memory(instance: Running) -> None:
    before = memory(instance)
    chunk = b"%x\r\n" % 2**20 + b"x" * 2**20 + b"\r\n"
    with connect(instance) as sender:
        sender.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        peak = before
        for number in range(LARGEST_MB + 20):
            try:
                sender.sendall(chunk)
            except OSError:  # refused, as it should be, once it was too large
                assert number >= LARGEST_MB
                break
            if number % 20 == 0:
                peak = max(peak, memory(instance))
    assert peak - before < 80
    assert wait_until(lambda: not open_uploads(instance), seconds=5, step=0.1)


def memory(instance: Running) -> int:
    """Megabytes of the web processes, counted as if they shared nothing."""
    total = 0
    for pid, words in instance.family().items():
        if "config.web" in words:
            status = Path(f"/proc/{pid}/status").read_text()
            total += int(status.partition("RssAnon:")[2].split()[0]) // 1024
    return total


def open_uploads(instance: Running) -> list[str]:
    """Files that the web processes hold in the incoming folder; they have no name there."""
    return [
        str(link.readlink())
        for pid, words in instance.family().items()
        if "config.web" in words
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if "incoming" in str(link.readlink())
    ]


def status_of(sender: socket.socket) -> int:
    return int(sender.recv(4096).split()[1])
