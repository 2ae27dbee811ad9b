"""The instance that tests/boot makes once serves here too."""

from tests.boot.conftest import copy_made, first, made

__all__ = ["copy_made", "first", "made"]
