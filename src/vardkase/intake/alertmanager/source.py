"""Prometheus Alertmanager, and Grafana, whose webhook has the same form."""

from vardkase.intake.shell import source

from .webhook import understand

SOURCE = source("alertmanager", understand)
