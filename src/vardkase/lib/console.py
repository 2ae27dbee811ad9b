"""The words of the console, in the language of whoever sits there; Django need not be there."""

import gettext as catalogues
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "web" / "locale"


def language() -> str:
    """The language of what is said to people at the console: Swedish if theirs is, else English."""
    chosen = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "sv" if chosen.startswith("sv") else "en"


@cache
def words(language: str) -> catalogues.NullTranslations:
    """The catalogue; where it has not been compiled yet, English."""
    return catalogues.translation("django", LOCALE, [language], fallback=True)


def noop(sentence: str) -> str:
    """Marks a sentence that is translated when it is said."""
    return sentence


def gettext(sentence: str) -> str:
    return words(language()).gettext(sentence)
