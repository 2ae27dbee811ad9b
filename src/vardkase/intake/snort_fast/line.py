"""One alert as Snort 2 and 3 (alert_fast, alert_syslog) and Suricata (fast.log) write it.

08/22-15:02:14.123456 [**] [1:384:5] ICMP PING [**] [Priority: 3] {ICMP} 192.0.2.1 -> 192.0.2.2
"""

import re
from ipaddress import ip_address
from typing import NamedTuple

from ..source import NotUnderstood

_SID = re.compile(r"\[(\d{1,10}):(\d{1,12}):(\d{1,10})\][:]?[ ]{0,3}")
_STAMP = re.compile(r"\d\d/\d\d(?:/\d{2,4})?-\d\d:\d\d:\d\d(?:\.\d{1,9})?")
_ACTION = re.compile(r"\[(drop|wdrop|reject|block|allow|would_drop|would_block|sdrop|pass)\]", re.I)
_CLASS = re.compile(r"\[Classification: ?([^\]]{0,200})\]")
_PRIORITY = re.compile(r"\[Priority: ?(\d{1,9})\]")
_APP = re.compile(r"\[AppID: ?([^\]]{0,200})\]")
_FLOW = re.compile(  # Firepower writes countries behind the addresses
    r"\{([^}\s]{1,32})\} ([^\s>]{1,80}?)(?: \([^)]{0,60}\))? ?-> ?(\S{1,80})"
)
_FLOW_BARE = re.compile(r"(\S{2,80}) -> (\S{2,80})(?: ([A-Z]{2,6}))?[ ]{0,3}$")
_EPOCH = re.compile(r"\s{0,4}(\d{10}\.\d{1,9})\s")
_ENDS = re.compile(
    r"[ ]{0,3}(?:\[\*\*\]|\[Classification: |\[Impact: |\[Priority: |\{[A-Za-z0-9:.\-]{1,32}\} )"
)
_INTERFACE = re.compile(r"<[^>\s]{1,32}>[ ]{1,3}")
_PORTS = ("TCP", "UDP", "SCTP")


class Fast(NamedTuple):
    before: str
    stamp: str
    gid: str
    sid: str
    rev: str
    message: str
    told: dict[str, str]  # action, classification, priority, protocol, addresses and ports


def read_line(text: str) -> Fast:
    """The parts of the line; raises `NotUnderstood`."""
    sid = _SID.search(text)
    if sid is None:
        raise NotUnderstood("There is no [generator:signature:revision]: not a Snort alert.")
    before, rest = text[: sid.start()], text[sid.end() :]
    stamp = _STAMP.search(before) or _EPOCH.match(before)
    end = _ENDS.search(rest)
    message = rest[: end.start()] if end else rest
    bare = None if end else _FLOW_BARE.search(rest[-200:])
    if bare:
        message = rest[: len(rest) - len(bare[0])]
    interface = _INTERFACE.match(message)
    message = message[interface.end() :] if interface else message
    told = _told(before, rest[end.start() :] if end else "", stamp[0] if stamp else "")
    return Fast(
        before[: stamp.start()] if stamp else before,
        stamp[0] if stamp else "",
        sid[1],
        sid[2],
        sid[3],
        _unquoted(message.strip(" \t:")),
        told | (_pair(bare[1], bare[2], ports=True) if bare else {}),
    )


def _unquoted(message: str) -> str:
    """Snort 3 writes the message in quotes; others may end in one of their own."""
    is_quoted = len(message) > 1 and message[0] == message[-1] == '"'
    return message[1:-1] if is_quoted else message


def _told(before: str, after: str, stamp: str) -> dict[str, str]:
    told = {}
    for name, form, where in (
        ("action", _ACTION, before),
        ("classification", _CLASS, after),
        ("priority", _PRIORITY, after),
        ("app", _APP, after),
    ):
        found = form.search(where)
        if found:
            told[name] = found[1].strip()
    flow = _FLOW.search(after)
    bare = None if flow else _FLOW_BARE.search(after[-200:])
    if bare:
        told |= _pair(bare[1], bare[2], ports=True)
    if flow:
        told["protocol"] = flow[1]
        suricata = len(stamp.partition("-")[0]) == 10  # which writes type and code as ports
        told |= _pair(flow[2], flow[3], ports=suricata or flow[1].upper() in _PORTS)
    return told


def _pair(source: str, target: str, *, ports: bool) -> dict[str, str]:
    told = {}
    for side, text in (("src", source), ("dst", target)):
        told[side], port = _address(text, ports=ports)
        if port:
            told[f"{side}_port"] = port
    return told


def _address(text: str, *, ports: bool) -> tuple[str, str]:
    """Address and port. An IPv6 address has its port behind one more colon, if it has one."""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        return address, port.lstrip(":")
    name, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or (":" in name and not _is_split(text, name, ports=ports)):
        return text, ""
    return name, port


def _is_split(text: str, name: str, *, ports: bool) -> bool:
    return not _is_address(text) or (ports and _is_address(name))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
