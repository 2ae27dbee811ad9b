"""An event that waits to be assessed, and Karin who assesses at the hospital."""

from collections.abc import Callable

import pytest

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.report import report

CONFIRMED = Judgement(
    outcome="confirmed_incident", impact=4, urgency=4, category="malware", reason="Pågående."
)
NOTHING = Judgement(outcome="not_incident", reason="Övning.")

type Tell = Callable[..., Event]


@pytest.fixture
def tell(hospital: Unit) -> Tell:
    """Report something at the hospital: `tell("Filer krypterade.", system="G:")`."""

    def tell_one(what: str = "Filer krypterade på avdelning 32.", **more: object) -> Event:
        sent = Report(what=what, **{"unit": hospital.pk, **more})  # type: ignore[arg-type]
        return report(sent, by=Actor.reporter(NOW), at=NOW).event

    return tell_one


@pytest.fixture
def event(tell: Tell) -> Event:
    return tell()


@pytest.fixture
def karin(hire: Hire, hospital: Unit) -> Person:
    return hire("assessor", hospital, labels=["patient"])
