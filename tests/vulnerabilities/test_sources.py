"""Sources are checked every so often, what is found is reported, and lateness is told (S2-027)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import LONG_AGO, NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit
from vardkase.vulnerabilities.models import Check, Source
from vardkase.vulnerabilities.rules import due, missed
from vardkase.workflow.checking import check, remind

DAY = timedelta(days=1)


@pytest.fixture
def cert(hospital: Unit) -> Source:
    return Source.objects.create(
        name="cert.se", address="https://cert.example/lista", kind="cert_se", days=7,
        unit=hospital, role="assessor", begun_at=NOW,
    )  # fmt: skip


def test_the_next_check_is_counted_from_the_last() -> None:
    assert due(NOW, 7) == NOW + 7 * DAY
    assert [missed(NOW, 7, NOW + n * DAY) for n in (-1, 0, 6.9, 7, 13, 14)] == [0, 0, 0, 1, 1, 2]


@pytest.mark.says("S2-027", "aktivt söka efter sårbarheter i de forum som finns tillgängliga")
def test_what_is_found_becomes_a_reported_vulnerability_with_its_source(
    cert: Source, hospital: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    by = act(hire("assessor", hospital))
    made = check(cert, "Brist i vår vpn (CVE-2026-1).", reports=True, by=by, at=NOW)
    event = Event.objects.get()
    assert (made.case, event.kind, event.source) == (event.number, "vulnerability", "external")
    assert event.unit == hospital
    said = dict(event.statements.values_list("question", "answer"))
    assert said["external_source"] == "cert_se"
    assert said["source_note"] == "cert.se https://cert.example/lista"
    check(cert, "Rör inte oss.", by=by, at=NOW)
    check(cert, by=by, at=NOW)
    assert Event.objects.count() == 1
    assert list(Check.objects.values_list("found", flat=True))[:2] == ["", "Rör inte oss."]
    assert verify().ok


def test_who_answers_for_it_is_told_once_for_each_time_it_is_missed(
    cert: Source, hospital: Unit, archive: Unit, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    anna, bo = hire("assessor", hospital), hire("assessor", archive)
    assert remind(NOW + 6 * DAY) == 0
    assert remind(NOW + 7 * DAY) == 1
    assert remind(NOW + 8 * DAY) == 0
    told = Notice.objects.get()
    assert (told.person, told.kind, told.deadline) == (anna, "source_overdue", NOW + 7 * DAY)
    assert told.path == f"/kallor/{cert.pk}"
    assert remind(NOW + 14 * DAY) == 1
    check(Source.objects.get(), by=act(anna), at=NOW + 15 * DAY)
    assert remind(NOW + 21 * DAY) == 0
    assert remind(NOW + 22 * DAY) == 1
    assert not Notice.objects.filter(person=bo).exists()


def test_the_pages_say_what_is_late_and_take_a_check_by_one_click(
    cert: Source, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    Source.objects.update(begun_at=LONG_AGO)
    client = signed_in(hire("ciso"))
    assert "1 försenad" in client.get("/kallor").content.decode()
    assert "Källor att bevaka" in client.get("/larm").content.decode()
    assert client.post(f"/kallor/{cert.pk}/inget-nytt").status_code == 302
    page = client.get("/kallor").content.decode()
    assert "försenad" not in page
    assert "inget nytt" in page
    said = {"found": "Ny brist.", "reports": "on"}
    assert client.post(f"/kallor/{cert.pk}/hittat", {"found": " "}).status_code == 422
    assert client.post(f"/kallor/{cert.pk}/hittat", said).status_code == 302
    assert Event.objects.get().number in client.get(f"/kallor/{cert.pk}").content.decode()
    cert.refresh_from_db()
    assert timezone.now() - cert.checked_at < DAY  # type: ignore[operator]


def test_the_list_is_looked_after_by_who_has_the_unit(
    cert: Source, hospital: Unit, archive: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    here, there = (signed_in(hire("assessor", unit)) for unit in (hospital, archive))
    said: dict[str, Any] = {"name": "Leverantörens lista", "days": 1, "role": "assessor"}
    said |= {"unit": hospital.pk, "address": "javascript:alert(1)", "kind": ""}
    assert here.post("/kallor/ny", said | {"days": 0}).status_code == 422
    assert here.post("/kallor/ny", said).status_code == 302
    assert there.post("/kallor/ny", said | {"name": "x"}).status_code == 403
    page = here.get("/kallor").content.decode()
    assert "varje dag" in page
    assert 'href="javascript' not in page
    assert there.get(f"/kallor/{cert.pk}").status_code == 404
    moved = said | {"name": "cert.se", "unit": archive.pk}
    assert here.post(f"/kallor/{cert.pk}/andra", moved).status_code == 403
    assert here.post(f"/kallor/{cert.pk}/stang").status_code == 302
    assert remind(NOW + 400 * DAY) == 1  # the other one
    assert signed_in(hire("receiver")).get("/kallor").status_code == 403


def test_a_program_checks_a_source(cert: Source, region: Unit, client: Client) -> None:
    Token.objects.create(
        name="x", role="assessor", unit=region, digest=fingerprint("s"), created_at=LONG_AGO,
        expires_at=NOW.replace(year=2099), by="system",
    )  # fmt: skip
    header = {"Authorization": "Bearer s"}
    (told,) = client.get("/api/v1/sources", headers=header).json()
    assert (told["name"], told["checked_at"]) == ("cert.se", None)

    def post(body: object) -> Any:
        address = f"/api/v1/sources/{cert.pk}/checks"
        return client.post(address, body, content_type="application/json", headers=header)

    assert post({}).json()["case"] == ""
    assert post({"found": "Ny brist."}).json()["case"] == Event.objects.get().number


def test_what_became_a_case_that_the_reader_may_not_read_is_not_told_here(
    cert: Source, hospital: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    found = {"found": "Hemlig brist.", "at": NOW, "by": "p1"}
    case = Event.objects.create(
        number="2026-9999", title="x", what="x", unit=hospital, reported_at=NOW, received_at=NOW
    )
    cert.checks.create(case=case.number, **found)
    client = signed_in(hire("assessor", hospital))
    assert "Hemlig brist" in client.get(f"/kallor/{cert.pk}").content.decode()
    Event.objects.filter(pk=case.pk).update(sealed=True)
    page = client.get(f"/kallor/{cert.pk}").content.decode()
    assert "Hemlig brist" not in page
    assert case.number not in page
    assert "Hemlig brist" not in client.get("/kallor").content.decode()
