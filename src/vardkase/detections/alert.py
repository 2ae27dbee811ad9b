"""One alert as a source's parser understood it, and what makes two of them the same."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import IntEnum
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import msgspec


class Severity(IntEnum):
    """How serious the sender says that it is; each source's policy maps its own scale to this."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class Alert(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a machine says that it saw. Texts are free of NUL and lone surrogates, and bounded."""

    title: str  # 1-300 characters, what a person reads in the list
    severity: int  # a Severity
    occurred: datetime | None = None  # aware; None when the message tells no usable time
    rule: str = ""  # the sender's rule, signature or check, as it names it
    source_host: str = ""  # where it comes from: an address or a name
    target_host: str = ""  # what it is aimed at
    user: str = ""  # the account concerned
    ref: str = ""  # the sender's own number of this very alert
    kind: Literal["alert", "vulnerability"] = "alert"
    fields: dict[str, str] = {}  # what else was understood, under the sender's names


class Named(msgspec.Struct, gc=False):
    """What makes a group of usual alarms and how serious they are, under the names of `Alert`."""

    rule: str
    source_host: str
    severity: int


type Brief = tuple[bytes, tuple[Any, ...] | None, datetime]  # the message, its key, when


class Glance(NamedTuple):
    """How a source reads its usual alarms: as little of each as folding needs."""

    look: Callable[[Iterable[bytes]], Iterator[Brief]]  # without a key it is no usual alarm
    named: Callable[[Any], Named]  # by the key: those with equal keys are equal in all of it
    words: Callable[[bytes], Alert]  # all of it, for the one that its group takes its words from
    rest: Callable[[bytes], tuple[Alert, ...]]  # what is no usual alarm


WORDS = frozenset({"title", "rule", "source_host", "target_host", "user", "ref", "kind"})
HOSTS = frozenset({"source_host", "target_host", "hostname", "sent_by"})


def fingerprint(source: str, alert: Alert | Named, names: tuple[str, ...]) -> bytes:
    """16 bytes that are equal for alerts of one group: same source, same values under `names`.

    A name is a field of Alert or a key of `alert.fields`; one that is missing counts as empty.
    A host is the same however it is written; the group shows it as the last alarm did.
    """
    values = [source]
    for name in names:
        value = getattr(alert, name, None)
        if value is None and isinstance(alert, Alert):
            value = alert.fields.get(name, "")
        values.append(host(str(value)) if name in HOSTS else str(value))
    return digest("\0".join(values))


def fingerprinter(source: str, names: tuple[str, ...]) -> Callable[[Alert | Named], bytes]:
    """`fingerprint` for many alerts of one source; three times as fast where all names are words
    of the alert itself."""
    if len(names) < 2 or not WORDS.issuperset(names):
        return lambda alert: fingerprint(source, alert, names)
    values, start, join = attrgetter(*names), source + "\0", "\0".join
    hosts = [place for place, name in enumerate(names) if name in HOSTS]

    def marked(alert: Alert | Named) -> bytes:
        row = list(values(alert))
        for place in hosts:
            row[place] = host(row[place])
        return digest(start + join(row))

    return marked


def host(name: str) -> str:
    """The name as DNS compares it. A short name is left as it is: another domain may have it."""
    return name.rstrip(".").lower()


def digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
