"""What the lists of steps 3 and 4 cost, pinned: as many statements for sixty rows as for six."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import LONG_AGO, NOW, add_unit
from vardkase.assessment.models import Referral
from vardkase.events.models import Event
from vardkase.incidents.models import Action, Incident, Part
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit

PINS = {  # address -> statements, those of session, person, rights and frame included
    "/arenden": 7,
    "/arenden?lage=alla&vems=ledda&ordning=nyast": 7,
    "/atgarder": 6,
    "/atgarder?lage=alla&vems=mina": 6,
    "/": 4,  # leads on to where the work begins
    "/en/": 11,
}
OF_PROGRAMS = {"/api/v1/events": 2, "/api/v1/actions": 2}


def fill(unit: Unit, person: Person, count: int) -> None:
    """Incidents in units of their own, each with an action, a part and a question asked."""
    units = [add_unit(f"Avdelning {n}", unit) for n in range(4)]
    events = Event.objects.bulk_create(
        Event(
            number=f"2026-{n:04d}", title=f"Händelse {n}", what="x", unit=units[n % 4],
            received_at=NOW, reported_at=NOW - timedelta(minutes=n), members=[person.pk],
            state="unassessed" if n % 3 == 0 else "confirmed_incident", reporter=person,
            reporter_kind="staff",
        )
        for n in range(count)
    )  # fmt: skip
    incidents = Incident.objects.bulk_create(
        Incident(event=event, opened_at=NOW) for event in events
    )
    made = {"at": NOW, "by": "p1"}
    Action.objects.bulk_create(
        Action(incident=one, title="x", kind="recovery", owner=person, due_at=NOW, **made)
        for one in incidents
    )
    Part.objects.bulk_create(
        Part(incident=one, person=person, part="incident_manager", **made) for one in incidents
    )
    Referral.objects.bulk_create(
        Referral(event=event, person=person, question="x", due_at=NOW, **made) for event in events
    )


def cost(client: Client, address: str, **more: str) -> list[str]:
    headers = {"Accept-Language": "sv"} | more
    client.get(address, headers=headers)  # the first of a session writes that it was seen
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers=headers).status_code in (200, 302)
    return [row["sql"][:200] for row in seen]


@pytest.mark.parametrize("count", [6, 60])
@pytest.mark.parametrize("address", PINS)
def test_a_list_costs_what_is_pinned(
    hospital: Unit,
    ingrid: Person,
    hugo: Person,
    signed_in: Callable[[Person], Client],
    address: str,
    count: int,
) -> None:
    fill(hospital, ingrid, count)
    told = cost(signed_in(ingrid), address)
    assert len(told) == PINS[address], "\n".join(told)


@pytest.mark.parametrize("count", [6, 60])
@pytest.mark.parametrize("address", OF_PROGRAMS)
def test_a_program_s_list_costs_what_is_pinned(
    hospital: Unit, ingrid: Person, client: Client, address: str, count: int
) -> None:
    fill(hospital, ingrid, count)
    Token.objects.create(
        name="x", role="ciso", unit=hospital, digest=fingerprint("s"), created_at=LONG_AGO,
        expires_at=NOW.replace(year=2099), by="system",
    )  # fmt: skip
    told = cost(client, address, Authorization="Bearer s")
    assert len(told) == OF_PROGRAMS[address], "\n".join(told)
