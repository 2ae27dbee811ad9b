"""The web server's front: takes in a whole request before it gives it one of the few threads.

Slow senders wait here, in an event loop, where thousands cost next to nothing; slow readers are
given files, which the server sends as fast as they are taken.
Django sees plain WSGI. Figures and the reasons: docs/decisions/0020-web-front.md.
"""

import asyncio
import contextlib
import io
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from .lane import Lane
from .refusals import Refused, refusal

Environ = dict[str, Any]
Header = tuple[str, str]
type Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

IN_MEMORY = 64 * 1024  # bytes of a request or an answer before it moves to disk
CHUNK = 256 * 1024  # bytes read from disk at a time
UNTIL_OPENED = 10  # seconds
OPEN_FILES = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
PAUSE = 20  # seconds a sender may stand still
FREE_TIME = 30  # seconds any sender may use, however little it sends
SLOWEST = 2_000  # bytes a second, on the whole, after that
RESERVE = 200 * 1024 * 1024  # bytes of disk that uploads leave to the database
LAST_RESERVE = 48 * 1024 * 1024  # that every change leaves: a database without any stops reading
READING = {"GET", "HEAD", "OPTIONS"}
WAITING = 400  # requests that may wait for a thread before more are turned away
BODILESS = {204, 304}


@dataclass(slots=True)
class Answer:
    """What the application said; a body that is a file is sent after its thread is free again."""

    status: int = 500
    headers: list[Header] = field(default_factory=list)
    body: bytes | IO[bytes] = b""


class Front:
    """An RSGI application that serves a WSGI one from a bounded pool of threads."""

    def __init__(self, application: Wsgi, *, threads: int, folder: Path, largest: int) -> None:
        self.application = application
        self.threads = threads
        self.folder = folder
        self.largest = largest
        self.waiting = 0
        self.lane = Lane(threads)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="web")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.pool.shutdown(wait=True)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        with contextlib.suppress(ProtocolClosed):
            try:
                answer = await self.answered(scope, protocol)
            except Refused as refused:
                answer = Answer(*refusal(refused, path=scope.path))
            send(answer, protocol, self.loop)

    async def answered(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        if self.waiting >= WAITING:
            raise Refused(503)
        if scope.method not in READING and self.free() < LAST_RESERVE:
            raise Refused(503)
        if self.lane.takes(scope):
            return await self.batch(scope, protocol)
        return await self.work(scope, await self.received(scope, protocol))

    async def batch(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        """What a machine sends takes its turn in a lane of its own."""
        body = await self.lane.body(declared_length(scope), protocol)
        body = body or await self.received(scope, protocol)
        try:
            async with self.lane.seat(body.seek(0, io.SEEK_END)):
                return await self.work(scope, body)
        finally:
            body.close()

    async def work(self, scope: Scope, body: IO[bytes]) -> Answer:
        """One request in a thread of the pool, its body read to the end."""
        environ = environ_of(scope, body)
        self.waiting += 1
        try:
            return await self.loop.run_in_executor(self.pool, self.call, environ)
        except OSError as full:  # the application has caught its own
            raise Refused(503) from full
        finally:
            self.waiting -= 1
            body.close()

    async def received(self, scope: Scope, protocol: HTTPProtocol) -> IO[bytes]:
        """The whole body, in memory or on disk; refused when it is too slow, too long or cut."""
        declared = declared_length(scope)
        if declared == 0:
            return io.BytesIO()
        if declared is not None and declared > self.largest:
            raise Refused(413)
        body = spool(self.folder)
        try:
            size = await self.fill(body, protocol)
            if declared is not None and size != declared:
                raise Refused(400)
        except OSError as full:
            body.close()
            raise Refused(503) from full
        except BaseException:
            body.close()
            raise
        return body

    async def fill(self, body: IO[bytes], protocol: HTTPProtocol) -> int:
        started, size = self.loop.time(), 0
        chunks = aiter(protocol)
        while True:
            left = started + FREE_TIME + size / SLOWEST - self.loop.time()
            try:
                chunk = await asyncio.wait_for(anext(chunks), min(PAUSE, max(left, 0)))
            except StopAsyncIteration:
                return size
            except TimeoutError:
                raise Refused(408) from None
            size += body.write(chunk)
            if size > self.largest:
                raise Refused(413)
            if size > IN_MEMORY and self.free() < RESERVE:
                raise Refused(503)

    def free(self) -> int:
        """Bytes left on the disk of the data folder; two microseconds."""
        return shutil.disk_usage(self.folder).free

    def call(self, environ: Environ) -> Answer:
        """One request through the application, in a thread of the pool."""
        answer = Answer()

        def start_response(status: str, headers: list[Header], _: Any = None) -> None:
            answer.status = int(status[:3])
            answer.headers = headers

        said = self.application(environ, start_response)
        try:
            answer.body = gathered(said, self.folder)
        finally:
            close = getattr(said, "close", None)
            if close:
                close()
        return answer


class OpenFile:
    """The WSGI file wrapper: an answer that lies on disk already."""

    def __init__(self, file: IO[bytes], _: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(CHUNK), b"")

    def close(self) -> None:
        self.file.close()


def gathered(said: Iterable[bytes], folder: Path) -> bytes | IO[bytes]:
    """The body whole: in memory if it is small, else in a file that no slow reader can hold up."""
    if isinstance(said, OpenFile):
        with contextlib.suppress(OSError, AttributeError):
            return os.fdopen(os.dup(said.file.fileno()), "rb")
    held, size, chunks = [], 0, iter(said)
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > IN_MEMORY:
            break
    else:
        return b"".join(held)
    body = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    for chunk in itertools.chain(held, chunks):
        body.write(chunk)
    body.seek(0)
    return cast(IO[bytes], body)


def spool(folder: Path) -> IO[bytes]:
    """A file without a name, which no kill -9 can leave behind; whoever has it closes it."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder))  # noqa: SIM115
    return cast(IO[bytes], file)


def send(answer: Answer, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
    if answer.status in BODILESS:
        protocol.response_empty(answer.status, answer.headers)
    elif isinstance(answer.body, bytes):
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    else:
        send_file(answer, answer.body, protocol, loop)


def send_file(
    answer: Answer, body: IO[bytes], protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop
) -> None:
    """The server reads the file as fast as it is taken, so a reader that stands still costs none.

    It opens the file by our descriptor, which stays open until it surely has.
    """
    start, size = body.tell(), os.fstat(body.fileno()).st_size
    path = f"{OPEN_FILES}/{body.fileno()}"
    headers = answer.headers
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers = [*headers, ("content-length", str(size - start))]
    if start:
        protocol.response_file_range(answer.status, headers, path, start, size)
    else:
        protocol.response_file(answer.status, headers, path)
    loop.call_later(UNTIL_OPENED, body.close)


def declared_length(scope: Scope) -> int | None:
    """Bytes the sender promised; None when it sends until it says that it has finished."""
    said = scope.headers.get("content-length")
    if said is not None:
        return int(said)  # the server has refused anything but digits
    return None if "transfer-encoding" in scope.headers else 0


def environ_of(scope: Scope, body: IO[bytes]) -> Environ:
    """The request as WSGI tells it."""
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(length) if length else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": OpenFile,
    }
    for name, value in scope.headers.items():
        if "_" in name or name in {"content-length", "transfer-encoding"}:
            continue  # an underscore would pass for a hyphen, and forge what a proxy sets
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ
