"""nmap: the report that `nmap -oX` writes."""

from ..shell import source_of_reports
from .report import understand

SOURCE = source_of_reports("nmap", understand)
