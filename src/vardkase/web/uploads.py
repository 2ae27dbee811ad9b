"""Files on their way in: hashed and bounded while they stream to disk, held while a form waits.

A view that takes files says `uploads.expect(request)` before anything reads `request.POST`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils import timezone

from vardkase.lib import files
from vardkase.lib.files import Received
from vardkase.policy.parameter import parameter

MEGABYTE = 1024 * 1024
HELD = 24 * 3600  # seconds that a file waits for its form to be sent again
NOT_STORED = "not_stored"  # the fault is ours: the disk is full or away
SALT = "held upload"


class Upload(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """What came of one file: `received`, or the `fault` that it had."""

    def __init__(self, name: str, size: int, *, received: Received | None, fault: str) -> None:
        super().__init__(None, name, None, size)
        self.given, self.bytes = name, size
        self.received = received
        self.fault = fault

    def close(self) -> None:
        """At the end of the request: what nobody kept or held goes."""
        if self.received:
            files.forget(self.received)

    def hold(self, received: Received) -> str:
        """A ticket by which the next form has the file, without sending it again."""
        self.received = None
        row = [received.path.name, received.name, received.size, received.sha256]
        return signing.dumps(row, salt=SALT, compress=True)


class Lost(LookupError):
    """The ticket is not ours, too old, or its file has gone."""


def held(ticket: str) -> Received:
    """The file that a ticket stands for; raises `Lost`."""
    try:
        name, given, size, sha256 = signing.loads(ticket, salt=SALT, max_age=HELD)
    except signing.BadSignature as error:
        raise Lost(ticket) from error
    found = Received(settings.FILES / "incoming" / name, given, size, sha256)
    if not (found.path.exists() or files.place(settings.FILES, sha256).exists()):
        raise Lost(given)
    return found


def name_in(ticket: str) -> str:
    """What the file of a ticket was called, for a message about it."""
    with suppress(signing.BadSignature):
        return str(signing.loads(ticket, salt=SALT)[1])
    return ""


class Receiver(FileUploadHandler):
    """Writes each file to `incoming/`; one that is too large or cannot be written is let pass by,
    so that the text of the same form still arrives."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.limits: dict[str, int] = parameter("report.files").at(timezone.now()).value
        self.together = self.count = 0
        self.file: BinaryIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        self.size, self.digest = 0, hashlib.sha256()
        self.fault = "too_many" if self.count > self.limits["number"] else ""
        self.path = settings.FILES / "incoming" / "none"
        if not self.fault:
            try:
                self.path = files.new_path(settings.FILES)
                self.file = self.path.open("xb")
            except OSError:
                self.fault = NOT_STORED

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        self.together += len(raw_data)
        if self.file is None:
            return
        if self.size > self.limits["each"] * MEGABYTE:
            self.give_up("too_large")
        elif self.together > self.limits["together"] * MEGABYTE:
            self.give_up("too_much")
        else:
            self.write(self.file, raw_data)

    def write(self, file: BinaryIO, raw_data: bytes) -> None:
        self.digest.update(raw_data)
        try:
            file.write(raw_data)
        except OSError:
            self.give_up(NOT_STORED)

    def give_up(self, fault: str) -> None:
        self.fault = fault
        if self.file:
            with suppress(OSError):
                self.file.close()
            self.file = None
            self.path.unlink(missing_ok=True)

    def file_complete(self, file_size: int) -> Upload:
        if self.file:
            try:
                self.file.close()
            except OSError:
                self.give_up(NOT_STORED)
            self.file = None
        name, received = self.file_name or "", None
        if not self.fault:
            received = Received(self.path, name, self.size, self.digest.hexdigest())
        return Upload(name, self.size, received=received, fault=self.fault)

    def upload_interrupted(self) -> None:
        if self.file:
            self.give_up("interrupted")


def expect(request: HttpRequest) -> None:
    """Take files by `Receiver`; before anything has read the form."""
    request.upload_handlers = [Receiver(request)]


def uploads(request: HttpRequest, field: str) -> Iterator[Upload]:
    """The files that came in `field`."""
    for one in request.FILES.getlist(field):
        if isinstance(one, Upload):
            yield one
