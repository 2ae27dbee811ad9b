"""ZAP, the web application scanner: reports in XML or JSON."""

from ..shell import source_of_reports
from .report import understand

SOURCE = source_of_reports("zap", understand)
