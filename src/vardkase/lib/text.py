"""Text from outside: what may be stored, and how odd characters are shown. No domain words."""

import re
from difflib import SequenceMatcher
from typing import Any

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SPOKEN = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u200e": "LRM",
    "\u200f": "RLM", "\u061c": "ALM", "\ufeff": "BOM", "\u200b": "ZWSP", "\u2028": "LS",
    "\u2029": "PS",
}  # fmt: skip
HIDDEN = re.compile(f"([{''.join(SPOKEN)}\x00-\x08\x0b-\x1f\x7f-\x9f])")  # but not \n and \t


class Unstorable(ValueError):
    """The text holds NUL or half a surrogate pair, which no database row can keep."""


def storable(text: str) -> str:
    """`text` itself; raises `Unstorable` if PostgreSQL could not give it back unchanged."""
    if UNSTORABLE.search(text):
        raise Unstorable("NUL or a lone surrogate")
    return text


def is_hidden(char: str) -> bool:
    """Whether a reader would not see `char` although it changes what he reads."""
    return HIDDEN.fullmatch(char) is not None


def is_plain(text: str) -> bool:
    """Whether `text` can be shown as it is."""
    return HIDDEN.search(text) is None


def name_of(char: str) -> str:
    """What to show instead of a hidden character: its short name, or its number."""
    return SPOKEN.get(char) or f"U+{ord(char):04X}"


def pieces(text: str) -> list[tuple[bool, str]]:
    """`text` cut into (is a mark, shown text), so that hidden characters can be drawn as marks."""
    plain = text.replace("\r\n", "\n")  # browsers send a line's end as both
    parts = HIDDEN.split(plain)  # plain text and hidden characters by turns
    return [(bool(i % 2), name_of(p) if i % 2 else p) for i, p in enumerate(parts) if p]


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """`new` against `old` as ("same" | "gone" | "added", text), word by word.

    Texts of very many words are compared line by line, so that the work stays bounded.
    """
    cut = r"(\s+)" if len(old) + len(new) < 10_000 else r"(\n)"
    before, after = re.split(cut, old), re.split(cut, new)
    found: list[tuple[str, str]] = []
    for how, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(("same", "".join(before[i:j])))
            continue
        found += [("gone", "".join(before[i:j])), ("added", "".join(after[k:m]))]
    return [(how, text) for how, text in found if text]


def first_sentence(text: str, *, limit: int = 120) -> str:
    """The first sentence or line of `text`, at most `limit` characters: a title to list by."""
    line = next((row.strip() for row in text.splitlines() if row.strip()), "")
    sentence = re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rstrip() + "…"


def named(value: Any) -> Any:
    """`value` without a single hidden character: each is named instead."""
    if isinstance(value, str):
        return "".join(f"[{piece}]" if hidden else piece for hidden, piece in pieces(value))
    if isinstance(value, dict):
        return {name: named(part) for name, part in value.items()}
    return [named(part) for part in value] if isinstance(value, list) else value
