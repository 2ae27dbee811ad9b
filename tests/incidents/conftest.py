"""An incident at the hospital that Ingrid manages, Hugo handles, and Una's unit owns."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor, Grant
from vardkase.assessment.rules import Judgement
from vardkase.assets.models import Asset
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

LATER = NOW + timedelta(hours=3)

type Make = Callable[..., Event]
type As = Callable[..., Actor]


def karin(at: datetime) -> Actor:
    """Who assesses everything in these tests."""
    return Actor("p0", "Karin", at, (Grant("assessor", "/"),))


def judged(outcome: str = "confirmed_incident", **more: object) -> Judgement:
    said = {
        "outcome": outcome,
        "impact": 4,
        "urgency": 4,
        "category": "malware",
        "reason": "Pågående kryptering.",
    }
    return Judgement(**(said | more))  # type: ignore[arg-type]


@pytest.fixture
def make(hospital: Unit) -> Make:
    """Report something at the hospital and judge it: `make("Filer krypterade.")`."""

    def make_one(
        what: str = "Filer krypterade på avdelning 32.",
        *,
        unit: Unit | None = None,
        at: datetime = NOW,
        outcome: str | None = "confirmed_incident",
        **judgement: object,
    ) -> Event:
        sent = Report(what=what, unit=(unit or hospital).pk)
        event = report(sent, by=Actor.reporter(at), at=at).event
        if outcome:
            assess(event, judged(outcome, **judgement), by=karin(at), at=at)
        return Event.objects.select_related("unit").get(pk=event.pk)

    return make_one


@pytest.fixture
def incident(make: Make) -> Event:
    return make()


@pytest.fixture
def ingrid(hire: Hire, hospital: Unit) -> Person:
    return hire("incident_manager", hospital)


@pytest.fixture
def hugo(hire: Hire, hospital: Unit) -> Person:
    return hire("handler", hospital)


@pytest.fixture
def assessor(hire: Hire, hospital: Unit) -> Person:
    return hire("assessor", hospital)


@pytest.fixture
def stranger(hire: Hire, archive: Unit) -> Person:
    """Manages incidents too, but in another part of the region."""
    return hire("incident_manager", archive)


@pytest.fixture
def by_ingrid(ingrid: Person, act: Callable[[Person], Actor]) -> Actor:
    return act(ingrid)


@pytest.fixture
def server(hospital: Unit) -> Asset:
    return Asset.objects.create(
        name="Filserver G:",
        kind=Asset.Kind.SYSTEM,
        unit=hospital,
        fallback="Skriv på papper, blankett 7.",
        crisis_plan="Krisplan för driftstopp, avsnitt 3.",
    )
