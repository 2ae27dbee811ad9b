"""What is counted: every case that the reader may count, once, and no other."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOW, Hire
from tests.statistics.conftest import Tell
from vardkase.access.actor import Actor
from vardkase.assessment.models import Assessment
from vardkase.assets.models import Asset
from vardkase.conclusions.models import Conclusion
from vardkase.events.models import AssetLink, Event
from vardkase.incidents.models import Incident
from vardkase.organisation.models import Person, Unit
from vardkase.statistics.queries import (
    BY,
    Choice,
    UnknownField,
    counted,
    imported_fields,
    judged,
    tally,
    time_to_assessment,
    trend,
    units,
    whole,
)

ALL = Actor.system(NOW)
SPRING = datetime(2026, 3, 1, tzinfo=UTC)


def assessed(event: Event, *, hours: int = 1, impact: int = 4, urgency: int = 3) -> Assessment:
    return Assessment.objects.create(
        event=event, at=event.reported_at + timedelta(hours=hours), by="p1",
        outcome="confirmed_incident", impact=impact, urgency=urgency, priority=2, reason="x",
    )  # fmt: skip


@pytest.mark.says("S2-124", "regelbunden uppföljning av samtliga incidenter för att urskilja")
@pytest.mark.parametrize("by", BY)
def test_whatever_it_is_counted_by_each_case_is_counted_once(tell: Tell, by: str) -> None:
    for state in ("closed", "unassessed", "confirmed_incident"):
        tell(state=state)
    assert sum(row.count for row in counted(ALL, by)) == 3


def test_an_unknown_name_is_refused(region: Unit) -> None:
    with pytest.raises(UnknownField):
        counted(ALL, "unit__people__password")


@pytest.mark.says("S2-046", "sammanställningar över alla inträffade incidenter i ett visst system")
def test_a_case_counts_for_each_asset_that_it_hits_now(tell: Tell, region: Unit) -> None:
    journal, post = (
        Asset.objects.create(name=name, kind="system", unit=region) for name in ("Journal", "Post")
    )
    both, none = tell(), tell()
    for asset in (journal, post):
        AssetLink.objects.create(event=both, asset=asset, at=NOW, by="p1")
    AssetLink.objects.create(event=none, asset=post, at=NOW, by="p1", ended_at=NOW)
    found = {(row.value, row.key): row.count for row in counted(ALL, "asset")}
    assert found == {("Journal", journal.pk): 1, ("Post", post.pk): 1, (None, None): 1}


def test_two_units_of_one_name_stay_apart(tell: Tell, hospital: Unit, archive: Unit) -> None:
    wards = [
        Unit.objects.create(name="Ward", parent=parent, path=f"{parent.path}9{n}/")
        for n, parent in enumerate((hospital, archive))
    ]
    for ward in wards:
        tell(unit=ward)
    assert [(row.value, row.count) for row in counted(ALL, "unit")] == [("Ward", 1), ("Ward", 1)]


def test_the_last_conclusion_says_the_cause(tell: Tell) -> None:
    event = tell(state="closed")
    incident = Incident.objects.create(event=event, opened_at=NOW)
    for cause in ("unknown", "crime"):
        Conclusion.objects.create(
            incident=incident, cause_kind=cause, cause="x", course="x", lessons="x", at=NOW, by="p1"
        )
    assert [row.value for row in counted(ALL, "cause")] == ["crime"]


def test_sums_take_whole_numbers_and_nothing_else(tell: Tell) -> None:
    for value in (10, -3, "7", "many", None, 2.5, [1], {"a": 1}, 10**17):
        tell(imported={"people": value, "place": "Lund"})
    tell()
    assert whole(ALL, total="people").total == 14 + 10**17
    assert {r.value: r.total for r in counted(ALL, "imported:place", total="people")} == {
        "Lund": 14 + 10**17, None: None,
    }  # fmt: skip
    assert imported_fields(ALL) == {"people": True, "place": False}


def test_a_month_begins_at_midnight_in_sweden(tell: Tell) -> None:
    tell(datetime(2026, 2, 28, 22, 59, tzinfo=UTC))
    tell(datetime(2026, 2, 28, 23, 0, tzinfo=UTC), state="closed")
    months = [(at.month, part, count) for at, part, count in trend(ALL, Choice(), "month")]
    assert months == [(2, 0, 1), (3, 1, 1)]


def test_incidents_are_cut_by_their_priority(tell: Tell) -> None:
    for priority in (1, 1, 4):
        tell(state="confirmed_incident", priority=priority)
    tell(state="not_incident", priority=2)
    found = trend(ALL, Choice(incidents_only=True), "year")
    assert [(part, count) for _at, part, count in found] == [(1, 2), (4, 1)]


def test_the_last_assessment_of_an_incident_stands_in_the_matrix(tell: Tell) -> None:
    changed, other = tell(state="closed"), tell(state="not_incident")
    for event, impact in ((changed, 4), (changed, 2), (other, 1)):
        assessed(event, impact=impact)
    assert judged(ALL, Choice()) == {(2, 3): 1}


def test_the_time_to_assessment_is_the_middle_of_the_first_ones(tell: Tell) -> None:
    for hours in (1, 2, 9):
        assessed(event := tell(SPRING, state="closed"), hours=hours)
        assessed(event, hours=100)
    tell(state="unassessed")
    assert time_to_assessment(ALL, Choice()) == (timedelta(hours=2), 3)
    assert time_to_assessment(ALL, Choice(since=NOW)) is None


def test_all_together_with_the_first_and_the_last(tell: Tell) -> None:
    tell(SPRING, state="closed", imported={"people": 5})
    tell(NOW, imported={"people": 7})
    assert tally(ALL, Choice(incidents_only=True), total="people").total == 5
    found = tally(ALL, Choice(), total="people")
    assert (found.events, found.incidents, found.total) == (2, 1, 12)
    assert (found.first, found.last) == (SPRING, NOW)


def test_what_the_reader_may_not_count_is_in_no_number(
    tell: Tell, region: Unit, hospital: Unit, archive: Unit, hire: Hire,
    act: Callable[[Person], Actor],
) -> None:  # fmt: skip
    anna = hire("assessor", hospital, labels=["patient"])
    tell(unit=hospital, labels=["patient"])
    tell(unit=hospital, labels=["staff"])
    tell(unit=hospital, sealed=True)
    tell(unit=hospital, conflicts=[anna.pk])
    tell(unit=archive)
    tell(reporter=anna, unit=archive)
    reader = act(anna)
    assert whole(reader).count == 1
    assert tally(reader, Choice()).events == 1
    assert [unit.name for unit in units(reader)] == ["Sjukhuset"]
    assert whole(act(hire("handler", hospital))).count == 0
    assert len(units(act(hire("ciso")))) == 3


def test_a_unit_counts_with_what_lies_below_it(tell: Tell, region: Unit, hospital: Unit) -> None:
    tell(unit=region)
    tell(unit=hospital)
    assert whole(ALL, Choice(under=hospital.path)).count == 1
    assert whole(ALL, Choice(under=region.path)).count == 2
