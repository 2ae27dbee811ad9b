"""Questions that the ORM puts into SQL once, and that are asked with other values each time.

For those that every page or every report pays for: to build a statement of thirty columns, and to
plan it, costs more than PostgreSQL's answer to it.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.psycopg_any import mogrify
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
    """A question with blanks. PostgreSQL plans it once for each connection, unless it is
    `planned_anew`: for those whose best plan depends on what the blanks are filled with."""

    def __init__(
        self, build: Callable[[], QuerySet[Any, Any]], *, planned_anew: bool = False
    ) -> None:
        self.build, self.planned_anew = build, planned_anew

    @cached_property
    def put(self) -> "Put":
        """Put into SQL, where what is the same each time stands written."""
        question = self.build()
        compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        blanks = [param.name for param in params if isinstance(param, Blank)]
        return Put(
            question, compiler, sql.replace("%%", "%%%%") % tuple(map(written, params)), blanks
        )

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Every row of a `values_list`, with `values` in the blanks, as psycopg reads them: JSON
        is text."""
        return ask(self.put.sql, [values[name] for name in self.put.blanks], anew=self.planned_anew)

    def objects(self, **values: Any) -> list[Any]:
        """The same as instances of the model, with what `select_related` names."""
        rows, compiler, found = (
            self.rows(**values),
            copy(self.put.compiler),
            self.put.question.all(),
        )
        compiler.connection, compiler.execute_sql = connection, lambda **_: [rows]
        found.query.get_compiler = lambda **_: compiler
        return list(found)


class Put(NamedTuple):
    question: Any
    compiler: Any  # knows which columns are whose
    sql: str
    blanks: list[str]  # in the order of the SQL


def ask(sql: str, params: Any, *, anew: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a statement that is planned once for each connection, or `anew`."""
    with connection.cursor() as cursor:
        if not anew:  # the values go beside the statement, so that it is the same each time
            cursor.cursor = ServerBindingCursor(cursor.connection)  # type: ignore[call-arg]
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def written(param: Any) -> str:
    if isinstance(param, Blank):
        return "%s"
    return str(mogrify("%s", [param], connection)).replace("%", "%%")
