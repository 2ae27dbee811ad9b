"""The same stock as in tests/incidents."""

from tests.incidents.conftest import (
    assessor,
    by_ingrid,
    hugo,
    incident,
    ingrid,
    make,
    server,
    stranger,
)

__all__ = ["assessor", "by_ingrid", "hugo", "incident", "ingrid", "make", "server", "stranger"]
