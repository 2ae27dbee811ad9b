"""The incident that Ingrid manages serves here too; Mia answers for what the media are told."""

import pytest

from tests.api.conftest import call
from tests.conftest import Hire
from tests.incidents.conftest import by_ingrid, incident, ingrid, make
from vardkase.organisation.models import Person, Unit

__all__ = ["by_ingrid", "call", "incident", "ingrid", "make"]


@pytest.fixture
def mia(hire: Hire, hospital: Unit) -> Person:
    return hire("media_contact", hospital)
