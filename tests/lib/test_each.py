"""One row that fails keeps no other waiting; without a database all wait."""

import pytest
from django.db import DataError, OperationalError

from vardkase.lib.each import each


def raising(fault: type[Exception], row: int) -> int:
    if row == 2:
        raise fault
    return row


@pytest.mark.parametrize("fault", [KeyError, DataError])
def test_the_others_are_done(fault: type[Exception]) -> None:
    assert each([1, 2, 3], lambda row: raising(fault, row)) == 4


@pytest.mark.parametrize("fault", [OperationalError, OSError])
def test_without_a_database_nothing_goes_on(fault: type[Exception]) -> None:
    with pytest.raises(fault):
        each([1, 2, 3], lambda row: raising(fault, row))
