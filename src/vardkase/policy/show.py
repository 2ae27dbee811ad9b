"""`vardkase policy show`: a parameter as plain data, ready for JSON, whole or as of one day."""

from datetime import date
from typing import Any

from vardkase.policy.parameter import NotInForce, Parameter, Version


def plain(found: Parameter) -> dict[str, Any]:
    """Everything that a policy file says, dates as ISO 8601: enough to write the file again."""
    return _head(found) | {"versions": [_row(version) for version in found.versions]}


def plain_on(found: Parameter, day: date) -> dict[str, Any]:
    """The parameter with the row in force on `day`, or None where none is."""
    try:
        row = _row(found.on(day))
    except NotInForce:
        row = None
    return _head(found) | {"on": day.isoformat(), "version": row}


def _head(found: Parameter) -> dict[str, Any]:
    return {"id": found.id, "unit": found.unit, "sv": found.sv, "en": found.en}


def _row(version: Version) -> dict[str, Any]:
    return {
        "since": version.since.isoformat(),
        "source": version.source,
        "checked": version.checked.isoformat(),
        "status": version.status,
        "value": _plain(version.value),
    }


def _plain(value: Any) -> Any:
    """Days inside a value, as those of a regime's recipients, as ISO 8601."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
