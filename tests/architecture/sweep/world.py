"""One person, one token and a case for every relation that they may stand in to it."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.test import Client

from tests.access.oracle import ABOVE, BELOW, BESIDE, HERE, PLACES, RELATIONS, Meeting
from tests.conftest import LONG_AGO, NOW, add_unit, let_in
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Grant, Organisation, Person, Token, Unit

LABELS: tuple[tuple[str, ...], ...] = ((), ("patient",))
NEVER = "2026-9999"  # the number of a case that never was
FAR_AHEAD = NOW.replace(year=2099)

type Shape = tuple[str, tuple[str, ...], bool, str]  # place, labels, sealed, relation


@dataclass
class World:
    units: dict[str, Unit]
    person: Person  # whose role changes from question to question
    colleague: Person  # the CISO, cleared for everything
    token: Token
    secret: str
    cases: dict[Shape, Event] = field(default_factory=dict)
    client: Client = field(default_factory=Client)
    done: set[str] = field(default_factory=set)  # changes that somebody succeeded with
    held: dict[str, Any] = field(default_factory=dict)  # the role and labels of person and token

    @property
    def spare(self) -> Event:
        """Another case, as open to the person as any that is not his own."""
        return self.cases[HERE, (), False, "spare"]

    @property
    def plain(self) -> Event:
        return self.cases[HERE, (), False, "none"]

    def case(self, meeting: Meeting) -> Event:
        return self.cases[meeting.place, meeting.labels, meeting.sealed, meeting.relation]

    def employ(self, role: str, cleared: tuple[str, ...]) -> None:
        """Give person and token this role alone, at the hospital."""
        held = {"role": role, "labels": list(cleared)}
        if held != self.held:
            Grant.objects.filter(person=self.person).update(**held)
            Token.objects.filter(pk=self.token.pk).update(**held)
            self.held = held
            self.client.get("/health")  # the session notes it now, and not in every answer


def build() -> World:
    Organisation.objects.create(
        name="Region Exempel", kind="region", duty_phone="1", security_phone="2",
        founded_at=LONG_AGO,
    )  # fmt: skip
    region = add_unit("Region Exempel", None)
    hospital = add_unit("Sjukhuset", region)
    units = {
        ABOVE: region,
        HERE: hospital,
        BELOW: add_unit("Akuten", hospital),
        BESIDE: add_unit("Arkivet", region),
    }
    secret = new_secret()
    token = Token.objects.create(
        name="Program", role="reporter", unit=hospital, digest=fingerprint(secret),
        created_at=LONG_AGO, by="system", expires_at=FAR_AHEAD,
    )  # fmt: skip
    person = employed("anna", hospital, "reporter")
    colleague = employed("bo", region, "ciso", "patient", "restricted", "personnel")
    world = World(units, person, colleague, token, secret)
    let_in(world.client, person)
    fill(world)
    return world


def employed(name: str, unit: Unit, role: str, *labels: str) -> Person:
    person = Person.objects.create(username=name, name=name.title(), unit=unit)
    Grant.objects.create(
        person=person, role=role, unit=unit, labels=list(labels), since=LONG_AGO, reason="x",
        by="system",
    )  # fmt: skip
    return person


def fill(world: World) -> None:
    me = world.person.pk
    related: dict[str, dict[str, Any]] = {
        "none": {},
        "spare": {},
        "member": {"members": [me]},
        "reporter": {"reporter_id": me, "reporter_kind": "staff"},
        "conflict": {"conflicts": [me]},
        "member and conflict": {"members": [me], "conflicts": [me]},
    }
    shapes = [(HERE, (), False, "spare"), *product(PLACES, LABELS, (False, True), RELATIONS)]
    made = [
        Event(
            number=f"2026-{n:04d}", what=f"Rapport {n}", title=f"Rapport {n}", reported_at=NOW,
            received_at=NOW, unit=world.units[place], labels=list(labels), sealed=sealed,
            **related[relation],
        )
        for n, (place, labels, sealed, relation) in enumerate(shapes, 1)
    ]  # fmt: skip
    world.cases.update(zip(shapes, Event.objects.bulk_create(made), strict=True))
