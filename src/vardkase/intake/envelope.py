"""The syslog envelope that lines of every kind come in: peeled off, and told.

RFC 5424, and RFC 3164 as it is found in the wild: no priority, no host, years, ISO stamps, sequence
numbers, clocks that are not set. What is not understood of a header is left in the text.
"""

import re
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from .structured import read_data
from .when import MONTHS, Stamp, any_time, moment, stamp_at

FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"),
    *("authpriv", "ftp", "ntp", "audit", "alert", "clock", *(f"local{n}" for n in range(8))),
)
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
LEVEL_WORDS = {word: n for n, word in enumerate(SEVERITIES)} | {
    "emergency": 0, "panic": 0, "fatal": 2, "critical": 2, "severe": 3, "error": 3, "warn": 4,
    "information": 6, "informational": 6, "trace": 7,
}  # fmt: skip
KIND_WORDS = {word: n for n, word in enumerate(FACILITIES)} | {"kernel": 0}

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
_ODD = re.compile(
    r"[ ]?(?:(?P<seq>\d{1,10}):(?=[ ])|(?P<colon>:)|(?P<clock>[*.])(?=[A-Z0-9])"
    r"|(?P<node>(?:[\w.\-]{1,100} )?(?:D?RP|LC|SP)/[0-9A-Za-z/]{1,20}):(?=[A-Z0-9*.]))[ ]{0,2}"
)
_UPTIME = re.compile(  # what Cisco's gear writes before its % when it knows no time, or a relay did
    r"(?:\d{1,10}: )?(?:[*.]?(?:\d{1,4}:\d\d:\d\d(?:\.\d{1,6})?|\d{1,3}[ywdh]\d{1,3}[wdh]): )?(?=%)"
)
_TO_MARK = re.compile(r"[ ]{0,2}(?:[+-]\d{1,2}:?\d\d)?[ ]{0,2}:?[ ]{0,2}(?=%)")
_ORIGIN = re.compile(r"[ ]?(?P<host>[A-Za-z0-9][\w.\-]{0,254}):[ ]{1,2}(?=[*.:\dA-Z])")
_TAG = re.compile(
    r"(?:(?P<level>emerg|alert|crit|err|error|warning|notice|info|debug) )?"
    r"(?P<app>[^\s:\[\]=,|\"'{<%]{1,64})"
    r"(?:\[(?P<pid>[^\]\s]{0,32})\](?P<colon>:?)(?:[ ]|$)|:(?:[ ]|$|(?=[%(\[])))"
)
_HOST = re.compile(r"(?:[A-Za-z0-9_(]|\[[0-9a-fA-F]*:)[^\s=\"'{|<]{0,254}(?=\s|$)")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]{3,45} ")
_FORWARDED = re.compile(r"Message forwarded from (\S{1,255}?):[ ]")
_KIWI = re.compile(  # as Kiwi's syslog server files it: what and how serious, the sender, all else
    r"(?P<kind>[A-Za-z]{2,8}\d?)\.(?P<level>[A-Za-z]{4,9})[ \t]{1,20}(?P<host>\S{1,255})[ \t]{1,20}"
)
_SPEECH = ("last message repeated ", "message repeated ", "-- MARK --")


class Envelope(NamedTuple):
    """What the envelope tells, and what was in it."""

    text: str
    priority: int | None = None
    stamp: str = ""
    occurred: datetime | None = None
    host: str = ""
    app: str = ""
    pid: str = ""
    msgid: str = ""
    data: dict[str, str] = {}  # structured data of RFC 5424, `ID.NAME`

    @property
    def severity(self) -> str:
        return "" if self.priority is None else SEVERITIES[self.priority & 7]

    @property
    def facility(self) -> str:
        return "" if self.priority is None else FACILITIES[self.priority >> 3]

    @property
    def is_bare(self) -> bool:
        """Whether there was no envelope at all."""
        return self.priority is None and not self.stamp and not self.app


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
    return old if priority is None else old._replace(priority=priority)


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
    origin, is_set, start = _odd_start(text, at)
    bracket = text.startswith("[", start)  # as log files have it
    found = stamp_at(text, start + bracket)
    if found is None or bracket and not text.startswith("]", found[1]):
        return _without_stamp(text, at)
    stamp, end = found[0], found[1] + bracket
    told = text[start:end]
    occurred = _moment(stamp, zone, received_at) if is_set else None
    closed = text.startswith(":", end)
    rest = text[end + closed :].lstrip(" \t")
    if not is_filed and (filed := _filed(rest, zone, received_at)):
        return filed._replace(stamp=filed.stamp or told, occurred=filed.occurred or occurred)
    if rest.startswith(": "):
        closed, rest = True, rest[2:]
    if origin or (closed and not _TAG.match(rest)):
        return _tagged(rest)._replace(stamp=told, occurred=occurred, host=origin)
    is_sure = at > 0 or stamp.year is None
    return _hosted(rest, is_sure=is_sure)._replace(stamp=told, occurred=occurred)


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


def _moment(stamp: Stamp, zone: tzinfo, received_at: datetime) -> datetime | None:
    return moment(stamp, zone=zone, received_at=received_at)


def _odd_start(text: str, at: int) -> tuple[str, bool, int]:
    """Past what network gear writes before its stamp: its name, whether its clock is set, where."""
    origin, is_set = "", True
    if text.startswith(" ", at):
        at += 1
    for _ in range(5):
        odd = _ODD.match(text, at)
        if odd:
            is_set = is_set and odd["clock"] != "*"
            at = odd.end()
            continue
        named = _ORIGIN.match(text, at) if not origin else None
        if named is None or stamp_at(text, at):
            break
        origin, at = named["host"], named.end()
    return origin, is_set, at


def _without_stamp(text: str, at: int) -> Envelope:
    """A tag may still stand first; a host only before a tag with its process."""
    rest = _inner(text[at:].lstrip(" :") if at else text)
    tagged = _tagged(rest)
    if tagged.app:
        return tagged
    host, _, after = rest.partition(" ")
    inner = _TAG.match(after) if _HOST.fullmatch(host) else None
    if inner and inner["pid"] and inner["colon"] and (at or inner["pid"].isdecimal()):
        return _tagged(after)._replace(host=host)
    return Envelope(rest)


def _hosted(rest: str, *, is_sure: bool) -> Envelope:
    """HOST TAG: MESSAGE, where the host or the tag or both may be missing.

    `is_sure`: it came as syslog does, and is no line of a program's own log.
    """
    forwarded = _FORWARDED.match(rest)
    if forwarded:
        return _tagged(rest[forwarded.end() :])._replace(host=forwarded[1])
    host = _HOST.match(rest)
    if host is None or rest.startswith(_SPEECH) or _is_tag(rest, host[0]):
        return _tagged(rest)
    after = rest[host.end() :].lstrip(" \t")
    if after.startswith(": "):
        after = after[2:]
    address = _ADDRESS.match(after)
    if address and _TAG.match(after, address.end()):
        after = after[address.end() :]
    found, name = _tagged(after), host[0].strip(":")
    if _is_level(name) or not (is_sure or _is_host(name, found)):
        return Envelope(rest)
    return found._replace(host=name)


def _is_level(word: str) -> bool:
    return word.strip("[]:").lower() in LEVEL_WORDS and word.lower() != "alert"


def _is_host(word: str, found: Envelope) -> bool:
    """Whether it looks like a host: no number, no level in brackets, and no word of a sentence."""
    if word.isdecimal() or word.startswith("[:"):
        return False
    is_word = word.replace("_", "").isalpha()
    return not is_word or bool(found.app) or found.text.startswith("%")


def _is_tag(rest: str, word: str) -> bool:
    """Whether the first word after the stamp is a program's name, and no host is told."""
    if word.endswith(":"):
        is_gear = rest[len(word) :].lstrip().startswith("%") and "[" not in word
        return word.count(":") == 1 and not is_gear
    tag = _TAG.match(rest)
    return bool(tag and tag["pid"] is not None and not tag["level"])


def _inner(rest: str) -> str:
    """Without the number and the stamp of network gear, which come behind those of a relay."""
    if rest[:1] not in "0123456789*.:" or "%" not in rest[:80]:
        return rest
    uptime = _UPTIME.match(rest)
    if uptime:
        return rest[uptime.end() :]
    found = stamp_at(rest, _odd_start(rest, 0)[2])
    mark = _TO_MARK.match(rest, found[1]) if found else None
    return rest[mark.end() :] if mark else rest


def _tagged(rest: str) -> Envelope:
    rest = _inner(rest)
    tag = _TAG.match(rest)
    if tag is None:
        return Envelope(rest)
    return Envelope(rest[tag.end() :].lstrip(" "), app=tag["app"], pid=tag["pid"] or "")
