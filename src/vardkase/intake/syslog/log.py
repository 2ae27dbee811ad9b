"""What the reader of a product's own format finds in a syslog message."""

from typing import NamedTuple

from .about import About


class Log(NamedTuple):
    title: str
    rule: str
    severity: str  # of syslog; "" if it tells none
    about: About
    fields: dict[str, str]
