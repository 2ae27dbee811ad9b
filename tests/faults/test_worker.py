"""A worker that stands still is seen from outside (F12)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from vardkase.lib import beats


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(None, "ok"), ([0], "ok"), ([1, 0], "ok"), ([3], "late"), ([3, 0], "late")],
)
def test_health_tells_of_the_slowest_part(
    client: Client, db: None, minutes: list[int] | None, says: str
) -> None:
    for part, ago in enumerate(minutes or []):
        beats.beat(f"part {part}", timezone.now() - timedelta(minutes=ago))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["background"] == says


def test_a_part_that_works_again_is_late_no_more(client: Client, db: None) -> None:
    beats.beat("sender", timezone.now() - timedelta(hours=1))
    beats.beat("sender", timezone.now())
    assert client.get("/health").json()["background"] == "ok"
