"""Where the intake listens, as `VARDKASE_LISTEN` says: one word a place.

udp://10.0.0.5:514  tcp://10.0.0.5:514/cef  tls://[::]:6514  lmtp://127.0.0.1:2424
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

from ..registry import UnknownSource, source

KINDS = ("udp", "tcp", "tls", "lmtp")
EXAMPLE = 'VARDKASE_LISTEN="udp://127.0.0.1:5514 tcp://127.0.0.1:5514 lmtp://127.0.0.1:2424"'
PRIVATE = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)


@dataclass(frozen=True, slots=True)
class Place:
    kind: str
    host: str
    port: int
    source: str  # what reads the lines; "syslog" hands CEF and LEEF to their own


def places(words: Iterable[str]) -> list[Place]:
    """The places named; raises `Trouble` that says which word is wrong."""
    return [_place(word) for word in words]


def _place(word: str) -> Place:
    try:
        parts = urlsplit(word)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise Trouble(wrong(word), fix=EXAMPLE) from fault
    if parts.scheme not in KINDS or not host or not port:
        raise Trouble(wrong(word), fix=EXAMPLE)
    name = parts.path.strip("/") or ("mail" if parts.scheme == "lmtp" else "syslog")
    if parts.scheme != "lmtp":
        try:
            source(name)
        except UnknownSource as unknown:
            told = _("VARDKASE_LISTEN: %(word)s: there is no source %(name)s.")
            fix = _("choose one of %(names)s") % {"names": ", ".join(unknown.names)}
            raise Trouble(told % {"word": word, "name": name}, fix=fix) from unknown
    return Place(parts.scheme, host, port, name)


def wrong(word: str) -> str:
    return _("VARDKASE_LISTEN: %(word)s is no place to listen at.") % {"word": word}


class Allowed:
    """Whose lines are taken: syslog proves nobody's name, so it is asked where they come from."""

    def __init__(self, words: Iterable[str]) -> None:
        self.networks: list[IPv4Network | IPv6Network] = []
        for word in tuple(words) or PRIVATE:
            try:
                self.networks.append(ip_network(word, strict=False))
            except ValueError as fault:
                told = _("VARDKASE_LISTEN_FROM: %(word)s is no network.") % {"word": word}
                raise Trouble(told, fix='VARDKASE_LISTEN_FROM="10.0.0.0/8 192.0.2.7"') from fault

    def __contains__(self, address: str) -> bool:
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found
        return any(plain in network for network in self.networks)
