"""Steps 3 and 4 as people see them, on phone and wide screen, light and dark."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import Look
from tests.incidents.conftest import (
    Make,
    by_ingrid,
    hugo,
    incident,
    ingrid,
    make,
    server,
)
from tests.incidents.test_pages import busy
from vardkase.assets.models import Asset
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow import handle

__all__ = ["busy", "by_ingrid", "hugo", "incident", "ingrid", "make", "server"]


@pytest.fixture
def full(busy: Event, make: Make, server: Asset, hugo: Person, ingrid: Person) -> Event:
    """The incident with a log of some length, an earlier one like it, and people."""
    at = timezone.now()
    by = actor_of(ingrid, at)
    earlier = make("Filservern stod still.", at=at - timedelta(days=60))
    handle.link_asset(earlier, server, by=by, at=at)
    handle.set_part(busy, hugo, "resolver", by=by, at=at)
    for n in range(5):
        handle.note(Event.objects.get(pk=busy.pk), f"Kontrollerade avdelning {n}.", by=by, at=at)
    return Event.objects.select_related("unit").get(pk=busy.pk)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/arenden/{}", "case"),
        ("/arenden/{}/logg", "case-log"),
        ("/arenden/{}/beslut", "case-decide"),
        ("/arenden/{}/inte-under-kontroll", "case-revoke"),
        ("/arenden/{}/aterstalld", "case-restored"),
        ("/arenden/{}/samband", "case-relation"),
        ("/arenden/{}/tillgangar?q=fil", "case-assets"),
        ("/arenden/{}/roller", "case-part"),
        ("/arenden/{}/atgarder/ny", "action-new"),
        ("/arenden/{}/atgarder/{}", "action"),
        ("/arenden/{}/slutsatser", "case-conclusion"),
        ("/arenden/{}/avsluta", "case-close"),
        ("/arenden/{}/sammanfattning", "case-summary"),
        ("/arenden?lage=alla&prioritet=1", "cases"),
        ("/atgarder", "actions"),
        ("/", "start"),
    ],
)
def test_a_page_has_no_faults(
    path: str, name: str, full: Event, ingrid: Person, look: Look
) -> None:
    action = full.incident.actions.get().pk
    look(path.format(full.number, action), name, person=ingrid)


def test_the_public_start_has_no_faults(full: Event, look: Look) -> None:
    look("/", "welcome")
