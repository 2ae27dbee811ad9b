"""Units, people, assets and suppliers come in as a file, row by row, as often as one likes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW, add_unit
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.assets.tables import Assets
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.lib.sheet import table as written
from vardkase.lib.sheet_reader import read
from vardkase.organisation.importing import Plan, Result, apply, planned
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.tables import People, Table, Units
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.tables import Suppliers

BOSS = Actor.system(NOW)
TABLES: list[type[Table]] = [Units, People, Assets, Suppliers]


def plan(kind: type[Table], text: str, by: Actor = BOSS) -> tuple[Plan, Table]:
    table = kind(by, NOW)
    return planned(table, read(text.encode(), table.columns())), table


def bring(kind: type[Table], text: str, by: Actor = BOSS) -> Result:
    return apply(*plan(kind, text, by))


PEOPLE = """användarnamn;namn;enhet;telefon
anna;Anna Åberg;Sjukhuset;010-1
bo;Bo Ek;Region Exempel / Sjukhuset;
"""


def test_a_preview_stores_nothing(hospital: Unit) -> None:
    found, _table = plan(People, PEOPLE)
    assert [change.row.name for change in found.new] == ["Anna Åberg", "Bo Ek"]  # type: ignore[attr-defined]
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_new_changed_and_unchanged_rows_are_told_apart(hospital: Unit) -> None:
    assert bring(People, PEOPLE) == Result(new=2)
    again, _table = plan(People, PEOPLE.replace("010-1", "010-2"))
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 1, 1)
    assert again.changed[0].shown == [("Telefon", "010-1", "010-2")]
    assert bring(People, PEOPLE) == Result(unchanged=2)
    assert not Person.objects.get(username="anna").has_usable_password()


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_empties(
    hospital: Unit,
) -> None:
    bring(People, PEOPLE)
    bring(People, "användarnamn;titel\nanna;Läkare\n")
    anna = Person.objects.get(username="anna")
    assert (anna.title, anna.phone) == ("Läkare", "010-1")
    bring(People, "användarnamn;telefon\nanna;\n")
    anna.refresh_from_db()
    assert (anna.title, anna.phone) == ("Läkare", "")


FAULTY = """login name;name;e-mail;unit
anna;Anna;anna@example.org;Sjukhuset
Båtsman;B;b@example.org;Sjukhuset
cecilia;;c@example.org;Sjukhuset
dag;Dag;no address;Nowhere
anna;Anna igen;;Sjukhuset
eva;Eva;eva@example.org;Sjukhuset;extra
fia;Fia;fia@example.org;Sjukhuset
"""


def test_each_fault_has_its_row_its_column_and_a_reason_and_stops_no_other(hospital: Unit) -> None:
    result = bring(People, FAULTY)
    assert [(fault.line, fault.heading) for fault in result.faults] == [
        (3, "login name"), (4, "name"), (5, "e-mail"), (5, "unit"), (6, ""), (7, ""),
    ]  # fmt: skip
    assert all(fault.sentence for fault in result.faults)
    assert (result.new, Person.objects.count()) == (2, 2)


def test_a_unit_may_come_before_the_one_above_it(region: Unit) -> None:
    text = "namn;under\nAvdelning 3;Medicin\nMedicin;Norra\nNorra;\nLös;Finns inte\n"
    result = bring(Units, text)
    assert result.new == 3
    assert [(fault.line, fault.heading) for fault in result.faults] == [(5, "under")]
    ward = Unit.objects.get(name="Avdelning 3")
    north = Unit.objects.get(name="Norra")
    assert ward.path.startswith(north.path)
    assert ward.path.count("/") == region.path.count("/") + 3
    assert bring(Units, text).unchanged == 3


def test_a_name_that_two_units_have_is_not_guessed(region: Unit) -> None:
    north, south = add_unit("Norra", region), add_unit("Södra", region)
    add_unit("Avdelning 1", north)
    there = add_unit("Avdelning 1", south)
    result = bring(People, "användarnamn;namn;enhet\nanna;Anna;Avdelning 1\n")
    assert (result.new, result.faults[0].heading) == (0, "enhet")
    bring(People, "användarnamn;namn;enhet\nanna;Anna;Region Exempel / Södra / Avdelning 1\n")
    assert Person.objects.get().unit == there


def test_a_closed_unit_takes_nothing_in(region: Unit, hospital: Unit) -> None:
    Unit.objects.filter(pk=hospital.pk).update(closed_at=NOW)
    for kind, text in [
        (Units, "namn\nSjukhuset\n"),
        (Units, "namn;under\nAvdelning;Sjukhuset\n"),
        (People, PEOPLE),
    ]:
        result = bring(kind, text)
        assert (result.new, bool(result.faults)) == (0, True)


ASSETS = """Namn;Slag;Enhet;Ägare;Leverantör;confidentiality;Riktighet;Tillgänglighet;essential
Journal;System;Sjukhuset;anna;Driften AB;4;Allvarlig;;ja
Rulla;Arkiv;Sjukhuset;;;;;;nej
Fel;Rymdskepp;Ingenstans;nobody;Ingen AB;7;Ganska;x;kanske
"""


def test_assets_come_with_kind_class_owner_and_supplier(hospital: Unit) -> None:
    bring(People, PEOPLE)
    Supplier.objects.create(name="Driften AB")
    result = bring(Assets, ASSETS)
    journal = Asset.objects.get(name="Journal")
    assert (journal.confidentiality, journal.integrity, journal.availability) == (4, 3, None)
    assert (journal.essential, journal.kind) == (True, "system")
    assert (journal.owner.username, journal.supplier.name) == ("anna", "Driften AB")  # type: ignore[union-attr]
    assert len(result.faults) == 8
    assert {fault.line for fault in result.faults} == {4}


def test_every_group_of_rows_is_a_decision_with_before_and_after(hospital: Unit) -> None:
    bring(People, PEOPLE)
    bring(People, "användarnamn;telefon\nanna;010-2\n")
    first, second = Entry.objects.filter(chain="room:organisation").order_by("place")
    assert (first.kind, first.by) == ("person.changed", "system")
    rows = body(first)["facts"]["imported"]
    assert [row["line"] for row in rows] == [2, 3]
    assert rows[0]["fields"]["name"] == ["Anna Åberg"]
    assert body(second)["facts"]["imported"][0]["fields"] == {"phone": ["010-1", "010-2"]}
    assert verify().ok


def test_a_local_manager_imports_his_own_assets_only(
    hospital: Unit, archive: Unit, hire: Callable[..., Person], act: Callable[[Person], Actor]
) -> None:
    local = act(hire("incident_manager", hospital))
    text = "name;kind;unit\nA;system;Sjukhuset\nB;system;Arkivet\n"
    result = bring(Assets, text, local)
    assert (result.new, [fault.line for fault in result.faults]) == (1, [3])
    bring(Assets, text)
    result = bring(Assets, "name;unit\nA;Arkivet\nB;Sjukhuset\n", local)
    assert (result.changed, len(result.faults)) == (0, 2)


@pytest.mark.parametrize("role", ["assessor", "auditor", "reporter", "handler"])
def test_who_may_not_change_may_not_import(
    hospital: Unit, hire: Callable[..., Person], act: Callable[[Person], Actor], role: str
) -> None:
    result = bring(People, PEOPLE, act(hire(role)))
    assert (result.new, len(result.faults)) == (0, 2)


ODD = st.one_of(st.sampled_from("=+-@;,\t\"'/ å"), st.characters(codec="utf-8"))
NAMES = st.text(ODD, min_size=1, max_size=20).filter(lambda n: "\x00" not in n and n.strip())


def seeded(names: list[str], region: Unit) -> None:
    """A world whose every text is one of `names`."""
    at: Unit = region
    for number, name in enumerate(names):
        stored = " ".join(name.replace("\r", "\n").strip().split("\n")).strip() or "x"
        at = Unit.objects.filter(parent=at, name=stored).first() or add_unit(stored, at)
        person = Person.objects.create(
            username=f"p{number}", name=stored, title=stored, phone=stored[:40], unit=at
        )
        supplier = Supplier.objects.get_or_create(name=stored, defaults={"routine": stored})[0]
        Asset.objects.get_or_create(
            name=stored,
            defaults={"kind": "archive", "unit": at, "owner": person, "supplier": supplier,
                      "note": stored, "fallback": name.replace("\r", "").strip(), "integrity": 2},
        )  # fmt: skip


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(NAMES, min_size=1, max_size=4))
def test_what_is_written_out_reads_back_as_no_change(region: Unit, names: list[str]) -> None:
    """PH22, and the round trip: whatever the texts hold, the exported file changes nothing."""
    for model in (Asset, Supplier, Person):
        model.objects.all().delete()
    clear(region)
    seeded(names, region)
    for kind in TABLES:
        table = kind(BOSS, NOW)
        content = written(table.written()).encode()
        again = planned(kind(BOSS, NOW), read(content, table.columns()))
        assert again.faults == []
        assert (again.new, again.changed) == ([], [])
        assert again.unchanged == len(table.known)


def clear(region: Unit) -> None:
    for unit in Unit.objects.exclude(pk=region.pk).order_by("-path"):
        unit.delete()


def many(kind: str, count: int) -> str:
    """A file of `count` rows."""
    if kind == "people":
        rows = (f"p{n};Person {n};Enhet {n % 300};010-{n}" for n in range(count))
        return "\n".join(["användarnamn;namn;enhet;telefon", *rows])
    rows = (f"Tillgång {n};Arkiv;Enhet {n % 300};{n % 5}" for n in range(count))
    return "\n".join(["namn;slag;enhet;riktighet", *rows])


def test_ten_thousand_rows_come_in_with_few_statements(
    region: Unit, django_assert_max_num_queries: Any
) -> None:
    units = "\n".join(["namn", *(f"Enhet {n}" for n in range(300))])
    assert bring(Units, units).new == 300
    with django_assert_max_num_queries(300 * 6 + 10):
        assert bring(People, many("people", 10_000)).new == 10_000
    assert bring(Assets, many("assets", 10_000)).new == 10_000
    assert bring(Assets, many("assets", 10_000)).unchanged == 10_000
    assert verify().ok
