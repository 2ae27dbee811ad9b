"""Seeing in a list and being let into a case are one rule, asked of PostgreSQL and of Python."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LONG_AGO, NOW, Hire, add_unit
from vardkase.access.actor import Actor, Grant, Scope
from vardkase.access.rules import allowed, may, visible
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation import models
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.policy.parameter import parameter

ACTIONS = sorted(parameter("access.actions").versions[-1].value)
ROLES = sorted(set(parameter("access.matrix").versions[-1].value["roles"]) - {"system"})
LABELS = ("patient", "restricted", "personnel")
ME, OTHER = 1, 2  # places in the list of persons


@pytest.fixture
def tree(region: Unit) -> list[Unit]:
    """The root, two units beside each other, one below the first, one whose id begins alike."""
    sus, kry = add_unit("SUS", region), add_unit("Kry", region)
    return [region, sus, kry, add_unit("Akuten", sus), add_unit("Mottagning", kry)]


@pytest.fixture
def people(tree: list[Unit]) -> list[Person]:
    return [Person.objects.create(username=f"p{n}", name=f"P {n}", unit=tree[0]) for n in range(3)]


@pytest.fixture
def cases(tree: list[Unit], people: list[Person]) -> list[Event]:
    """Every unit x some labels x sealed or not x every relation that a person may have."""
    me, other = people[ME].pk, people[OTHER].pk
    relations: list[dict[str, Any]] = [
        {},
        {"members": [me]},
        {"members": [other, me]},
        {"reporter_id": me},
        {"reporter_id": other},
        {"conflicts": [me]},
        {"conflicts": [other]},
        {"reporter_id": me, "conflicts": [me]},
        {"members": [me], "conflicts": [other, me]},
        {"reporter_id": me, "members": [me]},
    ]
    labels = ([], ["patient"], ["patient", "restricted"], ["personnel"])
    rows = [
        Event(
            number=f"2026-{n:04d}", what="x", reported_at=NOW, received_at=NOW, unit=unit,
            labels=names, sealed=sealed, **relation,
        )
        for n, (unit, names, sealed, relation) in enumerate(
            product(tree, labels, (False, True), relations)
        )
    ]  # fmt: skip
    Event.objects.bulk_create(rows)
    return list(Event.objects.select_related("unit"))


@st.composite
def actors(draw: st.DrawFn) -> Callable[[list[Unit], list[Person]], Actor]:
    """An actor with up to three grants: a person, a token without one, or a code's holder."""
    places = st.sampled_from(["", "/", "?half made", 0, 1, 2, 3, 4])
    held = draw(
        st.lists(
            st.tuples(st.sampled_from(ROLES), places, st.frozensets(st.sampled_from(LABELS))),
            max_size=3,
        )
    )
    who, code = (
        draw(st.sampled_from([None, ME, OTHER, 0])),
        draw(st.sampled_from(["", "2026-0007"])),
    )

    def make(tree: list[Unit], people: list[Person]) -> Actor:
        grants = tuple(
            Grant(role, tree[place].path if isinstance(place, int) else place, labels)
            for role, place, labels in held
        )
        person = None if who is None else people[who].pk
        return Actor("p", "", NOW, grants, person=person, holds="" if person else code)

    return make


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(make=actors(), action=st.sampled_from([*ACTIONS, "burn"]))
def test_the_list_holds_what_the_door_lets_in(
    tree: list[Unit], people: list[Person], cases: list[Event], make: Any, action: str
) -> None:
    actor = make(tree, people)
    seen = set(Event.objects.filter(visible(actor, action)).values_list("number", flat=True))
    let_in = {case.number for case in cases if allowed(actor, action, case.scope())}
    assert seen == let_in
    assert may(actor, action) or not let_in, "the outer door is never narrower than the inner"


def test_the_program_itself_sees_everything(cases: list[Event]) -> None:
    system = Actor.system(NOW)
    assert Event.objects.filter(visible(system)).count() == len(cases)
    assert all(allowed(system, "read", case.scope()) for case in cases)


def test_a_unit_whose_path_begins_alike_is_another_unit(tree: list[Unit]) -> None:
    """/1/4/ does not hold /1/40/."""
    actor = Actor("p1", "", NOW, (Grant("assessor", "/1/4/"),), person=1)
    assert allowed(actor, "read", Scope("x", unit="/1/4/9/"))
    assert not allowed(actor, "read", Scope("x", unit="/1/40/"))


# Time


@pytest.fixture
def assessor(hire: Hire, hospital: Unit) -> Person:
    person = hire("assessor", hospital)
    models.Grant.objects.update(until=NOW)
    return person


@pytest.fixture
def case(hospital: Unit) -> Event:
    return Event.objects.create(
        number="2026-0001", what="x", reported_at=NOW, received_at=NOW, unit=hospital
    )


@pytest.mark.parametrize(
    ("moment", "lets_in"),
    [
        (LONG_AGO - timedelta(microseconds=1), False),
        (LONG_AGO, True),
        (NOW - timedelta(microseconds=1), True),
        (NOW, False),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_grant_counts_from_its_first_moment_to_before_its_last(
    assessor: Person, case: Event, moment: Any, lets_in: bool
) -> None:
    actor = actor_of(assessor, moment)
    assert Event.objects.filter(visible(actor)).exists() == lets_in
    assert allowed(actor, "read", case.scope()) == lets_in


def test_a_token_ends_at_its_moment(region: Unit, case: Event, client: Client) -> None:
    secret = new_secret()
    models.Token.objects.create(
        name="x", role="ciso", unit=region, digest=fingerprint(secret), created_at=LONG_AGO,
        by="system", expires_at=NOW,
    )  # fmt: skip
    answers = []
    for moment in (NOW - timedelta(seconds=1), NOW):
        with time_machine.travel(moment, tick=False):
            headers = {"Authorization": f"Bearer {secret}"}
            answers.append(client.get("/api/v1/events/2026-0001", headers=headers).status_code)
    assert answers == [200, 401]
