"""Microsoft Sentinel: what its playbooks, its API and its tables tell."""

from ..shell import source
from .incidents import understand

SOURCE = source("sentinel", understand)
