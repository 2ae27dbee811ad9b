"""576 real breach notifications come in as old incidents, and our own counting finds the facts."""

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import NOW, found_region
from tests.database import undone
from vardkase.access.actor import Actor
from vardkase.cli import import_incidents
from vardkase.events.models import Event
from vardkase.events.search import search
from vardkase.statistics.queries import Choice, counted, whole

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FILE = SHARED / "incidents/hhs/hhs_breaches_a.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the real data is not on this machine")
ALL = Actor.system(NOW)


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    found = json.loads((SHARED / "facts.json").read_text())["incidents/hhs/hhs_breaches_a.csv"]
    return dict(found)


def take_over() -> int:
    mapping = Path(__file__).with_name("hhs.toml")
    return import_incidents.run(Namespace(file=FILE, mapping=mapping, dry_run=False, json=True))


@pytest.fixture(scope="module", autouse=True)
def taken_over(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Once for all of these tests; what each of them does to it is undone after it."""
    with django_db_blocker.unblock(), undone():
        found_region()
        assert take_over() == 0
        yield


def test_the_facts_are_found_by_our_own_counting(db: None, facts: dict[str, Any]) -> None:
    everything = whole(ALL, total="individuals")
    assert (everything.count, everything.total) == (
        facts["records"], facts["individuals_affected"],
    )  # fmt: skip
    assert len(counted(ALL, "imported:state")) == facts["states"]
    entities = counted(ALL, "imported:entity")
    assert {row.value: row.count for row in entities} == facts["entity_types"]
    types = counted(ALL, "imported:type")
    assert len(types) == facts["breach_type_strings"]
    assert sum(r.count for r in types if "Theft" in r.value) == facts["theft_rows"]
    assert sum(r.count for r in types if "Hacking" in r.value) == facts["hacking_rows"]
    associates = counted(ALL, "imported:business_associate")
    assert {str(row.value).title(): row.count for row in associates} == facts["business_associate"]
    sizes = counted(ALL, "imported:individuals")
    assert sum(r.count for r in sizes if int(r.value) >= 500) == facts["affected_ge_500"]


def test_their_own_dates_stand(db: None, facts: dict[str, Any]) -> None:
    times = Event.objects.order_by("reported_at").values_list("reported_at", flat=True)
    first, last = times[0], times[len(times) - 1]
    assert [str(first.date()), str(last.date())] == [facts["first"], facts["last"]]
    year = Choice(since=datetime(2014, 1, 1, tzinfo=UTC), until=datetime(2015, 1, 1, tzinfo=UTC))
    assert whole(ALL, year).count == sum(
        row.count for row in counted(ALL, "year") if row.value.year == 2014
    )


def test_the_search_finds_what_the_texts_say(db: None) -> None:
    found = search(ALL, "Brooke Army Medical Center")
    assert {event.title for event in found} == {"Brooke Army Medical Center – Theft"}
    laptops = Event.objects.filter(what__iregex=r"\ylaptops\y").count()
    assert search(ALL, "laptops").count() >= laptops > 0


def test_a_second_import_adds_none(db: None, facts: dict[str, Any]) -> None:
    assert take_over() == 0
    assert Event.objects.count() == facts["records"]
