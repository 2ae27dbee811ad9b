"""Changing a row field by field: what may be stored there, and what the log says of it.

values = cleaned(Unit, {"name": " Arkivet ", "phone": ""}, FIELDS)
changed = apply(unit, values)        # {"name": ["Arkiv", "Arkivet"]}: before and after
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, TextField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .text import Unstorable, storable

type Sentence = str | Promise
type Changed = dict[str, list[Any]]


class Refused(ValueError):
    """The change breaks a rule; `errors` says what to do, by field ("" concerns the whole)."""

    def __init__(self, errors: Mapping[str, Sentence] | Sentence) -> None:
        self.errors = dict(errors) if isinstance(errors, Mapping) else {"": errors}
        super().__init__("; ".join(f"{k}: {v}" if k else str(v) for k, v in self.errors.items()))


def cleaned(model: type[Model], values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """`values` as the columns of `model` may hold them; only `fields` may be named.

    Raises `Refused` with a sentence for each field that may not be stored so.
    """
    foreign = set(values) - set(fields)
    if foreign:
        raise Refused({name: _("This cannot be changed here.") for name in sorted(foreign)})
    found, errors = dict[str, Any](), dict[str, Sentence]()
    for name, value in values.items():
        try:
            found[name] = storable_value(model, name, value)
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
    if errors:
        raise Refused(errors)
    return found


def storable_value(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if isinstance(value, str):
        value = trimmed(value, lines=isinstance(field, TextField))
    if isinstance(field, ForeignKey):  # the caller has found the row; here it may only be missing
        if value is None and not field.null:
            raise ValidationError(field.error_messages["null"], code="null")
        return value
    return field.clean(value, None)  # type: ignore[union-attr]


def trimmed(text: str, *, lines: bool) -> str:
    """`text` without space around it, with one kind of line break, or none where one line is."""
    try:
        plain = storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    except Unstorable:
        raise ValidationError(
            _("The text holds characters that cannot be stored. Write it again.")
        ) from None
    return plain if lines else " ".join(plain.split("\n"))


def apply(row: Model, values: Mapping[str, Any]) -> Changed:
    """Set `values` on `row`, unsaved, and tell what differs as {field: [before, after]}."""
    changed: Changed = {}
    for name, value in values.items():
        before = plain(getattr(row, row._meta.get_field(name).attname))  # type: ignore[union-attr]
        after = plain(value)
        if before != after:
            changed[name] = [before, after]
            setattr(row, name, value)
    return changed


def plain(value: Any) -> Any:
    """`value` as the log can hold it: a row by its id, a time as ISO 8601."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return value


def fingerprint(row: Model, fields: Iterable[str]) -> str:
    """What `fields` of `row` hold now, so that a form can tell that another changed them."""
    known = {name: plain(getattr(row, row._meta.get_field(name).attname)) for name in fields}  # type: ignore[union-attr]
    text = json.dumps(known, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
