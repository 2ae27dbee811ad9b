"""A small world for the tests of its pages: a journal system with everything around it."""

from dataclasses import dataclass
from datetime import timedelta

from tests.conftest import NOW, add_unit
from vardkase.access.actor import Actor
from vardkase.assets import services as assets
from vardkase.assets.models import Asset
from vardkase.events.models import AssetLink, Event
from vardkase.events.rules import Report
from vardkase.organisation import duty, services
from vardkase.organisation.models import Person, Team, Unit
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.services import add_supplier
from vardkase.workflow.report import report

BOSS = Actor.system(NOW)


@dataclass
class World:
    ward: Unit
    anna: Person
    team: Team
    supplier: Supplier
    journal: Asset
    event: Event


def build(hospital: Unit) -> World:
    ward = add_unit("Avdelning 3", hospital)
    who = {"username": "anna", "name": "Anna Åberg", "unit": ward, "phone": "010-1"}
    anna = services.add_person(who, by=BOSS, at=NOW)
    team = services.add_team({"name": "Nätverk", "unit": hospital}, by=BOSS, at=NOW)
    services.set_calling_order(team, [anna], by=BOSS, at=NOW)
    services.give_responsibility(anna, "head", unit=hospital, by=BOSS, at=NOW)
    turn = {"since": NOW - timedelta(hours=1), "until": NOW + timedelta(days=400)}
    duty.Duty.objects.create(person=anna, **turn)
    supplier = add_supplier({"name": "Driften AB", "contact": "Dag"}, by=BOSS, at=NOW)
    terms = {
        "name": "Journal", "kind": "system", "unit": ward, "owner": anna, "supplier": supplier,
        "confidentiality": 4, "integrity": 3, "availability": 3, "essential": True,
        "fallback": "Skriv på papper.", "other_names": "srv-journal01",
    }  # fmt: skip
    journal = assets.add_asset(terms, by=BOSS, at=NOW)
    assets.add_dependant(journal, unit=hospital, by=BOSS, at=NOW)
    return World(ward, anna, team, supplier, journal, hit(journal, ward))


def hit(asset: Asset, unit: Unit, what: str = "Journalen svarar inte.") -> Event:
    """An event in `unit` that hit `asset`."""
    event = report(Report(what=what, unit=unit.pk), by=Actor.reporter(NOW), at=NOW).event
    AssetLink.objects.create(event=event, asset=asset, at=NOW, by="system")
    return event
