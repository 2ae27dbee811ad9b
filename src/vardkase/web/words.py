"""The words of policy rows, in the reader's language."""

from typing import Any

from django.utils.translation import get_language


def local(row: dict[str, Any], key: str = "") -> str:
    """The words of a policy row in the reader's language: `sv`, or `hint_sv` for `hint`."""
    language = "en" if get_language() == "en" else "sv"
    found: str = row.get(f"{key}_{language}" if key else language, "")
    return found
