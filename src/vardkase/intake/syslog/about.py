"""Whom a syslog message is about: where from, where to, which account; found in its words."""

import re
from collections.abc import Iterator, Mapping
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

LOOKED_AT = 600  # characters of a message that are searched
BEFORE = 90  # characters before an address that say whose it is
_V4 = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d|\.\d)")
_V6 = re.compile(  # or either
    r"(?<![\w.:])(?:[0-9a-fA-F]{1,4}:|::)[0-9a-fA-F:]{1,40}(?:\.[0-9.]{1,15})?|" + _V4.pattern
)
_INSIDE = frozenset("0123456789.")  # what no address begins behind
_USUAL = (" from ", "rhost=", "SRC=", "src=")
_FROM = re.compile(  # what stands just before the address of the one who began
    r"(?:\b(?:from|by|client|peer|rhost|rip|relay|addr|source|src|srcip|saddr|remote|remote_addr"
    r"|ip|host|hostname)[ :=\"'\[(<]{1,4}(?:ip |host |address )?(?:[\w.\-]{1,80}[:/\[(]{1,2})?"
    r"|\bfor [A-Za-z][\w.\-]{0,30}:)[\[(\"'<]{0,2}\Z",
    re.I,
)
_TO = re.compile(  # ... and of what was aimed at, or of the machine itself
    r"(?:\b(?:to|dst|dstip|daddr|destination|lip|laddr|locip|server|upstream|on|at|nat|listen|bind"
    r"|listening|gateway|nexthop|neighbor|via)[ :=\"'\[(]{1,4}(?:[\w.\-]{1,80}[:/\[(]{1,2})?"
    r"|->[ ]?(?:[\w.\-]{1,60}[:/])?)[\[(\"'<]{0,2}\Z",
    re.I,
)
_NAMED = re.compile(  # by its name instead
    r"\b(?:rhost=([A-Za-z0-9][\w.\-]{2,200})"
    r"|from ((?:[A-Za-z0-9\-]{1,63}\.){1,10}[A-Za-z]{2,20})\b)"
)
_WHO = re.compile(
    r"\b(?:for (?:(?:invalid|illegal|unknown|nonexistent) )?(?:user )?|[Ii](?:nvalid|llegal) user "
    r"|ruser=|user(?:name)?[ =:]{1,2}|acct=|USER=|uname=|login=)[\"'<\[]{0,2}"
    r"([\w.@\\$+-]{1,64})(?=[\s\"'>(,;\])]|:(?:\s|$)|$)"
)
_SUDO = re.compile(r"([\w.@\\$+-]{1,64}) : ")
_SAYS_WHO = ("for ", "user", "USER=", "acct=", "login=", "uname=")
_NO_ONE = frozenset((
    *("from", "the", "a", "an", "user", "by", "port", "this", "invalid", "unknown", "found", "not"),
    *("is", "has", "was", "does", "did", "name", "account", "in", "on", "at", "to", "with", "all"),
    *("login", "logged", "logon", "authentication", "auth", "access", "service", "failed", "-"),
    *("illegal", "nonexistent", "no", "and", "or", "of", "session", "method", "client", "that"),
))  # fmt: skip


class About(NamedTuple):
    source: str = ""
    target: str = ""
    user: str = ""


def about(
    message: str, app: str, data: Mapping[str, str], names: Mapping[str, tuple[str, ...]]
) -> About:
    """`data` is what an RFC 5424 message tells beside its words; it goes before them."""
    text = message[:LOOKED_AT]
    source, target = _ends(text)
    user = _user(text, app)
    if not data:
        return About(source, target, user)
    told = {key.rpartition(".")[2].lower(): value for key, value in data.items()}
    return About(
        _first(told, names.get("source_host", ())) or source,
        _first(told, names.get("target_host", ())) or target,
        _first(told, names.get("user", ())) or user,
    )


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((told[name] for name in names if told.get(name, "-") not in ("-", "")), "")


def _ends(text: str) -> tuple[str, str]:
    """The address that a word marks as where it comes from; without such a word, the only one."""
    marked = target = ""
    others: dict[str, None] = {}
    for found, before in _addresses(text):
        if before.endswith(_USUAL) or _FROM.search(before):
            marked = marked or found
        elif _TO.search(before):
            target = target or found
        else:
            others[found] = None
    if not marked and (len(others) == 1 or target):
        marked = next(iter(others), "")
    if not marked and ("rhost=" in text or "from " in text) and (named := _NAMED.search(text)):
        marked = named[1] or named[2]
    return marked, target if marked else ""


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Each address, and the words before it."""
    form = _V6 if text.count(":") > 5 or "::" in text else _V4
    for found in form.finditer(text):
        start, written = found.start(), found[0]
        if start and text[start - 1] in _INSIDE:
            continue
        plain = written[7:] if written[:7].lower() == "::ffff:" else written.rstrip(":.")
        try:
            inet_pton(AF_INET6 if ":" in plain else AF_INET, plain)
        except OSError:
            continue
        yield plain, text[max(0, start - BEFORE) : start]


def _user(text: str, app: str) -> str:
    sudo = _SUDO.match(text) if app == "sudo" else None
    if sudo:
        return sudo[1]
    if not any(map(text.__contains__, _SAYS_WHO)):
        return ""
    for found in _WHO.finditer(text):
        name = found[1].rstrip(".-")
        if name and name.lower() not in _NO_ONE:
            return name
    return ""
