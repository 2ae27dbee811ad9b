"""The words of policy rows, and of moments, in the reader's language."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def local(row: dict[str, Any], key: str = "") -> str:
    """The words of a policy row in the reader's language: `sv`, or `hint_sv` for `hint`."""
    language = "en" if get_language() == "en" else "sv"
    found: str = row.get(f"{key}_{language}" if key else language, "")
    return found


def moment(local: datetime, form: str) -> str:
    """How a minute of local time is written, remembered: a page of a log says ninety of them.

    `form` names a format of the language, such as DATETIME_FORMAT.
    """
    minute = (local.year, local.month, local.day, local.hour, local.minute)
    return _minute(form, get_language() or "", *minute)


def stamp(at: datetime) -> str:
    """Date and time in Swedish time: "22 nov 2026 09.15"."""
    return moment(timezone.localtime(at), "DATETIME_FORMAT")


@lru_cache(maxsize=8192)
def _minute(form: str, language: str, year: int, *rest: int) -> str:
    """`rest`: month, day, hour, minute."""
    month, day, hour, minute = rest
    return date_format(datetime(year, month, day, hour, minute), form)  # noqa: DTZ001
