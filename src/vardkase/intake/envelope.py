"""The syslog envelope that lines of every kind come in: peeled off, and told.

RFC 5424, and RFC 3164 as it is found in the wild: no priority, no host, years, ISO stamps, sequence
numbers, clocks that are not set. What is not understood of a header is left in the text.
"""

import re
from datetime import datetime, tzinfo
from functools import lru_cache

from .heading import TAG, Envelope, hosted, odd_start, tagged, without_stamp
from .priority import KIND_WORDS, LEVEL_WORDS
from .structured import read_data
from .when import MONTHS, Stamp, any_time, moment, stamp_at

_PRI = re.compile(r"[ ]{0,4}<([0-9]{1,3})>")
_USUAL = re.compile(  # what nearly every line of RFC 3164 looks like: the same as below, in one go
    r"<(?P<pri>1?[0-9]{1,2})>(?P<stamp>[A-Z][a-z]{2} [ 0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]) "
    r"(?![A-Z]{1,5} |[12][0-9]{3} )(?P<host>[A-Za-z0-9][A-Za-z0-9_.\-]{0,254}) "
    r"(?P<app>[^\s:\[\]=,|\"'{<%*.0-9][^\s:\[\]=,|\"'{<%]{0,63})"
    r"(?:\[(?P<pid>[^\]\s]{0,32})\])?: +(?=\S)"
)
_NEW = re.compile(
    r"[ ]?(?P<version>[1-9]\d?) (?P<stamp>-|\d{4}-\d\d-\d\d[Tt ][^\s]{5,40}|\d{9,10}\.\d{1,9}) "
    r"(?P<host>\S{1,255})(?: (?P<app>\S{1,128})(?: (?P<pid>\S{1,128})(?: (?P<msgid>\S{1,64})"
    r"(?= ?[-\[]))?)?)?(?: |$)"
)
_BARE = re.compile(r"1 \d{4}-\d\d-\d\d[Tt]")  # a stored RFC 5424 line that lost its priority
_MERAKI = re.compile(r"[ ]?1 (\d{9,10}\.\d{1,9}) (\S{1,255}) ")
_KIWI = re.compile(  # as Kiwi's syslog server files it: what and how serious, the sender, all else
    r"(?P<kind>[A-Za-z]{2,8}\d?)\.(?P<level>[A-Za-z]{4,9})[ \t]{1,20}(?P<host>\S{1,255})[ \t]{1,20}"
)
_RELAYED = re.compile(  # a relay's header before the sender's own
    r"<\d{1,3}>(?=1 \d{4}-|[A-Z][a-z]{2} [ \d]|\d{4}-)|1 \d{4}-\d\d-\d\d[Tt]"
)


def peel(text: str, *, zone: tzinfo, received_at: datetime, is_filed: bool = False) -> Envelope:
    """`text` without its envelope; a line that came in none is itself."""
    usual = _USUAL.match(text)
    if usual:
        return _usual(text, usual, zone, received_at)
    found = _PRI.match(text)
    priority, at = None, 0
    if found:
        at = found.end()
        priority = int(found[1]) if int(found[1]) < 192 else None
    if found or _BARE.match(text):
        new = _new(text, at, zone, received_at)
        if new:
            return new._replace(priority=priority)
    old = _old(text, at, zone, received_at, is_filed=is_filed)
    is_told = priority is None or old.priority is not None  # by whoever relayed or filed it
    return old if is_told else old._replace(priority=priority)


def _usual(text: str, found: re.Match[str], zone: tzinfo, received_at: datetime) -> Envelope:
    pri, stamp, host, app, pid = found.groups()
    told = int(pri)
    return Envelope(
        text[found.end() :],
        told if told < 192 else None,
        stamp,
        _usual_at(stamp, zone, received_at),
        host,
        app,
        pid or "",
    )


@lru_cache(maxsize=8192)
def _usual_at(stamp: str, zone: tzinfo, received_at: datetime) -> datetime | None:
    """`Oct 11 22:14:15`, read by its places."""
    month = MONTHS.get(stamp[:3].lower())
    if month is None:
        return None
    told = (month, int(stamp[4:6]), int(stamp[7:9]), int(stamp[10:12]), int(stamp[13:15]))
    return moment(Stamp(None, *told, 0, None), zone=zone, received_at=received_at)


@lru_cache(maxsize=8192)
def _at(stamp: str, zone: tzinfo, received_at: datetime) -> datetime | None:
    """A second holds many lines of a batch, which all arrive at one moment."""
    return any_time(stamp, zone=zone, received_at=received_at)


def header_of(text: str, *, zone: tzinfo, received_at: datetime) -> Envelope:
    """The envelope that ends where its message begins, which is known: tags may lack a colon."""
    env = peel(text + " ", zone=zone, received_at=received_at)
    if env.host or not env.text.strip():
        return env
    word = env.text.split(None, 1)[0] if env.stamp else ""
    return env._replace(host=word.strip(":")) if "=" not in word else env


def _new(text: str, at: int, zone: tzinfo, received_at: datetime) -> Envelope | None:
    meraki = _MERAKI.match(text, at)
    if meraki:
        occurred = any_time(meraki[1], zone=zone, received_at=received_at)
        return Envelope(text[meraki.end() :], None, meraki[1], occurred, meraki[2])
    found = _NEW.match(text, at)
    if not found:
        return None
    data, end = read_data(text, found.end())
    occurred = _at(found["stamp"], zone, received_at)
    told = (found[name] or "" for name in ("host", "app", "pid", "msgid"))
    host, app, pid, msgid = ("" if word == "-" else word for word in told)
    rest = text[end:].removeprefix(" ").removeprefix("\ufeff")
    return Envelope(rest, None, found["stamp"], occurred, host, app, pid, msgid, data)


def _old(
    text: str, at: int, zone: tzinfo, received_at: datetime, *, is_filed: bool = False
) -> Envelope:
    origin, is_set, start = odd_start(text, at)
    bracket = text.startswith("[", start)  # as log files have it
    found = stamp_at(text, start + bracket)
    if found is None or bracket and not text.startswith("]", found[1]):
        return without_stamp(text, at)
    stamp, end = found[0], found[1] + bracket
    told = text[start:end]
    occurred = moment(stamp, zone=zone, received_at=received_at) if is_set else None
    closed = text.startswith(":", end)
    rest = text[end + closed :].lstrip(" \t")
    if not is_filed and (filed := _filed(rest, zone, received_at)):
        return filed._replace(stamp=filed.stamp or told, occurred=filed.occurred or occurred)
    if rest.startswith(": "):
        closed, rest = True, rest[2:]
    if origin or (closed and not TAG.match(rest)):
        return tagged(rest)._replace(stamp=told, occurred=occurred, host=origin)
    is_sure = at > 0 or stamp.year is None
    outer = hosted(rest, is_sure=is_sure)._replace(stamp=told, occurred=occurred)
    if is_filed or outer.app or not _RELAYED.match(outer.text):
        return outer
    inner = peel(outer.text, zone=zone, received_at=received_at, is_filed=True)
    return inner._replace(host=inner.host or outer.host)


def _filed(rest: str, zone: tzinfo, received_at: datetime) -> Envelope | None:
    """The message that a syslog server has filed with its sender before it."""
    found = _KIWI.match(rest)
    level = LEVEL_WORDS.get(found["level"].lower()) if found else None
    kind = KIND_WORDS.get(found["kind"].lower()) if found else None
    if found is None or level is None or kind is None:
        return None
    inner = peel(rest[found.end() :], zone=zone, received_at=received_at, is_filed=True)
    priority = kind * 8 + level if inner.priority is None else inner.priority
    return inner._replace(priority=priority, host=inner.host or found["host"])
