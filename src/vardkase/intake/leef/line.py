"""A line of IBM's Log Event Extended Format taken apart, 1.0 and 2.0.

LEEF:1.0|Vendor|Product|Version|EventID|key=value<TAB>key=value
LEEF:2.0|Vendor|Product|Version|EventID|Delimiter|key=value^key=value
"""

import re
from typing import NamedTuple

from ..cef.line import MOST, barred
from ..cef.line import pairs as spaced_pairs
from ..source import NotUnderstood

HEADER = ("leefVersion", "vendor", "product", "version", "eventID")
_START = re.compile(r"(?<![A-Za-z0-9])LEEF:[ ]?(?=[12](?:\.[0-9]{1,2})?[ ]?\|)")
_HEX = re.compile(r"(?:0?x|\\x|\\u|0X|X)([0-9A-Fa-f]{1,4})")
_BARRED = re.compile(r"(?:^|\|)[A-Za-z][\w.\-]{0,60}=")
_TABS = ("#011", "^I", "<TAB>", "\\t", "\\x09")  # what daemons on the way make of a tab


class Event(NamedTuple):
    before: str  # the envelope
    header: dict[str, str]
    attributes: list[tuple[str, str]]


def read_line(text: str) -> Event:
    """The parts of the line; raises `NotUnderstood`."""
    start = _START.search(text)
    if start is None:
        raise NotUnderstood("There is no header LEEF:1.0|...|: not a LEEF line.")
    values, at = barred(text, start.end(), len(HEADER))
    if len(values) < len(HEADER) or not any(values[1:]):
        raise NotUnderstood(f"A LEEF header has five parts between |; here are {len(values)}.")
    header = {n: v.replace("\\|", "|") for n, v in zip(HEADER, values, strict=True)}
    named = header["leefVersion"] >= "2" or text[at : at + 2] == "^|"
    delimiter, rest = _delimiter(text[at:]) if named else ("\t", text[at:])
    return Event(text[: start.start()], header, _attributes(rest, delimiter))


def _delimiter(rest: str) -> tuple[str, str]:
    """The delimiter that a 2.0 header names: a character, its number in hex, or none for a tab.

    Some senders leave the whole field out.
    """
    if rest.startswith("||"):  # the bar itself
        return "|", rest[2:]
    field, bar, after = rest.partition("|")
    if not bar or (len(field) > 1 and "=" in field):
        return "\t", rest
    number = _HEX.fullmatch(field.strip()) if len(field) > 1 else None
    if number:
        return chr(int(number[1], 16)), after
    word = field if len(field) == 1 else field.strip()
    if not word or word in _TABS or word.lower() == "tab":
        return "\t", after
    return word[:8], after


def _attributes(rest: str, delimiter: str) -> list[tuple[str, str]]:
    if delimiter not in rest:
        written = next((tab for tab in _TABS if tab in rest and delimiter == "\t"), None)
        if written is None and len(_BARRED.findall(rest)) > 1:  # as PAN-OS is often set up
            written = "|"
        if written is None and rest.count("=") > 1:
            return spaced_pairs(rest)  # not as the format says, but as it is seen
        delimiter = written or delimiter
    found: list[tuple[str, str]] = []
    for part in rest.split(delimiter, MOST):
        name, equals, value = part.partition("=")
        if equals and name.strip():
            found.append((name.strip(), value.strip()))
        elif found and part.strip():  # the delimiter stood in a value
            found[-1] = (found[-1][0], f"{found[-1][1]}{delimiter}{part}".strip())
    return found
