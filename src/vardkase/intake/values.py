"""Reading what others wrote without trusting it: texts, numbers, times, paths. Never raises.

Texts come out bounded and free of NUL and lone surrogates; what cannot be read is empty or None.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from vardkase.detections.rules import OLDEST
from vardkase.lib.text import UNSTORABLE

TITLE = 300  # characters
TEXT = 300  # a host, a rule, an account
FIELD = 2_000  # one of the other fields
FIELDS = 80  # other fields of one alert
LIST = 20  # elements of a list that are shown in one field
EARLIEST, LATEST = OLDEST.year, 2200  # years that a clock may tell
FORMS = ("%b %d, %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%Y %b %d %H:%M:%S",
         "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y, %I:%M:%S.%f %p")  # fmt: skip
_PORT = re.compile(r":\d{1,5}$")
_COUNT = re.compile(r"(?<!\S)[.,:%]*+\d[\d.,:%]*+(?!\S)")
_HTML = re.compile(r"<[^<>]{0,200}>")


def clean(text: str, limit: int = TEXT) -> str:
    """`text` as it can be stored: a character that cannot be is shown as U+FFFD."""
    bounded = text[:limit]
    if bounded.isascii() and "\0" not in bounded:
        return bounded
    return UNSTORABLE.sub("\ufffd", bounded) if UNSTORABLE.search(bounded) else bounded


def text(value: Any, limit: int = TEXT) -> str:
    """`value` in words: a list by its elements, true and false as JSON writes them."""
    if isinstance(value, str):
        if len(value) <= limit and value.isascii() and "\0" not in value:
            return value.strip()
        return clean(value, limit).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_in_words(value)[:limit]
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (text(v, limit) for v in value[:LIST])))[:limit]
    return clean(_dumped(value), limit)


def _number_in_words(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _dumped(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError, TypeError):
        return ""


def line(value: Any, limit: int = TITLE) -> str:
    """`value` on one line."""
    return " ".join(text(value, limit * 2).split())[:limit]


def sort(title: str) -> str:
    """A title without the counts that each message has its own of: `7 failed logons`."""
    return _COUNT.sub("#", title)


def unmarked(value: Any, limit: int = FIELD) -> str:
    """`value` without the HTML tags that a scanner puts into its texts."""
    return line(_HTML.sub(" ", text(value, limit * 2)), limit)


def number(value: Any) -> float | None:
    """`value` as a finite number: 7, "7", "7,5", " 7.5 "."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if -1e18 < found < 1e18 else None


def table(value: Any) -> dict[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; an object alone is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


class Flat(dict[str, Any]):
    """What was wanted of a document, by its whole paths: nothing lies deeper."""


class Wanted:
    """Paths that are looked for together, in one walk over what a document holds."""

    def __init__(self, *paths: str) -> None:
        self.tree = _tree({path: path for path in paths})

    def __call__(self, document: dict[str, Any]) -> Flat:
        found = Flat()
        _gather(document, self.tree, found)
        return found


type Tree = tuple[dict[str, str], dict[str, "Tree"]]


def _tree(rest: dict[str, str]) -> Tree:
    below: dict[str, dict[str, str]] = {}
    for tail, path in rest.items():
        dot = tail.find(".")
        while dot > 0:
            below.setdefault(tail[:dot], {})[tail[dot + 1 :]] = path
            dot = tail.find(".", dot + 1)
    return rest, {key: _tree(inner) for key, inner in below.items()}


def _gather(document: dict[str, Any], tree: Tree, found: Flat) -> None:
    whole, below = tree
    for key, value in document.items():
        if key in whole and value is not None:
            found.setdefault(whole[key], value)
        if key in below and isinstance(value, dict):
            _gather(value, below[key], found)


def at(document: Any, path: str) -> Any:
    """What lies under `path`, its dots being levels, part of a key, or both by turns."""
    if not isinstance(document, dict):
        return None
    if path in document:
        return document[path]
    dot = path.find(".")
    while dot > 0:
        head = path[:dot]
        if head in document:
            found = at(document[head], path[dot + 1 :])
            if found is not None:
                return found
        dot = path.find(".", dot + 1)
    return None


def _getter(document: Any) -> Callable[[str], Any]:
    return document.get if type(document) is Flat else partial(at, document)


def first(document: Any, *paths: str) -> Any:
    """The first of the paths that holds something."""
    for path in paths:
        found = at(document, path)
        if found is not None and found != "" and found != []:
            return found
    return None


def one(value: Any) -> Any:
    """The first of a list, or the value itself."""
    return (value[0] if value else None) if isinstance(value, list) else value


def words(document: Any, *paths: str, limit: int = TEXT) -> str:
    """The first of the paths that holds something, in words."""
    get = _getter(document)
    for path in paths:
        found = get(path)
        if found is not None and (told := text(one(found), limit)) and told != "-":
            return told
    return ""


def fields(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """What is not empty of `pairs`, in words, and not more than can be shown."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if len(found) >= FIELDS:
            break
        if told := text(value, FIELD):
            found[clean(str(name), 120)] = told
    return found


def chosen(document: Any, *paths: str) -> dict[str, str]:
    """What lies under `paths`, by their own names."""
    get = _getter(document)
    return {
        path: told
        for path in paths
        if (found := get(path)) is not None and (told := text(found, FIELD))
    }


def leaves(value: Any, name: str = "", depth: int = 8) -> Iterator[tuple[str, Any]]:
    """Every value of an object by its dotted path; what lies deeper than `depth` is left out."""
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}" if name else str(key), depth - 1)
    elif name and not isinstance(value, dict):
        yield name, value


def host(value: Any) -> str:
    """A host without the port after it, `srv1:9100`, `[::1]:80`, and as Windows writes IPv4."""
    told = text(value)
    if told[:7].lower() == "::ffff:" and "." in told:
        told = told[7:]
    if told.startswith("[") and "]" in told:
        return told[1 : told.index("]")]
    return _PORT.sub("", told) if told.count(":") == 1 else told


def host_of_url(value: Any) -> str:
    """The host that an address of the web names; the text itself if it names none."""
    told = text(value, FIELD)
    _scheme, found, rest = told.partition("://")
    bare = rest if found else told
    return host(bare.partition("/")[0].rpartition("@")[2])[:TEXT]


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """A time as aware UTC: ISO 8601, RFC 2822, or seconds to nanoseconds since 1970.

    One that tells no zone is taken to be of `zone`.
    """
    found = _written(value, zone) if isinstance(value, str) else _counted(value)
    try:
        told = found.astimezone(UTC) if found else None
    except (OverflowError, ValueError, OSError):
        return None
    return told if told and EARLIEST <= told.year <= LATEST else None


def _written(value: str, zone: tzinfo) -> datetime | None:
    told = value.strip()[:64]
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return _otherwise(told, zone)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _otherwise(told: str, zone: tzinfo) -> datetime | None:
    if (count := number(told)) is not None:
        return _counted(count)
    for form in FORMS:
        try:
            return datetime.strptime(told, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        found = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _counted(value: Any) -> datetime | None:
    count = number(value)
    if count is None or count <= 0:
        return None
    while count > 1e11:  # milli-, micro-, nanoseconds
        count /= 1000
    try:
        return datetime.fromtimestamp(count, UTC)
    except (OverflowError, ValueError, OSError):
        return None
