"""The API against its own description: whatever is sent, the answer is one that it promises."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis import Case
from tests.conftest import LONG_AGO, NOW

from vardkase.access.actor import Actor, Grant
from vardkase.assessment.rules import Judgement
from vardkase.config.urls import api
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Token, Unit
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

EXAMPLES = 12  # for each operation, in the suite
OPERATIONS = sorted(
    (method.upper(), path)
    for path, item in api.get_openapi_schema()["paths"].items()
    for method in item
)
STEADY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def secret(region: Unit) -> str:
    """A token of the role that may most, and an incident for it to work on."""
    found = new_secret()
    Token.objects.create(
        name="x", role="security_chief", unit=region, digest=fingerprint(found), by="system",
        created_at=LONG_AGO, expires_at=NOW.replace(year=2099),
    )  # fmt: skip
    event = report(Report(what="Något har hänt."), by=Actor.reporter(NOW), at=NOW).event
    judged = Judgement(
        outcome="confirmed_incident", impact=2, urgency=2, category="malware", reason="Så är det."
    )
    assess(event, judged, by=Actor("p0", "Karin", NOW, (Grant("assessor", "/"),)), at=NOW)
    return found


@pytest.fixture(scope="module")
def schema() -> Any:
    return schemathesis.openapi.from_dict(api.get_openapi_schema())


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """As in Django's own client: a request does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_is_openapi_3_1(client: Client, db: None) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["openapi"][:3]) == (200, "3.1")


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_any_request_gets_an_answer_that_is_promised(
    schema: Any, secret: str, method: str, path: str
) -> None:
    operation, number = schema[path][method], Event.objects.get().number
    operation.app = get_wsgi_application()

    @STEADY
    @given(case=operation.as_strategy(), real=st.booleans())
    def send(case: Case, real: bool) -> None:
        if real and "number" in case.path_parameters:
            case.path_parameters["number"] = number
        answer = case.call(headers={"Authorization": f"Bearer {secret}"}, app=operation.app)
        case.validate_response(
            answer,
            checks=(
                schemathesis.checks.not_a_server_error,
                schemathesis.checks.status_code_conformance,
                schemathesis.checks.content_type_conformance,
                schemathesis.checks.response_schema_conformance,
            ),
        )

    send()


def test_no_two_schemas_have_one_name() -> None:
    """The description knows them by name: of two, one would be described as the other."""
    found = Counter(kind.__name__ for kind in every(Schema) if "vardkase" in kind.__module__)
    assert not [name for name, count in found.items() if count > 1]


def every(kind: type) -> set[type]:
    return {found for child in kind.__subclasses__() for found in (child, *every(child))}
