"""How long is left, in the words that the browser goes on ticking with."""

from datetime import timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from vardkase.web.clock import time_left, used


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(hours=22, minutes=17, seconds=40), "22 tim 17 min kvar"),
        (timedelta(days=2, hours=22), "2 d 22 tim kvar"),
        (timedelta(seconds=59), "0 min kvar"),
        (timedelta(minutes=-18), "18 min för sent"),
        (timedelta(days=-400), "400 d 0 tim för sent"),
    ],
)
def test_time_left_in_words(away: timedelta, words: str) -> None:
    with override("sv"):
        assert time_left(NOW + away, NOW) == words


@given(st.timedeltas(), st.timedeltas(min_value=timedelta(seconds=1)))
def test_the_share_of_the_time_is_a_percentage(passed: timedelta, span: timedelta) -> None:
    start = NOW - timedelta(days=1)
    try:
        at, due = start + passed, start + span
    except OverflowError:
        return
    assert 0 <= used(start, due, at) <= 100
