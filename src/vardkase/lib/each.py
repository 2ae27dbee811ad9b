"""The same for each of many rows that wait: one that fails does not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)


def each[T](rows: Iterable[T], verb: Callable[[T], int]) -> int:
    """The sum of what `verb` gave; without a database nothing goes on, and its error is raised."""
    total = 0
    for row in rows:
        try:
            total += verb(row)
        except (OperationalError, InterfaceError, OSError):
            raise
        except Exception:
            log.exception("%s could not be done, and is tried again", row)
    return total
