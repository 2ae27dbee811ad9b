"""Suricata: EVE records, one a line as the sensor writes them, or in any other JSON shell."""

from vardkase.intake.policy import fingerprint_of
from vardkase.intake.shell import by_value
from vardkase.intake.source import Source

from .eve import glance, prepare

NAMES = fingerprint_of("suricata")
SOURCE = Source(
    name="suricata",
    read=by_value(prepare),
    fingerprint=NAMES,
    glance=glance if {"rule", "source_host"}.issuperset(NAMES) else None,  # what its key knows
)
