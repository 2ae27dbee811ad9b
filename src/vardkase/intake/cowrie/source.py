"""Cowrie: the JSON log of the honeypot, one event a line."""

from vardkase.intake.shell import source

from .events import understand

SOURCE = source("cowrie", understand)
