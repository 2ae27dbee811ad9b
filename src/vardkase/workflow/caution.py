"""What a text that becomes public seems to hold and must not: for whoever takes it out to strike.

A guess, to warn by and never to refuse by (S2-104).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from vardkase.assets.models import Asset
from vardkase.lib.sensitive import (
    holds_address,
    holds_any,
    holds_flaw,
    holds_identity_number,
    holds_password,
)
from vardkase.policy.parameter import parameter

HOLDS = {
    "identity_number": holds_identity_number,
    "password": holds_password,
    "flaw": holds_flaw,
    "address": holds_address,
}
SHORTEST = 4  # letters of a system's name; a shorter one stands in any text


class Caution(NamedTuple):
    """What a field seems to hold, by a code."""

    field: str
    holds: str


def cautions(
    texts: Iterable[tuple[str, str]], hit: Iterable[Asset], at: datetime
) -> tuple[Caution, ...]:
    """Of each field and its text: numbers, passwords, known flaws, addresses, systems, health."""
    systems = [name for asset in hit for name in called(asset) if len(name) >= SHORTEST]
    health = parameter("report.sensitive").at(at).value["words"]
    return tuple(Caution(id, code) for id, text in texts for code in found(text, systems, health))


def found(text: str, systems: Iterable[str], health: Iterable[str]) -> Iterator[str]:
    yield from (code for code, holds in HOLDS.items() if holds(text))
    if holds_any(text, systems):
        yield "system"
    if holds_any(text, health):
        yield "health"


def called(asset: Asset) -> list[str]:
    """What it is called, as in the register: its name, and its other names and hosts."""
    return [asset.name, *(name.strip() for name in asset.other_names.split(",") if name.strip())]
