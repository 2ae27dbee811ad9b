"""The tree of units: what a unit lacks it has from above; it moves whole and is never deleted."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, add_unit
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.lib.changes import Refused, fingerprint
from vardkase.organisation import services, units
from vardkase.organisation.editing import Overtaken
from vardkase.organisation.models import Person, Unit

BOSS = Actor.system(NOW)


@pytest.mark.says("S2-039", "Rutinerna kan behöva utformas olika beroende på verksamhet")
def test_a_unit_has_from_above_what_it_does_not_say_itself(region: Unit, hospital: Unit) -> None:
    ward = add_unit("Avdelning 3", hospital)
    services.change_unit(region, {"phone": "010-1", "routine": "Ring."}, by=BOSS, at=NOW)
    services.change_unit(hospital, {"routine": "Skriv."}, by=BOSS, at=NOW)
    ward.refresh_from_db()
    card = units.inherited(ward)
    assert (card.phone.text, card.phone.unit) == ("010-1", region)
    assert (card.routine.text, card.routine.unit) == ("Skriv.", hospital)
    assert (card.email.text, card.email.unit) == ("", None)


def test_a_unit_moves_with_all_below_it(region: Unit, hospital: Unit, archive: Unit) -> None:
    ward = add_unit("Avdelning 3", hospital)
    services.move_unit(hospital, under=archive, by=BOSS, at=NOW)
    hospital.refresh_from_db()
    ward.refresh_from_db()
    assert hospital.path == f"{archive.path}{hospital.pk}/"
    assert ward.path == f"{archive.path}{hospital.pk}/{ward.pk}/"
    assert Entry.objects.filter(chain="room:organisation", kind="unit.changed").count() == 1
    facts = body(Entry.objects.get(kind="unit.changed"))["facts"]
    assert facts["under"] == [region.pk, archive.pk]
    assert verify().ok


def test_a_unit_cannot_be_put_into_itself(region: Unit, hospital: Unit) -> None:
    ward = add_unit("Avdelning 3", hospital)
    for unit, under in [(hospital, ward), (hospital, hospital), (region, hospital)]:
        with pytest.raises(Refused):
            services.move_unit(unit, under=under, by=BOSS, at=NOW)


def test_a_tree_as_deep_as_its_paths_allow_is_the_end(region: Unit) -> None:
    def dig(unit: Unit) -> None:
        for depth in range(100):
            unit = services.add_unit({"name": f"{depth}"}, under=unit, by=BOSS, at=NOW)

    with pytest.raises(Refused):
        dig(region)
    assert 190 <= max(len(unit.path) for unit in Unit.objects.all()) <= 200


def test_brothers_have_different_names(region: Unit, hospital: Unit) -> None:
    with pytest.raises(Refused):
        services.add_unit({"name": "Sjukhuset"}, under=region, by=BOSS, at=NOW)
    services.add_unit({"name": "Sjukhuset"}, under=hospital, by=BOSS, at=NOW)


def test_a_closed_unit_stays_and_opens_again(region: Unit, hospital: Unit) -> None:
    ward = add_unit("Avdelning 3", hospital)
    with pytest.raises(Refused):
        services.close_unit(hospital, by=BOSS, at=NOW)
    services.close_unit(ward, by=BOSS, at=NOW)
    services.close_unit(hospital, by=BOSS, at=NOW)
    assert [unit for unit, _ in units.tree()] == [region]
    with pytest.raises(Refused):
        services.reopen_unit(Unit.objects.get(pk=ward.pk), by=BOSS, at=NOW)
    services.reopen_unit(hospital, by=BOSS, at=NOW)
    assert [unit for unit, _ in units.tree()] == [region, hospital]


def test_the_tree_stands_in_swedish_order_in_one_statement(region: Unit) -> None:
    for name in ["Östra", "Ängen", "Åsen", "Zenit"]:
        add_unit(name, region)
    with CaptureQueriesContext(connection) as seen:
        names = [unit.name for unit, _ in units.tree()]
    assert names == ["Region Exempel", "Zenit", "Åsen", "Ängen", "Östra"]
    assert len(seen) == 1


def test_the_log_holds_what_was_and_what_became(hospital: Unit) -> None:
    services.change_unit(hospital, {"name": "Nya sjukhuset", "phone": ""}, by=BOSS, at=NOW)
    facts = body(Entry.objects.get(kind="unit.changed"))["facts"]
    assert facts == {"unit": hospital.pk, "changed": {"name": ["Sjukhuset", "Nya sjukhuset"]}}


def test_what_changes_nothing_leaves_no_entry(hospital: Unit) -> None:
    services.change_unit(hospital, {"name": " Sjukhuset "}, by=BOSS, at=NOW)
    assert not Entry.objects.exists()


def test_nobody_writes_over_anothers_change_unseen(hospital: Unit) -> None:
    from_form = fingerprint(hospital, services.UNIT)
    services.change_unit(hospital, {"phone": "1"}, by=BOSS, at=NOW)
    with pytest.raises(Overtaken):
        services.change_unit(hospital, {"phone": "2"}, by=BOSS, at=NOW, seen=from_form)


@pytest.mark.parametrize("field", ["path", "parent", "id", "closed_at", "sort_key"])
def test_only_the_listed_fields_can_be_changed(hospital: Unit, field: str) -> None:
    with pytest.raises(Refused):
        services.change_unit(hospital, {field: "/"}, by=BOSS, at=NOW)


@pytest.mark.parametrize("role", ["assessor", "incident_manager", "handler", "auditor", "reporter"])
def test_the_organisation_is_not_everyones_to_change(
    hospital: Unit, hire: Callable[..., Person], act: Callable[[Person], Actor], role: str
) -> None:
    with pytest.raises(PermissionDenied):
        services.change_unit(hospital, {"name": "x"}, by=act(hire(role)), at=NOW)


@pytest.mark.parametrize("hostile", ["", "  ", "\x00", "a\ud800", "x" * 201])
def test_a_name_that_cannot_be_kept_is_refused_in_words(hospital: Unit, hostile: str) -> None:
    with pytest.raises(Refused) as refused:
        services.change_unit(hospital, {"name": hostile}, by=BOSS, at=NOW)
    assert list(refused.value.errors) == ["name"]
