"""Rows into tables by COPY, completed with the defaults of their models; indexes made last."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg.types.json import Json

INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relname = ANY(%s) AND NOT i.indisunique
"""


class Table:
    """A model's table, whose rows come as values of the named `columns`."""

    def __init__(self, model: type[Model], *columns: str) -> None:
        fields = [f for f in model._meta.concrete_fields if not f.generated]
        known = {f.column: f for f in fields}
        self.name = model._meta.db_table
        self.columns = [known.pop(column).column for column in columns]
        self.filled = [
            (column, self.value(field))
            for column, field in known.items()
            if field.has_default() or (field.blank and field.empty_strings_allowed)
        ]

    def value(self, field: Any) -> Any:
        found = field.get_default() if field.default is not NOT_PROVIDED else ""
        return Json(found) if isinstance(field, JSONField) else found

    def copy(self, cursor: psycopg.Cursor, rows: Iterable[Sequence[Any]]) -> None:
        names = ", ".join(f'"{c}"' for c in [*self.columns, *(name for name, _ in self.filled)])
        rest = tuple(value for _, value in self.filled)
        with cursor.copy(f"COPY {self.name} ({names}) FROM STDIN") as target:  # type: ignore[arg-type]
            for row in rows:
                target.write_row((*row, *rest))


@contextlib.contextmanager
def indexes_last(connection: psycopg.Connection, tables: list[Table]) -> Iterator[None]:
    """Without the tables' indexes meanwhile, but for those that hold rows apart."""
    found = connection.execute(INDEXES, [[table.name for table in tables]]).fetchall()  # type: ignore[arg-type]
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]
    yield
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in found:
        connection.execute(definition)
