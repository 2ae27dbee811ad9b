"""Programs with a token, and an incident at the hospital for them to work on."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.conftest import LONG_AGO, NOW

from vardkase.access.actor import Actor, Grant
from vardkase.assessment.rules import Judgement
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Token, Unit
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

FOREVER = NOW + timedelta(days=36500)
JUDGED = Judgement(
    outcome="confirmed_incident", impact=4, urgency=4, category="malware", reason="Pågående."
)
KARIN = Actor("p0", "Karin", NOW, (Grant("assessor", "/"),))

type Call = Callable[..., Any]
type Open = Callable[[], Event]


@pytest.fixture
def opened(hospital: Unit) -> Open:
    """Report something at the hospital and judge it an incident."""

    def open_one() -> Event:
        sent = Report(what="Filer krypterade.", unit=hospital.pk)
        event = report(sent, by=Actor.reporter(NOW), at=NOW).event
        assess(event, JUDGED, by=KARIN, at=NOW)
        return Event.objects.select_related("unit").get(pk=event.pk)

    return open_one


@pytest.fixture
def incident(opened: Open) -> Event:
    return opened()


@pytest.fixture
def call(client: Client, region: Unit) -> Call:
    """`call("POST", "/events", body, role="ciso", unit=hospital, key="…")`."""
    shown: dict[tuple[str, Unit], str] = {}

    def token(role: str, unit: Unit) -> str:
        secret = f"secret-{role}-{unit.pk}"
        Token.objects.create(
            name=role, role=role, unit=unit, digest=fingerprint(secret), created_at=LONG_AGO,
            expires_at=FOREVER, by="system",
        )  # fmt: skip
        return secret

    def one(
        method: str, path: str, body: Any = None, *, role: str = "ciso", unit: Unit | None = None,
        key: str = "",
    ) -> Any:  # fmt: skip
        held = (role, unit or region)
        if held not in shown:
            shown[held] = token(*held)
        headers = {"Authorization": f"Bearer {shown[held]}"}
        headers |= {"Idempotency-Key": key} if key else {}
        sent = b"" if body is None else json.dumps(body)
        return client.generic(method, f"/api/v1{path}", sent, "application/json", headers=headers)

    return one
