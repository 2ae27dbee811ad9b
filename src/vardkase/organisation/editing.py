"""How a row of the world is added and changed: checked, decided, logged with before and after."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.lib.changes import Refused, apply, cleaned, fingerprint, plain


class Overtaken(Refused):
    """Somebody else changed the row since the form was drawn; `current` is how it stands."""

    def __init__(self, current: Model) -> None:
        super().__init__(_("Somebody else changed this while you wrote. Compare, and save again."))
        self.current = current


def add[M: Model](
    row: M, values: Mapping[str, Any], *, fields: Iterable[str], kind: str, scope: Scope,
    by: Actor, at: datetime,
) -> M:  # fmt: skip
    """Store the new `row` with `values`; raises `Refused`."""
    ready = cleaned(type(row), values, fields)
    with decision(kind, scope=scope, by=by, at=at) as log:
        for name, value in ready.items():
            setattr(row, name, value)
        check(row)
        row.save(force_insert=True)
        log.note(**{word(row): row.pk}, added={k: plain(v) for k, v in ready.items()})
    return row


def edit[M: Model](
    row: M, values: Mapping[str, Any], *, fields: Iterable[str], kind: str, scope: Scope,
    by: Actor, at: datetime, seen: str = "",
) -> M:  # fmt: skip
    """Change `row`, and leave no entry if nothing differs.

    `seen` is the fingerprint that the form was drawn with. Raises `Refused`, `Overtaken`.
    """
    ready = cleaned(type(row), values, fields)
    if not apply(stored(row), ready):
        return row
    with decision(kind, scope=scope, by=by, at=at) as log:
        current = stored(row)
        if seen and seen != fingerprint(current, fields):
            raise Overtaken(current)
        changed = apply(current, ready)
        check(current)
        current.save(update_fields=list(changed) or None)
        log.note(**{word(row): row.pk}, changed=changed)
    return current


def stored[M: Model](row: M) -> M:
    """The row as it stands in the database now."""
    found: M = type(row)._default_manager.get(pk=row.pk)
    return found


def check(row: Model) -> None:
    """Ask the database's own rules before it would answer with an error of its own."""
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(
            {"" if k == "__all__" else k: " ".join(v) for k, v in error.message_dict.items()}
        ) from error


def word(row: Model) -> str:
    """What the log calls the row: `unit`, `person`, `asset`."""
    return row._meta.model_name or ""
