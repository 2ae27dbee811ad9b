"""Any JSON through a mapping: `json:NAME` reads by the policy file `mappings.NAME`."""

from datetime import datetime

from vardkase.policy.parameter import NotInForce, Parameter, parameter

from ..apart import Alerts, Parse
from ..json_text import loads
from ..shell import by_value
from ..source import NotUnderstood, Source
from .mapping import made, understand


def named(name: str) -> Source:
    """The source of that mapping; raises `LookupError` where there is none."""
    found = parameter(f"mappings.{name}")
    names = tuple(found.versions[-1].value["fingerprint"])
    return Source(name=f"json:{name}", read=by_value(_Prepare(found)), fingerprint=names)


class _Prepare:
    """The mapping in force when a batch arrives."""

    def __init__(self, found: Parameter) -> None:
        self.found = found

    def __call__(self, received_at: datetime) -> Parse:
        try:
            mapping = made(self.found.at(received_at).value)
        except NotInForce:
            return _nothing
        return lambda raw: understand(loads(raw), mapping)


def _nothing(_raw: bytes) -> Alerts:
    raise NotUnderstood("The mapping is not in force on this day.")
