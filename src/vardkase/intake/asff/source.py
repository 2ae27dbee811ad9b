"""AWS Security Hub, and whatever else writes the AWS Security Finding Format."""

from ..shell import source
from .findings import understand

SOURCE = source("asff", understand)
