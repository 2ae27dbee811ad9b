"""A line of the Common Event Format (ArcSight CEF, versions 0 and 1) taken apart.

CEF:Version|Device Vendor|Device Product|Device Version|Event Class ID|Name|Severity|Extension
"""

import re
from itertools import islice, zip_longest
from typing import NamedTuple

from ..source import NotUnderstood

HEADER = (
    *("version", "deviceVendor", "deviceProduct", "deviceVersion"),
    *("deviceEventClassId", "name", "severity"),
)
MOST = 1_000  # pairs of one line that are read
NEEDED = 6  # a line cut after the name still says what happened
_START = re.compile(r"(?<![A-Za-z0-9])CEF:[ ]?(?=[0-9]{1,3}(?:\.[0-9]{1,3})?[ ]?\|)")
_FIELD = re.compile(r"((?:[^|\\]|\\.)*+\\?)(\||$)", re.DOTALL)
_KEY = re.compile(r"(?<![^\s|])([\w][\w.\-\[\]]{0,100})=")
_HEADER_ESCAPE = re.compile(r"\\([|\\])")
_ESCAPE = re.compile(r"\\([=|\\nr])")
_ESCAPED = {"n": "\n", "r": "\r"}


class Event(NamedTuple):
    before: str  # the envelope
    header: dict[str, str]
    extension: list[tuple[str, str]]


def read_line(text: str) -> Event:
    """The parts of the line; raises `NotUnderstood`."""
    start = _START.search(text)
    if start is None:
        raise NotUnderstood("There is no header CEF:0|...|: not a CEF line.")
    values, at = barred(text, start.end(), len(HEADER))
    if len(values) < NEEDED or not any(values[1:]):
        raise NotUnderstood(f"A CEF header has seven parts between |; here are {len(values)}.")
    values += [""] * (len(HEADER) - len(values))
    values = [_HEADER_ESCAPE.sub(r"\1", value) for value in values]
    return Event(text[: start.start()], dict(zip(HEADER, values, strict=True)), pairs(text[at:]))


def barred(text: str, at: int, most: int) -> tuple[list[str], int]:
    """The values between bars from there on, at most so many, and what comes after them."""
    values: list[str] = []
    while len(values) < most and (field := _FIELD.match(text, at)):
        values.append(field[1].strip())
        at = field.end()
        if not field[2]:
            break
    return values, at


def pairs(text: str) -> list[tuple[str, str]]:
    """The extension: a value ends where a space and the next key with its = begin."""
    found = []
    keys = list(islice(_KEY.finditer(text), MOST))
    for key, after in zip_longest(keys, keys[1:]):
        value = text[key.end() : after.start() if after else len(text)]
        found.append((key[1], unescaped(value)))
    return found


def unescaped(value: str) -> str:
    """Without the format's escapes, and without those of syslog daemons (`#012` is a line feed)."""
    if "\\" in value:
        value = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value)
    if "#01" in value:
        value = value.replace("#012", "\n").replace("#015", "").replace("#011", "\t")
    value = value.strip()
    is_quoted = value.count('"') == 2 and value[0] == value[-1] == '"'
    return value[1:-1] if is_quoted else value
