"""Rows into tables by COPY, completed with the defaults of their models; indexes made last."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg.types.json import Json

FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
  format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
    pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisunique AND indrelid = ANY(%s::regclass[])
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
def checked_last(connection: psycopg.Connection, tables: list[Table]) -> Iterator[None]:
    """Without the tables' indexes and foreign keys meanwhile: made at once they cost a tenth."""
    names = [[table.name for table in tables]]
    steps = [step for sql in (FOREIGN_KEYS, INDEXES) for step in connection.execute(sql, names)]
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for away, _ in steps:
        connection.execute(away)
    yield
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, back in reversed(steps):
        connection.execute(back)
