"""Times as machines write them, to a moment. Pure: the moment of arrival is an argument.

A year that is not told is the latest that puts the time before arrival. A zone that is not told
is the policy's. A clock that was never set, or that runs more than a day ahead, tells nothing.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from vardkase.detections.rules import AHEAD, OLDEST

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "maj": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12,
}  # fmt: skip
ZONES = {  # hours from UTC; those of RFC 2822, and those that mean one thing in Europe or Asia
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1,
    "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip

_DAY = r"(?:(?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]{0,6},?[ ])?"
_MONTH = r"(?P<mon>[A-Za-z]{3})[a-z]{0,6}\.?"
_TIME = (
    r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,:](?P<f>\d{1,9}))?)?"
    r"(?:[ ]?(?P<p>[AaPp])\.?[Mm]\b\.?)?"
)
_ZONE = (
    r"(?:[ ]{0,2}(?P<z>(?:UTC|GMT|TZ)?[+-]\d{1,2}(?::?\d\d)?(?!\d)"
    rf"|(?:{'|'.join(ZONES)})(?![A-Za-z0-9_.\-])))?"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}{_MONTH}[ ]{{1,2}}(?P<d>\d{{1,2}}),?[ ](?:{_YEAR},?[ ])?{_TIME}{_ZONE}"
        rf"(?:[ ](?P<y2>(?:19|20)\d\d)(?=[ \]]|:[ ]|:?$))?",
        rf"{_YEAR}[-/.:](?P<mo>\d\d?)[-/.:](?P<d>\d\d?)(?:[Tt_:\-]|,?[ ]{{1,2}}){_TIME}{_ZONE}",
        rf"{_YEAR}[ ]{_MONTH}[ ]{{1,2}}(?P<d>\d{{1,2}})[ ]{_TIME}{_ZONE}",
        rf"{_DAY}(?P<d>\d{{1,2}})[ /-]{_MONTH}[ /-](?:{_YEAR},?[ :T])?{_TIME}{_ZONE}",
        rf"(?P<mo>\d\d)/(?P<d>\d\d)-{_TIME}",
        rf"(?P<a>\d{{1,2}})(?P<by>[/.\-])(?P<b>\d{{1,2}})(?P=by)(?P<yy>\d{{2}}(?:\d\d)?)"
        rf"(?:[:T-]|,[ ]|[ \t]{{1,16}}){_TIME}{_ZONE}",
        rf"{_YEAR}(?P<mo>\d\d)(?P<d>\d\d)[T ]?(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)"
        rf"(?:[.,](?P<f>\d{{1,9}}))?{_ZONE}",
    )
)
_NUMBER = re.compile(r"(\d{9,19})(?:\.(\d{1,9})\d*)?")
_OFFSET = re.compile(r"(?:UTC|GMT|TZ)?([+-])(\d{1,2})(?::?(\d\d))?")


class Stamp(NamedTuple):
    """A time as it was written; `year` and `zone` are None where it tells none."""

    year: int | None
    month: int
    day: int
    hour: int
    minute: int
    second: int
    micro: int
    zone: tzinfo | None


def stamp_at(text: str, at: int = 0) -> tuple[Stamp, int] | None:
    """The time that `text` tells at that place, and where it ends."""
    for form in _FORMS:
        found = form.match(text, at)
        if found:
            stamp = _stamp(found.groupdict())
            if stamp:
                return stamp, found.end()
    return None


def _stamp(part: dict[str, str | None]) -> Stamp | None:
    month, day = _month_and_day(part)
    year = part.get("y") or part.get("y2") or part.get("yy")
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    hour = int(part["h"] or 0)
    if part.get("p"):
        hour = hour % 12 + (12 if (part["p"] or "").lower() == "p" else 0)
    return Stamp(
        (int(year) if len(year) == 4 else 2000 + int(year)) if year else None,
        month,
        day,
        hour,
        int(part["m"] or 0),
        min(int(part["s"] or 0), 59),  # a leap second
        int((part["f"] or "0")[:6].ljust(6, "0")),
        zone_of(part.get("z") or ""),
    )


def _month_and_day(part: dict[str, str | None]) -> tuple[int, int]:
    """Of numbers alone: 11/22/2026 is American, 22.11.2026 is not; what cannot be is the other."""
    if "a" not in part:
        month = part.get("mo")
        known = MONTHS.get((part.get("mon") or "").lower(), 0)
        return int(month) if month else known, int(part["d"] or 0)
    a, b = int(part["a"] or 0), int(part["b"] or 0)
    return (a, b) if (part["by"] == "/" and a <= 12) or b > 12 else (b, a)


def zone_of(word: str) -> tzinfo | None:
    """The zone called `CET`, `+0100`, `GMT+1`; None if we know none such."""
    word = word.strip().upper()
    if not word:
        return None
    if word in ZONES:
        return timezone(timedelta(hours=ZONES[word]))
    found = _OFFSET.fullmatch(word)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    minutes = -minutes if found[1] == "-" else minutes
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 14 * 60 else None


def moment(stamp: Stamp, *, zone: tzinfo, received_at: datetime) -> datetime | None:
    """When that was, or None if it cannot have been."""
    zone = stamp.zone or zone
    year = received_at.astimezone(zone).year
    for told in (stamp.year,) if stamp.year else (year + 1, year, year - 1):
        try:
            made = datetime(told, *stamp[1:7], tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if plausible(made, received_at=received_at):
            return made
    return None


def plausible(made: datetime, *, received_at: datetime) -> bool:
    return OLDEST <= made <= received_at + AHEAD


def epoch(number: int, micro: int = 0, *, received_at: datetime) -> datetime | None:
    """Seconds since 1970, or milli-, micro- or nanoseconds, by how many there are."""
    scale = 1_000_000
    for limit in (10**11, 10**14, 10**17):
        if number >= limit:
            scale //= 1000
    micros = number * scale + micro if scale else number // 1000
    try:
        made = EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None
    return made if plausible(made, received_at=received_at) else None


def any_time(text: str, *, zone: tzinfo, received_at: datetime) -> datetime | None:
    """The moment that `text`, whole, tells in whichever form; None if it tells none."""
    text = text[:80].strip().strip("[]\"'")
    number = _NUMBER.fullmatch(text)
    if number and not (len(number[1]) == 14 and text.startswith(("19", "20"))):
        micro = int((number[2] or "0")[:6].ljust(6, "0"))
        return epoch(int(number[1]), micro if len(number[1]) < 12 else 0, received_at=received_at)
    found = stamp_at(text)
    if found is None:
        return None
    stamp, end = found
    rest = text[end:].strip(" ()")
    if rest and stamp.zone is None:
        stamp = stamp._replace(zone=zone_of(rest))
    if rest and stamp.zone is None:
        return None
    return moment(stamp, zone=zone, received_at=received_at)
