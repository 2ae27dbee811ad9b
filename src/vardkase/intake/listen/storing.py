"""What a storing process does with the lines that a listener hands it."""

import ctypes
import logging
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

import django
from django.db import DataError, Error, IntegrityError, close_old_connections

from vardkase.detections.rules import Batch
from vardkase.detections.storage import store

from ..batch import take_in_each
from ..registry import source

PR_SET_PDEATHSIG = 1
log = logging.getLogger(__name__)


def prepare() -> None:
    """Once a process: it ends with its parent, kill -9 included, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    django.setup()


def keep(name: str, messages: Sequence[bytes], at: datetime) -> int:
    """Store the messages, all of them; durable when it returns how many they were."""
    close_old_connections()
    return _kept(name, messages, at)


def _kept(name: str, messages: Sequence[bytes], at: datetime) -> int:
    """A message that nothing can be made of is found by halving, and takes no other with it.
    Raises what is the database's own trouble, and passes."""
    try:
        return take_in_each(source(name), messages, received_at=at).received
    except (DataError, IntegrityError) as refused:
        fault: Exception = refused
    except (Error, OSError):
        raise
    except Exception as poison:  # a job's loop: the messages after it must come in
        fault = poison
    if len(messages) > 1:
        middle = len(messages) // 2
        return _kept(name, messages[:middle], at) + _kept(name, messages[middle:], at)
    log.error("a message of %s was set aside: %s", name, type(fault).__name__)
    batch = Batch(name, at)
    batch.put_aside(1, messages[0], f"it cannot be stored: {type(fault).__name__}")
    store(batch)
    return 1
