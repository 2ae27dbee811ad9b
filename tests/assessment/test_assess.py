"""Step 2: an event is judged, the judgement is a row, and what follows from it follows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assessment.conftest import CONFIRMED, NOTHING, Tell
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment import queries
from vardkase.assessment.models import Assessment
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.delivery.models import Notice
from vardkase.events.models import AssetLink, Event
from vardkase.incidents.models import Incident
from vardkase.organisation.models import Duty, Person, Unit
from vardkase.policy.parameter import DATA, overlay
from vardkase.workflow.assess import Conflict, Refused, Unsound, assess, preview

type Act = Callable[[Person], Actor]


@pytest.fixture
def by(karin: Person, act: Act) -> Actor:
    return act(karin)


def fresh(event: Event) -> Event:
    return Event.objects.select_related("unit").get(pk=event.pk)


@pytest.mark.says("S2-071", "bedömas om den utgör en informationssäkerhetsincident eller inte")
def test_a_confirmed_incident_is_opened_with_its_priority(event: Event, by: Actor) -> None:
    made = assess(event, CONFIRMED, by=by, at=NOW)
    case = fresh(event)
    assert (made.priority, made.outcome) == (1, "confirmed_incident")
    assert (case.state, case.priority, case.category) == ("confirmed_incident", 1, "malware")
    assert Incident.objects.get(event=event).opened_at == NOW


@pytest.mark.says(
    "S2-073", "möjlig eller bekräftad informationssäkerhetsincident och om eskalering behövs"
)
def test_a_possible_incident_can_be_confirmed_later_and_is_opened_once(
    event: Event, by: Actor
) -> None:
    assess(event, replace(CONFIRMED, outcome="possible_incident"), by=by, at=NOW)
    assess(event, CONFIRMED, by=by, at=NOW + timedelta(hours=1))
    assert fresh(event).state == "confirmed_incident"
    assert Incident.objects.get(event=event).opened_at == NOW
    assert [a.outcome for a in queries.history(event)] == [
        "confirmed_incident",
        "possible_incident",
    ]


def test_not_an_incident_opens_nothing_and_is_reversible(event: Event, by: Actor) -> None:
    assess(event, NOTHING, by=by, at=NOW)
    assert (fresh(event).state, Incident.objects.count()) == ("not_incident", 0)
    assess(event, CONFIRMED, by=by, at=NOW)
    assert (fresh(event).state, Incident.objects.count()) == ("confirmed_incident", 1)


@pytest.mark.says(
    "S2-074", "utgå från en förutbestämd skala där det ingår att bedöma påverkan på verksamheten"
)
def test_an_incident_without_impact_is_refused_and_nothing_is_stored(
    event: Event, by: Actor
) -> None:
    with pytest.raises(Unsound) as refused:
        assess(event, replace(CONFIRMED, impact=None), by=by, at=NOW)
    assert [fault.field for fault in refused.value.faults] == ["impact"]
    assert not Assessment.objects.exists()
    assert not Entry.objects.filter(kind="event.assessed").exists()


@pytest.mark.says(
    "S1-04", "att informationens konfidentialitet, riktighet eller tillgänglighet påverkas negativt"
)
def test_effects_on_five_aspects_are_kept(event: Event, by: Actor) -> None:
    effects = {"confidentiality": "suspected", "integrity": "none", "traceability": "confirmed"}
    assert assess(event, replace(CONFIRMED, effects=effects), by=by, at=NOW).effects == effects


def test_the_log_says_what_was_decided_and_on_what_ground(event: Event, by: Actor) -> None:
    assess(event, CONFIRMED, by=by, at=NOW)
    entry = Entry.objects.get(chain=event.number, kind="event.assessed")
    said = body(entry)
    assert (entry.by, said["facts"]["priority"]) == (by.key, 1)
    assert said["facts"]["reason"] == "Pågående."
    assert any("Region Skåne, dnr 1700202, s. 17" in ground for ground in said["grounds"])
    assert verify(event.number).ok


def test_care_harm_goes_first_in_the_queue(event: Event, by: Actor) -> None:
    low = replace(CONFIRMED, impact=1, urgency=1, criteria=("impact.low.care_harm",))
    assess(event, low, by=by, at=NOW)
    assert (fresh(event).care_harm, fresh(event).rank) == (False, 15)
    assess(event, replace(low, care_harm=True), by=by, at=NOW)
    assert (fresh(event).care_harm, fresh(event).rank) == (True, 4)


# Two assessors at once


def test_the_second_of_two_assessors_is_told_and_loses_nothing(event: Event, by: Actor) -> None:
    first = assess(event, CONFIRMED, by=by, at=NOW, expected=0)
    with pytest.raises(Conflict) as conflict:
        assess(event, NOTHING, by=by, at=NOW, expected=0)
    assert conflict.value.latest == first
    assess(event, NOTHING, by=by, at=NOW, expected=first.pk)
    assert Assessment.objects.count() == 2


def test_a_case_that_was_labelled_meanwhile_asks_for_leave_again(
    event: Event, hire: Hire, hospital: Unit, act: Act
) -> None:
    uncleared = act(hire("assessor", hospital))
    before = fresh(event)
    Event.objects.filter(pk=event.pk).update(labels=["personnel"])
    with pytest.raises(PermissionDenied):
        assess(before, CONFIRMED, by=uncleared, at=NOW)


@pytest.mark.parametrize("state", ["merged", "closed"])
def test_what_is_merged_or_closed_is_not_assessed(event: Event, by: Actor, state: str) -> None:
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(Refused, match=state):
        assess(event, CONFIRMED, by=by, at=NOW)


# Who may


@pytest.mark.parametrize("role", ["receiver", "handler", "tib", "auditor", "sysadmin", "dpo"])
def test_only_who_is_delegated_assesses(event: Event, hire: Hire, act: Act, role: str) -> None:
    with pytest.raises(PermissionDenied):
        assess(event, CONFIRMED, by=act(hire(role)), at=NOW)


def test_an_assessor_of_another_unit_may_not(
    event: Event, hire: Hire, archive: Unit, act: Act
) -> None:
    with pytest.raises(PermissionDenied):
        assess(event, CONFIRMED, by=act(hire("assessor", archive)), at=NOW)


# The facts of the case


@pytest.fixture
def journal(hospital: Unit) -> Asset:
    return Asset.objects.create(
        name="Journalsystemet", kind="system", unit=hospital,
        confidentiality=3, integrity=1, availability=4,
    )  # fmt: skip


def hits(event: Event, asset: Asset) -> None:
    AssetLink.objects.create(event=event, asset=asset, at=NOW, by="system")


@pytest.mark.says(
    "S2-136",
    "vilka krav organisationen har på konfidentialitet, riktighet och tillgänglighet hos den eller "
    "de informationstillgångar",
)
def test_the_asset_that_is_hit_gives_the_floor(event: Event, by: Actor, journal: Asset) -> None:
    hits(event, journal)
    low = replace(CONFIRMED, impact=1, urgency=1, effects={"availability": "suspected"})
    made = assess(event, low, by=by, at=NOW)
    assert (made.priority, made.inputs["classes"]["availability"]) == (1, 4)
    assert [rule["code"] for rule in made.rules] == ["matrix", "classification"]


@pytest.mark.says("S2-140", "med en kumulativ påverkan")
def test_incidents_that_hit_the_same_belong_together(tell: Tell, by: Actor, journal: Asset) -> None:
    events = [tell(f"Fel {n}") for n in range(3)]
    made = []
    for event in events:
        hits(event, journal)
        made.append(assess(event, replace(CONFIRMED, impact=1), by=by, at=NOW))
    assert [m.inputs["linked"] for m in made] == [1, 2, 3]
    assert "cumulative" in [rule["code"] for rule in made[2].rules]


# Computed again


def test_an_assessment_can_be_computed_again(event: Event, by: Actor) -> None:
    said = replace(CONFIRMED, impact=2, care_harm=True, effects={"integrity": "confirmed"})
    made = assess(event, said, by=by, at=NOW)
    again = queries.recomputed(Assessment.objects.get(pk=made.pk))
    assert again is not None
    assert (again.value, list(again.rules)) == (made.priority, made.rules)
    assert made.policy["priority.matrix"] == "2017-03-03"


@pytest.fixture
def stricter_from_tomorrow(tmp_path: Path) -> Iterator[date]:
    """The organisation's own matrix, in force the day after NOW."""
    day = NOW.date() + timedelta(days=1)
    rows = (DATA / "priority" / "matrix.toml").read_text(encoding="utf-8")
    rows = rows.replace("since   = 2017-03-03", f"since   = {day}").replace("4, 4, 5]", "3, 3, 3]")
    (tmp_path / "priority").mkdir()
    (tmp_path / "priority" / "matrix.toml").write_text(rows, encoding="utf-8")
    overlay(tmp_path)
    yield day
    overlay(None)


def test_a_new_matrix_leaves_old_assessments_as_they_were(
    event: Event, by: Actor, stricter_from_tomorrow: date
) -> None:
    low = replace(CONFIRMED, impact=1, urgency=1)
    old = assess(event, low, by=by, at=NOW)
    new = assess(event, low, by=by, at=NOW + timedelta(days=2))
    assert (old.priority, new.priority) == (5, 3)
    assert new.policy["priority.matrix"] == str(stricter_from_tomorrow)
    for made in (old, new):
        again = queries.recomputed(made)
        assert again is not None
        assert again.value == made.priority


# What it costs


def test_a_preview_changes_nothing(event: Event, by: Actor) -> None:
    priority, faults = preview(event, replace(CONFIRMED, reason=""), at=NOW)
    assert priority is not None
    assert (priority.value, [f.field for f in faults]) == (1, ["reason"])
    assert preview(event, replace(CONFIRMED, impact=None), at=NOW)[0] is None
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(("impact", "most"), [(1, 14), (4, 18)])
def test_an_assessment_costs_few_statements(
    event: Event, by: Actor, impact: int, most: int
) -> None:
    """A grave one asks four times whom to wake: the roster, now and ahead, and two roles."""
    judged = replace(CONFIRMED, impact=impact)
    with CaptureQueriesContext(connection) as seen:
        assess(event, judged, by=by, at=NOW, expected=0)
    assert len(seen) <= most, "\n".join(q["sql"] for q in seen)


def test_to_wake_the_officer_on_duty_costs_few_statements_more(
    event: Event, by: Actor, hire: Hire
) -> None:
    """Who is on duty, whether he may follow the case, and his notice: written once, within a
    savepoint of its own."""
    officer = hire("tib")
    Duty.objects.create(person=officer, since=NOW, until=NOW + timedelta(hours=8))
    with CaptureQueriesContext(connection) as seen:
        assess(event, CONFIRMED, by=by, at=NOW, expected=0)
    assert len(seen) <= 23, "\n".join(q["sql"] for q in seen)
    assert Notice.objects.filter(person=officer).exists()
