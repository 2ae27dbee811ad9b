"""The fictitious region's units, people, suppliers and assets, made by the rooms' own services."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.assets.services import add_asset, add_dependant
from vardkase.obligations.models import Entity
from vardkase.obligations.services import add_need, add_role, change_entity
from vardkase.organisation import duty, grants, links, services, setup
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import organisation, root
from vardkase.suppliers.models import Supplier
from vardkase.suppliers.services import add_supplier
from vardkase.workflow.duties import own_entity

DATA = Path(__file__).with_name("world.toml")
FOUNDED_DAYS_AGO = 400
TURN = timedelta(days=7)
TURNS = 6  # of duty, from this week on


@dataclass
class World:
    """What was made, by the names of the data file."""

    at: datetime
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)

    @property
    def system(self) -> Actor:
        return Actor.system(self.at)


def data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def name_of_sample() -> str:
    return str(data()["name"])


def lay_world(now: datetime) -> World:
    """The region as of more than a year before `now`; an organisation that is there gets it too."""
    made, world = data(), World(now - timedelta(days=FOUNDED_DAYS_AGO))
    if organisation() is None:
        found(world, made)
    world.units = {unit.name: unit for unit in Unit.objects.all()} | {"": root()}
    lay_units(world, made)
    lay_people(world, made)
    lay_assets(world, made)
    lay_entities(world, made)
    lay_duty(world, now)
    return world


def found(world: World, made: dict[str, Any]) -> None:
    secret = setup.new_setup_token(world.at) or ""
    answers = setup.Founding(
        name=made["name"],
        kind=made["kind"],
        administrator="Sven Grund",
        username="sven.grund",
        duty_phone=made["duty_phone"],
        security_phone=made["security_phone"],
    )
    setup.found(answers, link=links.find(secret, world.at, founding=True).pk, at=world.at)


def lay_units(world: World, made: dict[str, Any]) -> None:
    for name, above in made["units"]:
        if name not in world.units:
            world.units[name] = services.add_unit(
                {"name": name}, under=world.units[above], by=world.system, at=world.at
            )
    for name, phone, email in made["cards"]:
        unit = world.units[name]
        values = {"name": unit.name, "phone": phone, "email": email}
        services.change_unit(unit, values, by=world.system, at=world.at)


def lay_people(world: World, made: dict[str, Any]) -> None:
    for username, name, title, unit, role, reach, labels in made["people"]:
        values = {
            "username": username, "name": name, "title": title, "unit": world.units[unit],
            "email": f"{username}@vintra.example",
        }  # fmt: skip
        if Person.objects.filter(username=username).exists():
            values["username"] = f"{username}.prov"
        person = services.add_person(values, by=world.system, at=world.at)
        grants.give(
            person, role, unit=world.units[reach], labels=labels, reason="Uppdrag i linjen",
            by=world.system, at=world.at,
        )  # fmt: skip
        world.people[username] = person
    for name, unit, members in made["teams"]:
        values = {"name": name, "unit": world.units[unit], "crisis": name == made["crisis"]}
        team = services.add_team(values, by=world.system, at=world.at)
        called = [world.people[username] for username in members]
        services.set_calling_order(team, called, by=world.system, at=world.at)


def lay_entities(world: World, made: dict[str, Any]) -> None:
    """Whom duties to report are hung on besides the region: its committees, a company of its."""
    for name, kind, number, signers, contact in made["entities"]:
        values = {
            "name": name, "kind": kind, "number": number, "signers": signers, "contact": contact,
        }  # fmt: skip
        change_entity(Entity(), values, by=world.system, at=world.at)
    us = own_entity()
    if us.pk is None:
        us = change_entity(us, {"name": us.name, "kind": us.kind}, by=world.system, at=world.at)
    for name in made["provided"]:
        values = {"entity": us, "service": world.assets[name], "role": "provider", "trust": False}
        add_role(values, by=world.system, at=world.at)
    for name, on in made["needs"]:
        add_need(world.assets[name], world.assets[on], by=world.system, at=world.at)


def lay_assets(world: World, made: dict[str, Any]) -> None:
    for name, contact, phone, email, always in made["suppliers"]:
        values = {
            "name": name, "contact": contact, "phone": phone, "email": email,
            "around_the_clock": always,
        }  # fmt: skip
        world.suppliers[name] = add_supplier(values, by=world.system, at=world.at)
    hosts = dict(made["hosts"])
    for name, kind, unit, owner, supplier, c, i, a, essential, fallback in made["assets"]:
        values = {
            "name": name, "kind": kind, "unit": world.units[unit], "owner": world.people[owner],
            "supplier": world.suppliers.get(supplier), "confidentiality": c, "integrity": i,
            "availability": a, "essential": essential, "fallback": fallback,
            "other_names": hosts.get(name, ""),
        }  # fmt: skip
        world.assets[name] = add_asset(values, by=world.system, at=world.at)
    for name, unit in made["dependants"]:
        asset = world.assets[name]
        add_dependant(asset, unit=world.units[unit], by=world.system, at=world.at)


def lay_duty(world: World, now: datetime) -> None:
    """Two duty officers take turns of a week, this week and on."""
    begun = now - timedelta(days=1)
    officers = [world.people["karin.lind"], world.people["nils.asp"]]
    for turn in range(TURNS):
        since = begun + turn * TURN
        duty.add_turn(
            officers[turn % 2], since=since, until=since + TURN, by=Actor.system(now), at=now
        )
