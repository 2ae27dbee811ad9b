"""Times by a format of Java's SimpleDateFormat, which LEEF senders name in `devTimeFormat`."""

import re
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from .when import MONTHS, Stamp, moment, zone_of

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'")
_NUMBERS = {
    "d": "day", "H": "hour", "k": "hour", "h": "hour", "K": "hour", "m": "minute", "s": "second",
    "S": "micro", "y": "year", "Y": "year", "u": "year",
}  # fmt: skip
_ZONE = r"(?:GMT|UTC)?[+-]\d{1,2}(?::?\d\d)?|[A-Za-z]{1,5}"
_LONGEST = 60  # characters of a format


class Pattern(NamedTuple):
    form: re.Pattern[str]
    names: tuple[str, ...]


@lru_cache(maxsize=256)
def pattern(written: str) -> Pattern | None:
    """The format as a pattern; None if it uses what we do not know."""
    if len(written) > _LONGEST:
        return None
    parts, names = [], []
    for token in _TOKEN.finditer(written):
        letter, width = token[2], len(token[0])
        if letter is None:
            quoted = token[0].startswith("'") and width > 1
            parts.append(re.escape((token[1].replace("''", "'") or "'") if quoted else token[0]))
            continue
        part = _part(letter, width)
        if part is None:
            return None
        parts.append(part[0])
        names.append(part[1])
    return Pattern(re.compile("".join(parts).replace("\\ ", "[ ]{1,2}")), tuple(names))


def _part(letter: str, width: int) -> tuple[str, str] | None:
    if letter in "ML":
        return (r"([A-Za-z]{3,12})\.?", "month_name") if width > 2 else (r"(\d{1,2})", "month")
    if letter in "zZXxVO":
        return f"({_ZONE})", "zone"
    if letter == "a":
        return r"([AaPp])\.?[Mm]\.?", "half"
    if letter == "E":
        return r"([A-Za-z]{2,10})\.?", "weekday"
    if letter == "S":
        return r"(\d{1,9})", "micro"
    if letter in "yYu":
        return (r"(\d{4})" if width != 2 else r"(\d{2}|\d{4})"), "year"
    return (r"(\d{1,2})", _NUMBERS[letter]) if letter in _NUMBERS else None


def java_time(text: str, written: str, *, zone: tzinfo, received_at: datetime) -> datetime | None:
    """The moment that `text` tells in the format `written`; None if it does not fit."""
    known = pattern(written.strip())
    found = known.form.fullmatch(text.strip()[:80]) if known else None
    if known is None or found is None:
        return None
    told = dict(zip(known.names, found.groups(), strict=True))
    stamp = _stamp(told)
    if stamp is None or (told.get("zone") and stamp.zone is None):
        return None
    return moment(stamp, zone=zone, received_at=received_at)


def _stamp(told: dict[str, str]) -> Stamp | None:
    month = told.get("month") or MONTHS.get(told.get("month_name", "")[:3].lower(), 0)
    year = told.get("year")
    hour = int(told.get("hour", "0"))
    if "half" in told:
        hour = hour % 12 + (12 if told["half"].lower() == "p" else 0)
    if not month or "day" not in told:
        return None
    return Stamp(
        (int(year) if len(year) == 4 else 2000 + int(year)) if year else None,
        int(month),
        int(told["day"]),
        hour % 24,
        int(told.get("minute", "0")),
        min(int(told.get("second", "0")), 59),
        int(told.get("micro", "0")[:6].ljust(6, "0")),
        zone_of(told.get("zone", "")),
    )
