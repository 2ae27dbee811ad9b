"""Prometheus Alertmanager, and Grafana, whose webhook has the same form."""

from ..shell import source
from .webhook import understand

SOURCE = source("alertmanager", understand)
