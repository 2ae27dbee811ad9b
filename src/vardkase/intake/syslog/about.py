"""Whom a syslog message is about: where from, where to, which account; found in its words."""

import re
from collections.abc import Iterator, Mapping
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

LOOKED_AT = 600  # characters of a message that are searched
MOST = 16  # addresses whose words are looked at: a line may be a list of them
BEFORE = 90  # characters before an address that say whose it is
_V4 = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d|\.\w)")  # 192.0.2.1.example.se is a name
_V6 = re.compile(  # or either
    r"(?:(?<![\w.:])|(?<=IPv6:))(?:[0-9a-fA-F]{1,4}:|::)[0-9a-fA-F:]{1,40}(?:\.[0-9.]{1,15})?|"
    + _V4.pattern
)
_INSIDE = frozenset("0123456789.")  # what no address begins behind
_USUAL = (" from ", "rhost=", "SRC=", "src=")
_USUAL_TO = (" to ", "DST=", "dst=")
_FROM = re.compile(  # what stands just before the address of the one who began
    r"(?:\b(?:from|by|client|peer|rhost|rip|relay|addr|source|src|srcip|saddr|remote|remote_?addr|remote_?ip"
    r"|remoteaddress|ip|host|hostname|failed for)[ :=\"'\[(<]{1,4}(?:ip |host |address )?"
    r"(?:[\w.\-]{1,80} ?[:/\[(]{1,2}){0,2}"
    r"|\bfor [A-Za-z][\w.\-]{0,30}:|\d :[ ]{1,2})[\[(\"'<]{0,2}\Z",
    re.I,
)
_TO = re.compile(  # ... and of what was aimed at, or of the machine itself
    r"(?:\b(?:to|dst|dstip|daddr|destination|lip|laddr|locip|server|upstream|on|at|nat|listen|bind"
    r"|listening|gateway|nexthop|neighbor|via|I|local|localaddress)[ :=\"'\[(]{1,4}"
    r"(?:[\w.\-]{1,80}[:/\[(]{1,2}){0,2}"
    r"|->[ ]?(?:[\w.\-]{1,60}[:/])?)[\[(\"'<]{0,2}\Z",
    re.I,
)
_NAMED = re.compile(  # by its name instead
    r"\b(?:rhost=([A-Za-z0-9][\w.\-]{2,200})"
    r"|from ((?:[A-Za-z0-9\-]{1,63}\.){1,10}[A-Za-z]{2,20})\b)"
)
_WHO = re.compile(
    r"\b(?:(?<!authenticator failed )for (?:(?:invalid|illegal|unknown|nonexistent) )?(?:user )?"
    r"|[Ii](?:nvalid|llegal) user "
    r"|ruser=|(?:sasl_)?[Uu]ser(?:[ _-]?[Nn]ame)?[ =:]{1,2}|acct=|USER[= ]|uname=|login=|set_id=)"
    r"[\"'<\[]{0,2}"
    r"([\w.@\\$+-]{1,64})(?=[\s\"'>(,;\])]|:(?:\s|$)|$)"
)
_FIRST = {  # what a program's message begins with, or holds, that names the account
    "sudo": re.compile(r"([\w.@\\$+-]{1,64}) : "),
    "dovecot": re.compile(
        r"auth(?:-worker)?(?:\(\d{1,10}\))?: (?:\w{1,10}: )?[\w\-]{2,20}\(([^,\s()]{1,64}),"
    ),
    "exim": re.compile(r".{0,400}\(set_id=([^\s()]{1,64})\)", re.DOTALL),
}
_LAST = frozenset(("sshd", "sshd-session"))  # which write the name that a stranger gave before
_SAYS_WHO = ("for ", "user", "User", "USER", "acct=", "login=", "uname=", "set_id=")
_NO_ONE = frozenset((
    *("from", "the", "a", "an", "user", "by", "port", "this", "invalid", "unknown", "found", "not"),
    *("is", "has", "was", "does", "did", "name", "account", "in", "on", "at", "to", "with", "all"),
    *("login", "logged", "logon", "authentication", "auth", "access", "service", "failed", "-"),
    *("credentials", "password", "illegal", "nonexistent"),
    *("no", "and", "or", "of", "session", "method", "client", "that"),
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
    source, target = _ends(text, last=app in _LAST)
    user = _user(text, app)
    if not data:
        return About(source, target, user)
    told = {key.rpartition(".")[2].lower(): value for key, value in data.items()}
    return About(
        first_of(told, names.get("source_host", ())) or source,
        first_of(told, names.get("target_host", ())) or target,
        first_of(told, names.get("user", ())) or user,
    )


def first_of(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first value under `names` that tells anything."""
    return next((told[name] for name in names if told.get(name, "-") not in ("-", "")), "")


def _ends(text: str, *, last: bool = False) -> tuple[str, str]:
    """The address that a word marks as where it comes from; without such a word, the only one.

    Of several it is the first, or the `last`. One in `([...])` a mail's sender claims to have.
    """
    marked = target = ""
    others: dict[str, None] = {}
    told = list(_addresses(text))
    for found, before in told[-MOST:] if last else told[:MOST]:
        if before.endswith("(["):
            continue
        if before.endswith(_USUAL_TO):
            target = target or found
        elif before.endswith(_USUAL) or _FROM.search(before):
            marked = found if last else marked or found
        elif _TO.search(before):
            target = target or found
        else:
            others[found] = None
    if not marked and (len(others) == 1 or target or " HTTP/" in text):
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
        if not _is_address(plain):
            plain = plain.rpartition(":")[0]  # a port behind IPv6
            if not _is_address(plain):
                continue
        yield plain, text[max(0, start - BEFORE) : start]


def _is_address(text: str) -> bool:
    try:
        inet_pton(AF_INET6 if ":" in text else AF_INET, text)
    except OSError:
        return False
    return True


def _user(text: str, app: str) -> str:
    form = _FIRST.get(app)
    named = form.match(text) if form else None
    if named:
        return named[1]
    if not any(map(text.__contains__, _SAYS_WHO)):
        return ""
    for found in _WHO.finditer(text):
        name = found[1].rstrip(".-")
        if name and name.lower() not in _NO_ONE:
            return name
    return ""
