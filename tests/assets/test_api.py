"""Units and assets over HTTP: looked up in order, changed only where and as the token may."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.conftest import LONG_AGO, NOW
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit
from vardkase.suppliers.models import Supplier

type Call = Callable[..., Any]


@pytest.fixture
def call(client: Client, region: Unit) -> Call:
    """`call("GET", "units", role="assessor")`."""

    def one(
        method: str, path: str, body: Any = None, *, role: str, unit: Unit | None = None
    ) -> Any:
        secret = f"{role}-{Token.objects.count()}"
        Token.objects.create(
            name=role, role=role, unit=unit or region, digest=fingerprint(secret), by="system",
            created_at=LONG_AGO, expires_at=NOW + timedelta(days=36500),
        )  # fmt: skip
        return client.generic(
            method, f"/api/v1/{path}", json.dumps(body), "application/json",
            headers={"authorization": f"Bearer {secret}"},
        )  # fmt: skip

    return one


@pytest.fixture
def journal(hospital: Unit) -> Asset:
    return Asset.objects.create(name="Journal", kind="system", unit=hospital, note="Gammal")


def test_units_and_assets_come_in_swedish_order_a_page_at_a_time(
    call: Call, hospital: Unit
) -> None:
    for name in ["Öst", "Zenit", "Ång", "Äril"]:
        Asset.objects.create(name=name, kind="archive", unit=hospital)
    first = call("GET", "assets?limit=2", role="assessor").json()
    second = call("GET", f"assets?limit=2&after={first['next']}", role="assessor").json()
    assert [row["name"] for row in first["items"] + second["items"]] == [
        "Zenit", "Ång", "Äril", "Öst",
    ]  # fmt: skip
    units = call("GET", "units?q=sjuk", role="assessor").json()["items"]
    assert [(row["name"], row["under"]) for row in units] == [("Sjukhuset", hospital.parent_id)]


def test_people_are_looked_up_by_name_or_login_and_no_more_is_told(
    call: Call, hospital: Unit
) -> None:
    for n, name in enumerate(["Östen", "Åsa", "Anna", "Borta"]):
        Person.objects.create(
            username=f"p{n}", name=name, unit=hospital, is_active=name != "Borta", phone="1"
        )
    first = call("GET", "people?limit=2", role="assessor").json()
    second = call("GET", f"people?limit=2&after={first['next']}", role="assessor").json()
    rows = first["items"] + second["items"]
    assert [row["name"] for row in rows] == ["Anna", "Åsa", "Östen"]
    assert set(rows[0]) == {"id", "name", "title", "unit"}
    (found,) = call("GET", "people?q=p1", role="assessor").json()["items"]
    assert found["name"] == "Åsa"
    assert call("GET", "people", role="reporter").status_code == 403


def test_an_asset_is_added_and_changed_by_a_token_that_may(call: Call, hospital: Unit) -> None:
    body = {"name": "Journal", "kind": "system", "unit": hospital.pk, "confidentiality": 4}
    made = call("POST", "assets", body, role="ciso")
    assert (made.status_code, made.json()["confidentiality"]) == (201, 4)
    changed = call("PUT", f"assets/{made.json()['id']}", {"essential": True}, role="ciso").json()
    assert (changed["essential"], changed["confidentiality"]) == (True, 4)
    assert [e.kind for e in Entry.objects.filter(chain="room:assets")] == ["asset.changed"] * 2


@pytest.mark.parametrize("role", ["assessor", "integration", "reporter", "auditor", "sysadmin"])
def test_other_tokens_change_nothing(call: Call, journal: Asset, role: str) -> None:
    assert call("PUT", f"assets/{journal.pk}", {"note": "x"}, role=role).status_code == 403
    body = {"name": "Ny", "kind": "system", "unit": journal.unit_id}
    assert call("POST", "assets", body, role=role).status_code == 403


@pytest.mark.parametrize("role", ["integration", "reporter", "supplier_spoc"])
def test_who_may_not_look_up_sees_nothing(call: Call, journal: Asset, role: str) -> None:
    for path in ["units", "assets", f"assets/{journal.pk}"]:
        assert call("GET", path, role=role).status_code == 403


def test_a_token_of_a_part_changes_nothing_elsewhere_and_moves_nothing_away(
    call: Call, journal: Asset, archive: Unit
) -> None:
    for unit, body in [(archive, {"note": "x"}), (journal.unit, {"unit": archive.pk})]:
        answer = call("PUT", f"assets/{journal.pk}", body, role="incident_manager", unit=unit)
        assert answer.status_code == 403


def columns() -> dict[str, Any]:
    """Every column of the model, with something that differs from what the row holds."""
    return {field.attname: 99 for field in Asset._meta.concrete_fields} | {
        "closed_at": "2026-01-01"
    }


def test_a_field_that_is_not_listed_is_refused_and_nothing_changes(
    call: Call, journal: Asset
) -> None:
    """PH04: mass assignment."""
    before = Asset.objects.values().get()
    for name, value in columns().items():
        answer = call("PUT", f"assets/{journal.pk}", {name: value}, role="ciso")
        assert answer.status_code == 422, (name, answer.content)
    assert Asset.objects.values().get() == before


@pytest.mark.parametrize("field", ["unit", "owner", "supplier"])
def test_a_row_that_is_not_there_is_not_found(call: Call, journal: Asset, field: str) -> None:
    answer = call("PUT", f"assets/{journal.pk}", {field: 2**62}, role="ciso")
    assert answer.status_code == 404


def test_a_supplier_given_up_cannot_be_chosen(call: Call, journal: Asset) -> None:
    gone = Supplier.objects.create(name="Gamla AB", closed_at=NOW)
    answer = call("PUT", f"assets/{journal.pk}", {"supplier": gone.pk}, role="ciso")
    assert answer.status_code == 404


def test_a_name_that_is_taken_is_said_at_its_field(call: Call, journal: Asset) -> None:
    body = {"name": "Journal", "kind": "system", "unit": journal.unit_id}
    answer = call("POST", "assets", body, role="ciso")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "name")
