"""Who sent a syslog line: host and program, in whatever order they stand before the message."""

import re
from datetime import datetime
from typing import NamedTuple

from .priority import FACILITIES, LEVEL_WORDS, SEVERITIES
from .when import stamp_at

_ODD = re.compile(
    r"[ ]?(?:(?P<seq>\d{1,10}):(?=[ ])|(?P<colon>:)|(?P<clock>[*.])(?=[A-Z0-9])"
    r"|(?P<node>(?:[\w.\-]{1,100} )?(?:D?RP|LC|SP)/[0-9A-Za-z/]{1,20}):(?=[A-Z0-9*.]))[ ]{0,2}"
)
_UPTIME = re.compile(  # what Cisco's gear writes before its % when it knows no time, or a relay did
    r"(?:\d{1,10}: )?(?:[*.]?(?:\d{1,4}:\d\d:\d\d(?:\.\d{1,6})?|\d{1,3}[ywdh]\d{1,3}[wdh]): )?(?=%)"
)
_TO_MARK = re.compile(r"[ ]{0,2}(?:[+-]\d{1,2}:?\d\d)?[ ]{0,2}:?[ ]{0,2}(?=%)")
_ORIGIN = re.compile(r"[ ]?(?P<host>[A-Za-z0-9][\w.\-]{0,254}):[ ]{1,2}(?=[*.:\dA-Z])")
TAG = re.compile(
    r"(?:(?P<level>emerg|alert|crit|err|error|warning|notice|info|debug) )?"
    r"(?P<app>[^\s:\[\]=,|\"'{<%]{1,64})"
    r"(?:\[(?P<pid>[^\]\s]{0,32})\](?P<colon>:?)(?:[ ]|$)|:(?:[ ]|$|(?=[%(\[])))"
)
_HOST = re.compile(r"(?:[A-Za-z0-9_(]|\[[0-9a-fA-F]*:)[^\s=\"'{|<]{0,254}(?=\s|$)")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]{3,45} ")
_FORWARDED = re.compile(r"Message forwarded from (\S{1,255}?):[ ]")
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


def odd_start(text: str, at: int) -> tuple[str, bool, int]:
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


def without_stamp(text: str, at: int) -> Envelope:
    """A tag may still stand first; a host only before a tag with its process."""
    rest = _inner(text[at:].lstrip(" :") if at else text)
    found = tagged(rest)
    if found.app:
        return found
    host, _, after = rest.partition(" ")
    inner = TAG.match(after) if _HOST.fullmatch(host) else None
    if inner and inner["pid"] and inner["colon"] and (at or inner["pid"].isdecimal()):
        return tagged(after)._replace(host=host)
    return Envelope(rest)


def hosted(rest: str, *, is_sure: bool) -> Envelope:
    """HOST TAG: MESSAGE, where the host or the tag or both may be missing.

    `is_sure`: it came as syslog does, and is no line of a program's own log.
    """
    forwarded = _FORWARDED.match(rest)
    if forwarded:
        return tagged(rest[forwarded.end() :])._replace(host=forwarded[1])
    host = _HOST.match(rest)
    if host is None or rest.startswith(_SPEECH) or _is_tag(rest, host[0]):
        return tagged(rest)
    after = rest[host.end() :].lstrip(" \t")
    if after.startswith(": "):
        after = after[2:]
    address = _ADDRESS.match(after)
    if address and TAG.match(after, address.end()):
        after = after[address.end() :]
    found, name = tagged(after), host[0].strip(":")
    if _is_level(name) or not (is_sure or _is_host(name, found)):
        return tagged(rest)
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
    tag = TAG.match(rest)
    return bool(tag and tag["pid"] is not None and not tag["level"])


def _inner(rest: str) -> str:
    """Without the number and the stamp of network gear, which come behind those of a relay."""
    if rest[:1] not in "0123456789*.:" or "%" not in rest[:80]:
        return rest
    uptime = _UPTIME.match(rest)
    if uptime:
        return rest[uptime.end() :]
    found = stamp_at(rest, odd_start(rest, 0)[2])
    mark = _TO_MARK.match(rest, found[1]) if found else None
    return rest[mark.end() :] if mark else rest


def tagged(rest: str) -> Envelope:
    rest = _inner(rest)
    tag = TAG.match(rest)
    if tag is None:
        return Envelope(rest)
    return Envelope(rest[tag.end() :].lstrip(" "), app=tag["app"], pid=tag["pid"] or "")
