"""Which passwords are too easy to guess. Pure: no list is asked over the network."""

import re
import unicodedata
from collections.abc import Iterable

LEET = str.maketrans("013457@$!€", "oleastasie")
LEFT = 5  # letters that must remain when everything easily guessed is taken away


def is_guessable(password: str, words: Iterable[str]) -> bool:
    """Whether little is left of `password` without `words`, digits, signs and repetitions.

    `words` are those that everybody tries first, and those about this organisation and person.
    """
    known = sorted({letters(folded(word)) for word in words}, key=len, reverse=True)
    readings = (folded(password), folded(password).translate(LEET))
    return any(len(left(letters(reading), known)) < LEFT for reading in readings)


def folded(text: str) -> str:
    """`text` without case and accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def left(text: str, known: Iterable[str]) -> str:
    """What is not a known word, each repetition and run of the alphabet counted once."""
    for word in known:
        if len(word) >= 3:
            text = text.replace(word, "")
    once = re.sub(r"(.{1,6}?)\1+", r"\1", text)
    return "".join(c for i, c in enumerate(once) if i == 0 or ord(c) - ord(once[i - 1]) != 1)
