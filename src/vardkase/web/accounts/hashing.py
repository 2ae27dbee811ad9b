"""Passwords cost time on purpose; here that time is kept from those who do not log in.

Argon2id with 46 MiB, 2 passes, 1 lane: 57 ms of CPU on the machine where we measured, above the
least that OWASP's Password Storage Cheat Sheet asks for (46 MiB, 1 pass). One hash at a time is at
work in each web process and a few wait; who comes after that is asked to try again, so that a
crowd at the login neither fills every thread nor takes the whole memory.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

PATIENCE = 10.0  # seconds in line before one gives up
LINE = 3  # at work and waiting, of the four threads that a process has


class Busy(Exception):
    """Too many log in just now."""


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return bool(super().verify(password, encoded))


_line = threading.BoundedSemaphore(LINE)
_work = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn; raises `Busy` when the line is full or does not move."""
    if not _line.acquire(blocking=False):
        raise Busy
    try:
        if not _work.acquire(timeout=PATIENCE):
            raise Busy
        try:
            yield
        finally:
            _work.release()
    finally:
        _line.release()
