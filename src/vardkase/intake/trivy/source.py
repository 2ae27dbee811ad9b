"""Trivy: JSON reports of images, file systems and clusters."""

from ..shell import source_of_reports
from .report import understand

SOURCE = source_of_reports("trivy", understand)
