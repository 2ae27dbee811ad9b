"""Keyset paging: a page starts after the last row of the page before, however many lie there."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from .text import Unstorable, storable

LONGEST = 4_000  # characters of a cursor: a name of 200 letters, each escaped, fits


class BadCursor(ValueError):
    """The cursor was not written by us, or belongs to another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """Fields that together are unique; all of them rising, or all falling.

    Their values are numbers and moments; those named in `texts` are text.
    """

    fields: tuple[str, ...]
    falling: bool = False
    texts: frozenset[str] = frozenset()

    def names(self) -> list[str]:
        return [f"-{f}" for f in self.fields] if self.falling else list(self.fields)

    def after(self, values: list[Any]) -> Q:
        """Rows beyond `values`, compared as one row so that the index is entered right there:
        (a, b) > (x, y) spelt out with `or` walks from the first a = x."""
        beyond = TupleLessThan if self.falling else TupleGreaterThan
        return Q(beyond(Tuple(*map(F, self.fields)), values))


@dataclass(frozen=True, slots=True)
class Page[M]:
    """Some rows, models or others with the fields of their order, and the cursor of the next."""

    items: list[M]
    next: str | None

    @classmethod
    def of(
        cls,
        rows: QuerySet[Any, M],
        order: Order,
        *,
        after: str | None,
        limit: int,
        drawn: QuerySet[Any, M] | None = None,
    ) -> Self:
        """The `limit` rows that follow the cursor `after`; raises `BadCursor`.

        With `drawn` the rows are first picked, by an index alone if it holds what they are
        narrowed by, and only then read, with the columns that `drawn` has.
        """
        if after:
            rows = beyond(rows, order, read(after, order))
        picked = rows.order_by(*order.names())[: limit + 1]
        if drawn is not None:
            picked = drawn.filter(pk__in=picked.values("pk")).order_by(*order.names())
        found = list(picked)
        more = len(found) > limit
        return cls(found[:limit], write(found[limit - 1], order) if more else None)


def beyond[M](rows: QuerySet[Any, M], order: Order, values: list[Any]) -> QuerySet[Any, M]:
    """The rows after `values`, which come from outside: a number where a moment belongs."""
    try:
        for name, value in zip(order.fields, values, strict=True):
            rows.filter(**{name: value})  # asked for nothing but whether the field takes it
    except (TypeError, ValueError, ValidationError) as error:
        raise BadCursor(repr(values)) from error
    return rows.filter(order.after(values))


def write(row: object, order: Order) -> str:
    values = [getattr(row, name) for name in order.fields]
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read(cursor: str, order: Order) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor[:LONGEST]) % 4))
        values = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor(cursor) from error
    if not isinstance(values, list) or len(values) != len(order.fields):
        raise BadCursor(cursor)
    return [
        plain_text(value) if name in order.texts else plain_value(value)
        for name, value in zip(order.fields, values, strict=True)
    ]


def plain_text(value: Any) -> str:
    try:
        return storable(value)
    except (TypeError, Unstorable):
        raise BadCursor(repr(value)) from None


def plain_value(value: Any) -> Any:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise BadCursor(value) from None
        if moment.tzinfo is None:
            raise BadCursor(value)
        return moment
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise BadCursor(repr(value))
    return value
