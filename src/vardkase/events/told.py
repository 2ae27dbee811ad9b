"""What was said about a case, each statement with the mark that counts: every page of it asks."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from vardkase.lib.built import Blank, Built

from .models import Event, Mark, Statement


@dataclass(frozen=True, slots=True)
class Marked:
    """Somebody's word on a statement; the last counts."""

    status: str
    note: str
    at: datetime
    by: str

    @classmethod
    def of(cls, row: str) -> Self:
        """PostgreSQL writes moments in JSON as ISO 8601."""
        found = json.loads(row)
        return cls(**found | {"at": datetime.fromisoformat(found["at"])})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing said, as `Statement` holds it."""

    pk: int
    question: str
    answer: str
    at: datetime
    by: str
    mark: Marked | None


def statements(case: Event) -> list[Told]:
    """All that was said, in order; one statement. Ask access before you show it."""
    return [
        Told(pk, question, answer, at, by, Marked.of(mark) if mark else None)
        for pk, question, answer, at, by, mark in STATEMENTS.rows(case=case.pk)
    ]


def built() -> QuerySet[Statement, Any]:
    last = Mark.objects.filter(statement=OuterRef("pk")).order_by("-pk")
    mark = last.values(found=JSONObject(status="status", note="note", at="at", by="by"))[:1]
    rows = Statement.objects.filter(event=Blank("case")).order_by("pk")
    return rows.values_list("pk", "question", "answer", "at", "by", Subquery(mark))


STATEMENTS = Built(built)
