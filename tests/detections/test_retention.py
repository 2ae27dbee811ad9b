"""Messages are kept for a short time, in partitions that the worker makes and drops."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.database import working_role
from tests.detections.sources import TALK
from vardkase.detections.models import Batch, Detection, Hourly, Raw
from vardkase.detections.once import Once
from vardkase.detections.retention import tidy_detections
from vardkase.intake.batch import take_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = datetime(2031, 5, 10, tzinfo=UTC)


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'detections_raw'::regclass"
        )
        return {row[0] for row in cursor.fetchall()}


def send(rule: str, at: datetime) -> None:
    body = b'{"rule": "%s"}' % rule.encode()
    take_in(TALK, body, received_at=at, once=Once.of("t1", rule, source="talk", body=body))


def test_what_came_before_its_month_had_a_partition_moves_there() -> None:
    send("early", LATER)
    with working_role():
        tidy_detections(LATER)
    assert {f"detections_raw_2031{m}" for m in ("05", "06", "07")} <= partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM detections_raw_203105")
        assert cursor.fetchone() == (1,)
    assert Raw.objects.get().body == b'{"rule": "early"}'


def test_a_month_is_dropped_when_its_last_message_is_old_and_groups_stay() -> None:
    old = datetime.now(UTC) - 200 * DAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT detections_make_month(%s::date)", [old.date()])
    send("old", old)
    send("new", datetime.now(UTC) - DAY)
    with working_role():
        assert tidy_detections(datetime.now(UTC)) == 1
    assert [r.body for r in Raw.objects.all()] == [b'{"rule": "new"}']
    assert Detection.objects.count() == 2
    assert Hourly.objects.count() == Batch.objects.count() == 1


def test_the_working_role_can_neither_make_nor_drop_anything_else() -> None:
    with working_role(), connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT detections_drop_months('infinity')")
        assert "detections_raw_" + f"{datetime.now(UTC):%Y%m}" in partitions()
