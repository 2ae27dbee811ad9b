"""Many reports, one incident; one report may feed several; the originals stay."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from tests.assessment.conftest import CONFIRMED, Tell
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment import queries
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.models import AssetLink, Event
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.assess import Refused, assess, merge, unmerge

type Act = Callable[[Person], Actor]


@pytest.fixture
def by(karin: Person, act: Act) -> Actor:
    return act(karin)


def state(event: Event) -> str:
    return Event.objects.get(pk=event.pk).state


@pytest.mark.says("S2-072", "med hjälp av den eller de händelserapporter som lämnats")
def test_a_report_feeds_a_case_and_keeps_its_words(tell: Tell, by: Actor) -> None:
    report, case = tell("Kan inte öppna G:."), tell("Filer krypterade.")
    merge(report, case, reason="Samma server.", by=by, at=NOW)
    assert (state(report), state(case)) == ("merged", "unassessed")
    assert Event.objects.get(pk=report.pk).what == "Kan inte öppna G:."
    assert [m.event for m in queries.merged_here(by, case)] == [report]
    assert Entry.objects.filter(kind="event.merged").values_list("chain", flat=True).count() == 2
    assert verify().ok


def test_one_report_may_feed_several_and_each_is_undone_alone(tell: Tell, by: Actor) -> None:
    report, one, two = tell("a"), tell("b"), tell("c")
    first, second = (merge(report, case, by=by, at=NOW) for case in (one, two))
    assert [m.into for m in queries.feeds(by, report)] == [one, two]
    unmerge(first, by=by, at=NOW)
    assert state(report) == "merged"
    unmerge(second, by=by, at=NOW)
    assert state(report) == "unassessed"


def test_an_undone_merge_gives_back_what_the_report_was(tell: Tell, by: Actor) -> None:
    report, case = tell("a"), tell("b")
    assess(report, CONFIRMED, by=by, at=NOW)
    report.refresh_from_db()
    made = merge(report, case, by=by, at=NOW)
    unmerge(made, by=by, at=NOW)
    assert state(report) == "confirmed_incident"
    with pytest.raises(Refused, match="unmerged_before"):
        unmerge(made, by=by, at=NOW)


def test_what_cannot_be_merged_says_why(tell: Tell, by: Actor) -> None:
    report, case = tell("a"), tell("b")
    with pytest.raises(Refused, match="itself"):
        merge(report, report, by=by, at=NOW)
    merge(report, case, by=by, at=NOW)
    with pytest.raises(Refused, match="merged_before"):
        merge(report, case, by=by, at=NOW)
    with pytest.raises(Refused, match="into_merged"):
        merge(case, report, by=by, at=NOW)
    Event.objects.filter(pk=case.pk).update(state="closed")
    with pytest.raises(Refused, match="closed"):
        merge(tell("c"), case, by=by, at=NOW)


def test_both_cases_must_be_ones_own_to_assess(
    tell: Tell, by: Actor, archive: Unit, hire: Hire, act: Act
) -> None:
    here, there = tell("a"), tell("b", unit=archive.pk)
    with pytest.raises(PermissionDenied):
        merge(here, there, by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        merge(there, here, by=by, at=NOW)
    assert state(here) == "unassessed"


def test_a_reader_sees_only_the_reports_he_may_read(tell: Tell, by: Actor) -> None:
    report, case = tell("a"), tell("b")
    merge(report, case, by=by, at=NOW)
    Event.objects.filter(pk=report.pk).update(labels=["personnel"])
    assert not queries.merged_here(by, case).exists()


def test_a_report_of_two_cases_ties_them_together(tell: Tell, by: Actor) -> None:
    report, one, two = tell("a"), tell("b"), tell("c")
    for case in (one, two):
        merge(report, case, by=by, at=NOW)
    assert assess(one, CONFIRMED, by=by, at=NOW).inputs["linked"] == 1
    assert assess(two, CONFIRMED, by=by, at=NOW).inputs["linked"] == 2


# Likeness


def test_likeness_is_looked_for_in_system_asset_and_title(
    tell: Tell, by: Actor, hospital: Unit
) -> None:
    mail = Asset.objects.create(name="E-post", kind="system", unit=hospital)
    case = tell("Nätfiske till ekonomi.", system="Outlook")
    title, system, asset = (
        tell("Nätfiske till ekonomin igen."),
        tell("Konstig bilaga.", system="outlook"),
        tell("Kontot är låst."),
    )
    for event in (case, asset):
        AssetLink.objects.create(event=event, asset=mail, at=NOW, by="system")
    tell("En skärm visar fel tid.")
    assert {e.number for e in queries.alike(by, case)} == {
        title.number,
        system.number,
        asset.number,
    }


def test_likeness_tells_nothing_of_what_is_closed_to_the_reader(tell: Tell, by: Actor) -> None:
    case, other = tell("Nätfiske till ekonomi."), tell("Nätfiske till ekonomi.")
    assert list(queries.alike(by, case)) == [other]
    Event.objects.filter(pk=other.pk).update(sealed=True)
    assert not queries.alike(by, case).exists()
