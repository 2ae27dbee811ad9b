"""Questions that the ORM puts into SQL once, and that are asked with other values each time.

For those that every page or every report pays for: to build a statement of thirty columns costs
more than PostgreSQL's answer to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class Blank:
    """Where a value belongs that is given with each asking."""

    name: str


def blank(name: str) -> RawSQL:
    """A value in a condition: `filter(pk=blank("case"))`."""
    return RawSQL("%s", (Blank(name),))


def any_of(name: str) -> RawSQL:
    """One of a list of whole numbers: `filter(pk__in=any_of("cases"))`."""
    return RawSQL("SELECT unnest(%s::bigint[])", (Blank(name),))


class Built:
    """The rows of `values_list` or `values`, as psycopg reads them: JSON is text."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self.build = build

    @cached_property
    def statement(self) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.build().query.sql_with_params()
        return sql, tuple(params)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Every row, with `values` in the blanks."""
        sql, params = self.statement
        filled = [values[p.name] if isinstance(p, Blank) else p for p in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
