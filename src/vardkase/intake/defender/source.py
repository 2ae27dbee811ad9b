"""Microsoft Defender XDR and Defender for Endpoint: alerts, incidents, vulnerabilities."""

from ..shell import source
from .alerts import understand

SOURCE = source("defender", understand)
