"""A file that waits between upload and import: one for each session, an hour, never in a page."""

import zlib
from dataclasses import dataclass, field

from django.core.cache import cache
from django.http import HttpRequest

from vardkase.lib.ids import fingerprint
from vardkase.organisation.importing import Fault, Result

HOUR = 3600


@dataclass(slots=True)
class Waiting:
    """What was uploaded, and what became of it once it was imported."""

    kind: str
    name: str
    content: bytes  # compressed
    mark: str  # the form must name this very file
    done: Result | None = field(default=None)

    @property
    def bytes(self) -> bytes:
        return zlib.decompress(self.content)


def keep(request: HttpRequest, *, kind: str, name: str, content: bytes) -> None:
    """Let the file take the place of whatever waited in this session."""
    mark = fingerprint(f"{kind} {zlib.crc32(content)} {len(content)} {name}")[:32]
    put(request, Waiting(kind, name[:200], zlib.compress(content), mark))


def put(request: HttpRequest, waiting: Waiting) -> None:
    done = waiting.done and vars_of(waiting.done)
    kept = (waiting.kind, waiting.name, waiting.content, waiting.mark, done)
    cache.set(key(request), kept, HOUR)


def vars_of(result: Result) -> tuple[int, int, int, list[tuple[int, str, str]]]:
    faults = [(fault.line, fault.heading, fault.sentence) for fault in result.faults]
    return result.new, result.changed, result.unchanged, faults


def find(request: HttpRequest, kind: str) -> Waiting | None:
    """What waits in this session, if it is of that kind."""
    kept = cache.get(key(request))
    if not kept or kept[0] != kind:
        return None
    done = None
    if kept[4]:
        new, changed, unchanged, faults = kept[4]
        done = Result(new, changed, unchanged, [Fault(*fault) for fault in faults])
    kind, name, content, mark = kept[:4]
    return Waiting(kind, name, content, mark, done)


def key(request: HttpRequest) -> str:
    return f"import.{fingerprint(request.session.session_key or '')[:40]}"
