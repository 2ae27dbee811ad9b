"""The flows of tests/accounts serve here too."""

from tests.accounts.conftest import log_in, with_password

__all__ = ["log_in", "with_password"]
