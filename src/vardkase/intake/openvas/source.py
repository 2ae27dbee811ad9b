"""OpenVAS and Greenbone: reports in XML or CSV."""

from ..shell import source_of_reports
from .report import understand

SOURCE = source_of_reports("openvas", understand)
