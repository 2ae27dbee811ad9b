"""Cowrie: the JSON log of the honeypot, one event a line."""

from ..shell import source
from .events import understand

SOURCE = source("cowrie", understand)
