"""Questions that the ORM puts into SQL once, and that are asked with other values each time.

For those that every page or every report pays for: to build a statement of thirty columns costs
more than PostgreSQL's answer to it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet


class Blank(Expression):
    """A value that is given with each asking: `filter(pk=Blank("case"))`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class AnyOf(Func):
    """A field that is one of some whole numbers: `filter(AnyOf("asset", "assets"))`.

    Written so that the planner sees how many rows they have.
    """

    template, arg_joiner = "%(expressions)s::bigint[])", " = ANY("
    output_field = BooleanField()

    def __init__(self, field: str, name: str) -> None:
        super().__init__(F(field), Blank(name))


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
