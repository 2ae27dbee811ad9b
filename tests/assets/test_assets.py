"""What is of value, paper as much as systems: who owns it, who depends on it, who supplies it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW
from vardkase.access.actor import Actor
from vardkase.assets import queries, services
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person, Unit
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.queries import contact_is_due
from vardkase.suppliers.services import add_supplier, speak_for, speak_no_more

BOSS = Actor.system(NOW)


def asset(name: str, unit: Unit, **values: object) -> Asset:
    terms = {"name": name, "kind": "system", "unit": unit} | values
    return services.add_asset(terms, by=BOSS, at=NOW)


@pytest.mark.says(
    "S2-008",
    "oavsett om informationen behandlas manuellt eller automatiserat och oberoende av i vilken "
    "form eller miljö informationen förekommer",
)
@pytest.mark.says("S2-164", "personal och deras kompetens, färdigheter och erfarenheter")
def test_paper_and_people_are_assets_as_much_as_systems(hospital: Unit) -> None:
    for kind in Asset.Kind.values:
        asset(f"Något av slaget {kind}", hospital, kind=kind)
    assert {"archive", "manual_process", "people", "premises"} <= set(Asset.Kind.values)
    assert Asset.objects.count() == len(Asset.Kind.values)


@pytest.mark.says(
    "S2-136",
    "vilka krav organisationen har på konfidentialitet, riktighet och tillgänglighet hos den "
    "eller de informationstillgångar",
)
def test_an_asset_is_classified_by_the_levels_of_policy(hospital: Unit) -> None:
    journal = asset("Journal", hospital, confidentiality=4, integrity=3, availability=3)
    asset("Matsedel", hospital, availability=1)
    assert list(queries.assets(queries.Wanted(demand=3))) == [journal]
    for wrong in [5, -1]:
        with pytest.raises(Refused) as refused:
            services.change_asset(journal, {"integrity": wrong}, by=BOSS, at=NOW)
        assert list(refused.value.errors) == ["integrity"]


@pytest.mark.says(
    "S2-086",
    "omedelbart rapporteras till den eller de som är beroende av den information som påverkas "
    "eller påverkats",
)
def test_who_depends_on_it_is_a_unit_or_somebody_with_a_contact(
    hospital: Unit, archive: Unit
) -> None:
    journal = asset("Journal", hospital)
    inside = services.add_dependant(journal, unit=archive, by=BOSS, at=NOW)
    outside = services.add_dependant(
        journal, name="Kommunens hemtjänst", contact="010-5", by=BOSS, at=NOW
    )
    assert list(queries.dependants([journal])) == [inside, outside]
    services.end_dependant(inside, by=BOSS, at=NOW)
    inside.refresh_from_db()
    assert (list(queries.dependants([journal])), inside.ended_at) == ([outside], NOW)
    with pytest.raises(Refused):
        services.add_dependant(journal, name="x", by=BOSS, at=NOW)


@pytest.mark.says("S2-102", "den verksamhet som har störst insikt i omfattning och orsak")
def test_the_unit_that_owns_most_of_what_was_hit_is_proposed(hospital: Unit, archive: Unit) -> None:
    hit = [asset("A", archive), asset("B", hospital), asset("C", hospital)]
    assert queries.owning_unit(hit) == hospital
    assert queries.owning_unit([]) is None


@pytest.mark.says("S2-151", "fysiskt skydd, brandskydd, manuella reservrutiner, reservutrustning")
@pytest.mark.says("S2-012", "när det behövs, med hjälp av krishanteringsplaner")
def test_plans_and_safeguards_stand_on_the_asset(hospital: Unit) -> None:
    made = asset(
        "Journal", hospital, fallback="Skriv på papper.", safeguards="Släckare i hallen.",
        crisis_plan="Plan 7 i pärmen.",
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.fallback, made.safeguards) == ("Skriv på papper.", "Släckare i hallen.")


def test_a_local_manager_changes_his_own_assets_and_moves_none_away(
    hospital: Unit, archive: Unit, hire: Callable[..., Person], act: Callable[[Person], Actor]
) -> None:
    local = act(hire("incident_manager", hospital))
    journal, roll = asset("Journal", hospital), asset("Rulla", archive)
    services.change_asset(journal, {"note": "Min"}, by=local, at=NOW)
    for row, values in [
        (roll, {"note": "x"}),
        (journal, {"unit": archive}),
        (roll, {"unit": hospital}),
    ]:
        with pytest.raises(PermissionDenied):
            services.change_asset(row, values, by=local, at=NOW)
    with pytest.raises(PermissionDenied):
        services.add_asset({"name": "Ny", "kind": "system", "unit": archive}, by=local, at=NOW)


def test_the_log_holds_before_and_after_and_nothing_is_deleted(hospital: Unit) -> None:
    journal = asset("Journal", hospital)
    services.change_asset(journal, {"essential": True, "note": ""}, by=BOSS, at=NOW)
    services.close_asset(journal, closed=True, by=BOSS, at=NOW)
    entries = Entry.objects.filter(chain="room:assets").order_by("place")
    facts = [body(entry)["facts"] for entry in entries]
    assert facts[1] == {"asset": journal.pk, "changed": {"essential": [False, True]}}
    assert facts[2] == {"asset": journal.pk, "closed": True}
    assert list(queries.assets(queries.Wanted(closed=True))) == [journal]


def test_assets_are_found_by_their_other_names_and_without_accents(hospital: Unit) -> None:
    journal = asset("Café-kassan", hospital, other_names="srv-kassa01, KASSA")
    for words in ["cafe", "CAFÉ", "kassa01", "srv"]:
        assert list(queries.assets(queries.Wanted(named=words))) == [journal], words


@pytest.mark.says("S2-051", "Single Point of Contact - SPOC")
def test_a_supplier_has_one_contact_that_is_confirmed_every_year(region: Unit) -> None:
    made = add_supplier(
        {"name": "Driften AB", "contact": "Dag", "verified_on": date(2025, 11, 22)},
        by=BOSS, at=NOW,
    )  # fmt: skip
    assert contact_is_due(made, NOW)
    made.verified_on = date(2025, 11, 23)
    assert not contact_is_due(made, NOW)
    made.verified_on = None
    assert contact_is_due(made, NOW)


@pytest.mark.says("S2-052", "om behov finns, vara tillgänglig dygnet runt")
def test_an_essential_asset_whose_supplier_sleeps_is_shown(hospital: Unit) -> None:
    sleeping = Supplier.objects.create(name="Dagtid AB")
    awake = Supplier.objects.create(name="Jour AB", around_the_clock=True)
    hit = asset("Journal", hospital, supplier=sleeping, essential=True)
    asset("Larm", hospital, supplier=awake, essential=True)
    asset("Matsedel", hospital, supplier=sleeping)
    assert list(queries.without_night_call()) == [hit]


@pytest.mark.says(
    "S2-047",
    "Externa leverantörer ska rapportera händelser och incidenter som rör de tjänster som "
    "levereras",
)
def test_an_account_speaks_for_one_supplier(region: Unit, hire: Callable[..., Person]) -> None:
    first, second = (Supplier.objects.create(name=n) for n in "AB")
    dag = hire("supplier_spoc")
    row = speak_for(first, dag, by=BOSS, at=NOW)
    assert Supplier.objects.get(people__person=dag, people__ended_at=None) == first
    with pytest.raises(Refused):
        speak_for(second, dag, by=BOSS, at=NOW)
    speak_no_more(row, by=BOSS, at=NOW)
    assert not Supplier.objects.filter(people__person=dag, people__ended_at=None).exists()
