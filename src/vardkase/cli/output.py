"""What a command says: results on stdout, progress and complaints on stderr."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sized
from enum import IntEnum
from typing import Any

from vardkase.lib.console import gettext as _


class Exit(IntEnum):
    """Exit codes; scripts rely on them."""

    OK = 0
    FAILED = 1
    WRONG_USE = 2
    FOUND_PROBLEMS = 3
    PARTLY_DONE = 4
    INTERRUPTED = 130


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(answer: Any) -> None:
    """One JSON value; times as ISO 8601, other things by their own words."""
    say(json.dumps(answer, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def complain(sentence: str, *, fix: str) -> None:
    """An error, ending with the command that mends it."""
    told(coloured(_("Error"), "31"), sentence, fix)


def warn(sentence: str, *, fix: str) -> None:
    told(coloured(_("Take note"), "33"), sentence, fix)


def told(word: str, sentence: str, fix: str) -> None:
    sys.stderr.write(f"{word}: {sentence}\n  {coloured(_('Fix'), '36')}: {fix}\n")


def coloured(text: str, code: str) -> str:
    if os.environ.get("NO_COLOR") or not sys.stderr.isatty():
        return text
    return f"\033[{code}m{text}\033[0m"


def progress[T](things: Iterable[T], *, of: str) -> Iterator[T]:
    """Pass `things` on, counting them on a terminal and silent elsewhere."""
    total = f" of {len(things)}" if isinstance(things, Sized) else ""
    shown = sys.stderr.isatty()
    for number, thing in enumerate(things, 1):
        if shown:
            sys.stderr.write(f"\r{of}: {number}{total} ")
        yield thing
    if shown:
        sys.stderr.write("\n")
