"""The front by itself: what it refuses, and what it makes of a request."""

import asyncio
import io
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vardkase.config import front
from vardkase.config.front import Answer, Front, OpenFile, environ_of, gathered, send
from vardkase.config.refusals import Refused


class Sender:
    """A client as granian shows it: pieces of a body, each after a wait of so many seconds."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for wait, piece in self.pieces:
            await asyncio.sleep(wait)
            yield piece


def scope(**headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(
        headers=given,
        method="POST",
        path="/sök",
        query_string="q=%C3%A5",
        scheme="http",
        server="127.0.0.1:8000",
        client="[::1]:5000",
        http_version="1.1",
    )


def received(folder: Path, sender: Sender, **headers: str) -> bytes:
    async def receive() -> bytes:
        ours = Front(lambda environ, start: [b""], threads=1, folder=folder, largest=200_000)
        ours.loop = asyncio.get_running_loop()
        with await ours.received(scope(**headers), sender) as body:  # type: ignore[arg-type]
            body.seek(0)
            return body.read()

    return asyncio.run(receive())


def refused(folder: Path, sender: Sender, **headers: str) -> int:
    with pytest.raises(Refused) as refusal:
        received(folder, sender, **headers)
    return refusal.value.status


def test_a_body_in_pieces_arrives_whole(tmp_path: Path) -> None:
    sender = Sender((0, b"a" * 70_000), (0.01, b"b" * 70_000))
    assert received(tmp_path, sender, content_length="140000") == b"a" * 70_000 + b"b" * 70_000
    assert received(tmp_path, sender, transfer_encoding="chunked")[-1:] == b"b"
    assert list(tmp_path.iterdir()) == []


def test_a_sender_that_stands_still_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "PAUSE", 0.05)
    assert refused(tmp_path, Sender((0, b"{"), (1, b"}")), content_length="2") == 408


def test_a_sender_that_trickles_for_ever_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "FREE_TIME", 0.1)
    trickle = Sender(*[(0.02, b"a")] * 50)
    assert refused(tmp_path, trickle, content_length="50") == 408


def test_a_cut_or_overlong_body_never_reaches_the_application(tmp_path: Path) -> None:
    assert refused(tmp_path, Sender((0, b"half")), content_length="8") == 400
    assert refused(tmp_path, Sender(), content_length="200001") == 413
    assert refused(tmp_path, Sender((0, b"a" * 200_001)), transfer_encoding="chunked") == 413


def test_uploads_leave_the_last_of_the_disk_to_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "RESERVE", 2**60)
    assert refused(tmp_path, Sender((0, b"a" * 70_000)), content_length="70000") == 503
    assert received(tmp_path, Sender((0, b"a" * 60_000)), content_length="60000")


def test_more_waiting_requests_than_can_be_served_are_turned_away(tmp_path: Path) -> None:
    async def answer() -> Answer:
        ours = Front(lambda environ, start: [b""], threads=1, folder=tmp_path, largest=1)
        ours.loop, ours.waiting = asyncio.get_running_loop(), front.WAITING
        return await ours.answered(scope(), Sender())  # type: ignore[arg-type]

    with pytest.raises(Refused) as refusal:
        asyncio.run(answer())
    assert refusal.value.status == 503


def test_the_application_sees_plain_wsgi(tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("x-a", "b")])
        return [b"ok"]

    async def answer() -> Answer:
        ours = Front(application, threads=1, folder=tmp_path, largest=100)
        ours.loop, ours.pool = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        asked = scope(content_length="2", content_type="text/plain", x_real="1")
        asked.headers["X_Forwarded_For"] = "forged"
        return await ours.answered(asked, Sender((0, b"hi")))  # type: ignore[arg-type]

    answered = asyncio.run(answer())
    assert (answered.status, answered.headers, answered.body) == (201, [("x-a", "b")], b"ok")
    assert (seen["body"], seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == (
        b"hi",
        "2",
        "text/plain",
    )
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/sök"
    assert (seen["REMOTE_ADDR"], seen["SERVER_PORT"]) == ("::1", "8000")
    assert "HTTP_X_REAL" in seen
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_cookies_in_two_headers_are_one() -> None:
    asked = scope()
    asked.headers = SimpleNamespace(items=lambda: [("cookie", "a=1"), ("cookie", "b=2")])
    assert environ_of(asked, io.BytesIO())["HTTP_COOKIE"] == "a=1; b=2"


def test_a_long_answer_leaves_its_thread_and_goes_to_disk(tmp_path: Path) -> None:
    body = gathered((b"x" * 1000 for _ in range(200)), tmp_path)
    assert not isinstance(body, bytes)
    with body:
        assert len(body.read()) == 200_000
    assert gathered([b"short"], tmp_path) == b"short"
    file = tmp_path / "evidence"
    file.write_bytes(b"bevis")
    with file.open("rb") as opened:
        handed_on = gathered(OpenFile(opened), tmp_path)
    assert not isinstance(handed_on, bytes)
    with handed_on:
        assert handed_on.read() == b"bevis"


def test_an_answer_on_disk_is_handed_over_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    protocol: Any = SimpleNamespace(
        response_file=lambda *said: sent.append(said),
        response_file_range=lambda *said: sent.append(said),
    )
    monkeypatch.setattr(front, "UNTIL_OPENED", 0.01)
    body = gathered((b"x" * 1000 for _ in range(200)), tmp_path)
    assert not isinstance(body, bytes)

    async def answer() -> None:
        send(Answer(200, [], body), protocol, asyncio.get_running_loop())
        assert Path(sent[0][2]).read_bytes() == b"x" * 200_000
        await asyncio.sleep(0.05)

    asyncio.run(answer())
    assert sent[0][1] == [("content-length", "200000")]
    assert body.closed
