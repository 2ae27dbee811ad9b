"""POST /api/v1/reports: the door of programs, and of anyone who can post a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import LONG_AGO, NOW

from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Token, Unit
from vardkase.policy.parameter import overlay, parameter

URL = "/api/v1/reports"
KEY = "5f2c7b1e-8d52-4f0b-a1d1-2c8b5e9f7a10"
STORABLE = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=300
).filter(lambda text: bool(text.strip()))


@pytest.fixture
def token(region: Unit) -> Callable[[str], str]:
    def make(role: str) -> str:
        secret = new_secret()
        Token.objects.create(
            name=role, role=role, unit=region, digest=fingerprint(secret), by="system",
            created_at=LONG_AGO, expires_at=NOW.replace(year=2099),
        )  # fmt: skip
        return secret

    return make


def send(body: Any, *, token: str = "", **headers: str) -> HttpResponse:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer: HttpResponse = Client().post(URL, raw, content_type="application/json", headers=headers)
    return answer


@pytest.mark.says("S2-021", "egen personal, en leverantör eller någon annan som upptäcker något")
def test_anyone_may_report_one_sentence(region: Unit) -> None:
    answer = send({"what": "En dator är borta."})
    assert answer.status_code == 201
    found = answer.json()
    assert set(found) == {"number", "code"}
    event = Event.objects.get(number=found["number"])
    assert (event.what, event.reporter_kind, event.unit) == (
        "En dator är borta.", "anonymous", region,
    )  # fmt: skip


def test_all_that_can_be_told_is_stored(region: Unit, hospital: Unit) -> None:
    answer = send(
        {
            "what": "Ett USB-minne är borta.",
            "event_kind": "paper_or_media",
            "answers": {"media_what": ["usb"], "media_locked": ["no"], "own": ["fritt"]},
            "system": "Journalsystemet",
            "discovered_at": "2026-11-21T09:00:00+01:00",
            "happened_at": "2026-11-20T08:00:00Z",
            "reporter_kind": "supplier",
            "source": "external",
            "contact": "spoc@example.org",
            "reference": "INC-77",
            "unit": hospital.pk,
        }
    )
    event = Event.objects.get(number=answer.json()["number"])
    assert (event.kind, event.system, event.reference) == (
        "paper_or_media", "Journalsystemet", "INC-77",
    )  # fmt: skip
    assert (event.unit, event.reporter_kind) == (hospital, "supplier")
    said = dict(event.statements.values_list("question", "answer"))
    assert said["media_locked"] == "no"
    assert said["system"] == "Journalsystemet"
    assert event.suggestion["impact"] == 3


@pytest.mark.parametrize(
    ("role", "status"), [("receiver", 201), ("reporter", 403), ("", 403), ("integration", 403)]
)
def test_only_who_records_for_others_reports_on_behalf_of_someone(
    token: Callable[[str], str], role: str, status: int
) -> None:
    body = {"what": "x", "on_behalf_of": "Anna", "reported_at": "2026-11-01T08:00:00Z"}
    answer = send(body, token=token(role) if role else "")
    assert answer.status_code == status
    if status == 201:
        event = Event.objects.get()
        assert (event.reported_at.day, event.on_behalf_of) == (1, "Anna")
        assert event.received_at > event.reported_at


def test_the_same_key_gives_the_same_answer_and_one_case(region: Unit) -> None:
    first, second = (send({"what": "x"}, **{"Idempotency-Key": KEY}) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Event.objects.count() == 1
    assert send({"what": "y"}, **{"Idempotency-Key": KEY}).status_code == 409


def test_a_key_is_ones_own(token: Callable[[str], str]) -> None:
    """What one program calls its sending tells another nothing."""
    answers = [
        send({"what": "x"}, token=token(role), **{"Idempotency-Key": KEY}).json()
        for role in ("receiver", "assessor")
    ]
    assert answers[0]["code"] != answers[1]["code"]
    assert Event.objects.count() == 2


@pytest.mark.parametrize("key", ["1", "x" * 201, "å" * 20, "a b" * 10])
def test_a_key_that_can_be_guessed_is_refused(region: Unit, key: str) -> None:
    assert send({"what": "x"}, **{"Idempotency-Key": key}).status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.what"),
        ({"what": ""}, "body.what"),
        ({"what": " \n\t"}, "body.what"),
        ({"what": "x" * 20_001}, "body.what"),
        ({"what": "a\x00b"}, "body.what"),
        ({"what": ["x"]}, "body.what"),
        ({"what": "x", "system": "s" * 301}, "body.system"),
        ({"what": "x", "event_kind": "party"}, "body.event_kind"),
        ({"what": "x", "unit": 10**30}, "body.unit"),
        ({"what": "x", "unit": 4711}, "unit"),
        ({"what": "x", "discovered_at": "2026-11-21T09:00:00"}, "body.discovered_at"),
        ({"what": "x", "discovered_at": "2999-01-01T00:00:00Z"}, "body.discovered_at"),
        ({"what": "x", "discovered_at": "0001-01-01T00:00:00Z"}, "body.discovered_at"),
        ({"what": "x", "discovered_at": 1e300}, "body.discovered_at"),
        ({"what": "x", "reported_at": "2026-11-01T08:00:00Z"}, "body"),
        ({"what": "x", "answers": {"Å": ["y"]}}, "body.answers"),
        ({"what": "x", "answers": {"work": ["y\x00"]}}, "body.answers.work.0"),
        ({"what": "x", "answers": {f"q{n}": ["y"] for n in range(61)}}, "body.answers"),
        ([], "body"),
        (None, "body"),
        (1, "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_is_told_at_its_field(region: Unit, body: Any, field: str) -> None:
    answer = send(body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert any(row["field"].startswith(field) for row in answer.json()["errors"])
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"what":' * 50_000, 400),
        (b'{"what": ' + b"9" * 100_000 + b"}", 400),
        (b'{"what": NaN}', 422),
        (b'{"what": "\\ud800"}', 422),
        (b'{"what": "x", "\\ud800": 1}', 201),
        (b'{"what": "x", "answers": {"\\ud800": ["y"]}}', 422),
        (b'{"what": "\xff"}', 400),
        (b'{"what": "a", "what": "b"}', 201),
        (b'{"what": "x", "unit": ' + b"9" * 4000 + b"}", 422),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_json_is_a_problem_and_never_a_failure(region: Unit, raw: bytes, status: int) -> None:
    """F17."""
    answer = send(raw)
    assert answer.status_code == status
    assert Event.objects.count() == (status == 201)


def test_a_body_that_is_too_large_is_not_read(region: Unit) -> None:
    """F16."""
    answer = send(b'{"what": "' + b"x" * 3_000_000 + b'"}')
    assert answer.status_code == 413
    assert "at most 2 MB" in answer.json()["detail"]


def test_a_wrong_token_is_not_taken_for_a_stranger(region: Unit) -> None:
    assert send({"what": "x"}, token="wrong").status_code == 401
    assert not Event.objects.exists()


def test_too_many_reports_are_told_when_to_come_back(region: Unit, tmp_path: Any) -> None:
    limits = parameter("report.limits").at(NOW).value
    row = ", ".join(
        f"{name} = {{ count = {1 if name == 'report_address' else v['count']}, "
        f"seconds = {v['seconds']} }}"
        for name, v in limits.items()
    )
    folder = tmp_path / "policy" / "report"
    folder.mkdir(parents=True)
    (folder / "limits.toml").write_text(
        'id = "report.limits"\nunit = "u"\nsv = "s"\nen = "e"\n[[version]]\nsince = 2017-03-03\n'
        f'source = "s"\nchecked = 2026-11-22\nstatus = "unverified"\nvalue = {{ {row} }}\n'
    )
    overlay(tmp_path / "policy")
    try:
        assert send({"what": "x"}).status_code == 201
        answer = send({"what": "y"})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 600
        assert "telephone if it is urgent" in answer.json()["detail"]
    finally:
        overlay(None)


def test_a_token_has_a_limit_of_its_own(token: Callable[[str], str]) -> None:
    limits = parameter("report.limits").at(NOW).value
    assert limits["report_token"]["count"] >= 100 * limits["report_address"]["count"]
    assert limits["report_address"]["count"] >= 60  # a whole hospital may have one address


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": KEY}])
def test_a_report_costs_at_most_twelve_statements(
    token: Callable[[str], str], headers: dict[str, str]
) -> None:
    """P2 of performance.md: the token and the limit counted."""
    secret = token("receiver")
    send({"what": "first of the year"}, token=secret)
    body = {"what": "x", "answers": {"work": ["cannot"], "harm": ["yes"]}}
    with CaptureQueriesContext(connection) as seen:
        assert send(body, token=secret, **headers).status_code == 201
    assert len(seen) <= 12, "\n".join(q["sql"] for q in seen)


@given(what=STORABLE, system=STORABLE, more=STORABLE)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_that_can_be_stored_comes_back_unchanged(
    token: Callable[[str], str], what: str, system: str, more: str
) -> None:
    secret = token("assessor") if not Token.objects.exists() else new_token()
    answer = send({"what": what, "system": system, "answers": {"done": [more]}}, token=secret)
    assert answer.status_code == 201
    number = answer.json()["number"]
    read = Client().get(f"/api/v1/events/{number}", headers={"Authorization": f"Bearer {secret}"})
    assert (read.json()["what"], read.json()["system"]) == (what, system)
    assert Event.objects.get(number=number).statements.get(question="done").answer == more


def new_token() -> str:
    secret = new_secret()
    Token.objects.update(digest=fingerprint(secret))
    return secret


def test_the_log_holds_every_report(region: Unit) -> None:
    for text in ("a", "b\u202e", "c\x07"):
        assert send({"what": text}).status_code == 201
    assert verify().ok


def test_what_may_be_answered_is_promised(client: Client, db: None) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/reports"]["post"]
    assert set(described["responses"]) >= {"201", "400", "401", "403", "409", "413", "422", "429"}
    assert any(p["name"] == "Idempotency-Key" for p in described["parameters"])
