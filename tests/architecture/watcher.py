"""Looks at every SQL statement while a door answers: no write outside a decision, none on a GET."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse

from tests.database import working_role
from vardkase.decisionlog.services import deciding

WRITES = re.compile(
    r"(?<!FOR )(?<!KEY )(?<!DO )\b"
    r"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|COPY)"
    r'\s+(?:ONLY\s+)?"?(\w+)"?',
    re.IGNORECASE,
)
# No decision: whoever logs in, is counted, is remembered by a browser, or waits in a queue; and
# what machines say, in bulk, before anybody has looked.
BOOKKEEPING = re.compile(
    r"detections_(detection|hourly|raw|batch)|delivery_(notice|sending)|cache"
    r"|lib_(beat|rate|session)|django_tasks_database_\w+|account_\w+|mfa_\w+"
)
LAST_LOGIN = re.compile(r'UPDATE "organisation_person" SET "last_login" = %s WHERE')
SAFE = ("GET", "HEAD", "OPTIONS")

type Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


@cache
def written(sql: str) -> list[str]:
    """The domain tables that `sql` writes."""
    if LAST_LOGIN.match(sql):
        return []
    return [table for table in WRITES.findall(sql) if not BOOKKEEPING.fullmatch(table.lower())]


@dataclass
class Watcher:
    """What doors wrote that they should not have."""

    faults: list[str] = field(default_factory=list)

    def look(self, method: str, sql: str) -> None:
        tables = written(sql)
        if tables and not deciding.get():
            self.fail(f"written outside a decision: {', '.join(tables)}: {sql}")
        if method in SAFE and any(not table.startswith("decisionlog_") for table in tables):
            self.fail(f"{method} changed {', '.join(tables)}: {sql}")

    def fail(self, fault: str) -> None:
        self.faults.append(fault)  # told again at the end, in case the door swallows it
        raise AssertionError(fault)

    @contextmanager
    def watching(self, method: str) -> Iterator[None]:
        def wrapper(execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
            self.look(method, sql if isinstance(sql, str) else str(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(wrapper):
            yield


@contextmanager
def watched_doors(monkeypatch: Any) -> Iterator[Watcher]:
    """Every request that Django answers meanwhile is watched, with the working role's rights."""
    watcher, answer = Watcher(), BaseHandler.get_response

    def get_response(self: BaseHandler, request: HttpRequest) -> HttpResponse:
        with working_role(), watcher.watching(str(request.method)):
            return answer(self, request)

    monkeypatch.setattr(BaseHandler, "get_response", get_response)
    yield watcher
    assert not watcher.faults, watcher.faults
