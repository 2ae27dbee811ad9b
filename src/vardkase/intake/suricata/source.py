"""Suricata: EVE records, one a line as the sensor writes them, or in any other JSON shell."""

from ..policy import fingerprint_of
from ..shell import by_value
from ..source import Source
from .eve import glance, prepare

NAMES = fingerprint_of("suricata")
SOURCE = Source(
    name="suricata",
    read=by_value(prepare),
    fingerprint=NAMES,
    glance=glance if {"rule", "source_host"}.issuperset(NAMES) else None,  # what its key knows
)
