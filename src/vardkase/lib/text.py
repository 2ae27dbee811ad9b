"""Text from outside: what may be stored, and how odd characters are shown. No domain words."""

import re
import unicodedata

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SPOKEN = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u200e": "LRM",
    "\u200f": "RLM", "\u061c": "ALM", "\ufeff": "BOM", "\u200b": "ZWSP", "\u2028": "LS",
    "\u2029": "PS",
}  # fmt: skip


class Unstorable(ValueError):
    """The text holds NUL or half a surrogate pair, which no database row can keep."""


def storable(text: str) -> str:
    """`text` itself; raises `Unstorable` if PostgreSQL could not give it back unchanged."""
    if UNSTORABLE.search(text):
        raise Unstorable("NUL or a lone surrogate")
    return text


def is_hidden(char: str) -> bool:
    """Whether a reader would not see `char` although it changes what he reads."""
    if char in "\n\t":
        return False
    return char in SPOKEN or unicodedata.category(char) == "Cc"


def name_of(char: str) -> str:
    """What to show instead of a hidden character: its short name, or its number."""
    return SPOKEN.get(char) or f"U+{ord(char):04X}"


def pieces(text: str) -> list[tuple[bool, str]]:
    """`text` cut into (is a mark, shown text), so that hidden characters can be drawn as marks."""
    found: list[tuple[bool, str]] = []
    for char in text:
        hidden = is_hidden(char)
        if not hidden and found and not found[-1][0]:
            found[-1] = (False, found[-1][1] + char)
        else:
            found.append((hidden, name_of(char) if hidden else char))
    return found


def first_sentence(text: str, *, limit: int = 120) -> str:
    """The first sentence or line of `text`, at most `limit` characters: a title to list by."""
    line = next((row.strip() for row in text.splitlines() if row.strip()), "")
    sentence = re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rstrip() + "…"
