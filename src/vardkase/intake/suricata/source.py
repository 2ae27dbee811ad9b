"""Suricata: EVE records, one a line as the sensor writes them, or in any other JSON shell."""

from vardkase.intake.policy import fingerprint_of
from vardkase.intake.shell import by_value
from vardkase.intake.source import Source

from .eve import prepare

SOURCE = Source(name="suricata", read=by_value(prepare), fingerprint=fingerprint_of("suricata"))
