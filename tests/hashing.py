"""Passwords as the product keeps them, at a hundredth of the cost; the suite logs in often."""

from vardkase.web.accounts.hashing import Argon2


class Cheap(Argon2):
    """The same algorithm, line and form. What a real one costs: tests/accounts/test_passwords.py"""

    time_cost = 1
    memory_cost = 8  # KiB, the least there is
