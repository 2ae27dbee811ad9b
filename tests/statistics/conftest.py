"""Cases to count: reported at a day, in a state, with what else a test needs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import NOW
from vardkase.events.models import Event
from vardkase.organisation.models import Unit

type Tell = Callable[..., Event]


@pytest.fixture
def tell(region: Unit) -> Tell:
    """`tell(datetime(2026, 3, 1, tzinfo=UTC), state="closed", unit=hospital)`."""
    made = iter(range(1, 10_000))

    def tell_one(at: datetime = NOW, **fields: Any) -> Event:
        number = f"{at.year}-{next(made):04d}"
        given = {"unit": region, "what": "x", "title": "x", "received_at": max(at, NOW)}
        return Event.objects.create(number=number, reported_at=at, **given | fields)

    return tell_one
