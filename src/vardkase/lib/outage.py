"""Whether an error is the machine's: a database that is away or too slow, a disk that is full."""

import errno

from django.db import InterfaceError, OperationalError
from psycopg.errors import QueryCanceled

FULL = {errno.ENOSPC, errno.EDQUOT}


def is_outage(error: BaseException | None) -> bool:
    """Nothing was stored, and trying again later will help."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, OperationalError | InterfaceError)


def is_too_slow(error: BaseException | None) -> bool:
    """The database gave up on a question that took too long: asking for less will help."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)
