"""External sources are recorded by hand, with how far they are believed (S2-033)."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import LONG_AGO, NOW, Hire
from vardkase.events.models import Event
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit
from vardkase.policy.parameter import parameter

SAID = {
    "what": "cert.se varnar för en sårbarhet i vår vpn.", "as": "", "external_source": "cert_se",
    "source_reliability": "a", "information_credibility": "2", "source_note": "Utskick i dag.",
    "on_behalf_of": "cert.se",
}  # fmt: skip


def send(client: Client, person: Person) -> Event:
    sent = client.post("/rapportera", SAID | {"as": person.key})
    assert sent.status_code == 200
    return Event.objects.get()


@pytest.mark.says(
    "S2-033",
    "andra myndigheter, massmedia, nationella säkerhetstjänster, telekommunikationsföretag,"
    " outsourcade verksamheter, cert.se",
)
def test_the_form_asks_for_the_sources_of_the_instruction() -> None:
    asked = {row["id"]: row for row in parameter("report.questions").at(NOW).value}
    sources = {row["code"]: row for row in parameter("sources").at(NOW).value}
    assert asked["external_source"]["answers"] == sources["external"]["kinds"]


def test_a_source_stands_with_how_far_it_is_believed_wherever_the_statement_stands(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    anna = hire("ciso")
    client = signed_in(anna)
    event = send(client, anna)
    assert (event.source, event.reporter_kind) == ("external", "other")
    assess = client.get(f"/handelser/{event.number}/bedom").content.decode()
    assert "Extern källa (cert.se, A2)" in assess
    for page in (f"/arenden/{event.number}", f"/arenden/{event.number}/sammanfattning"):
        shown = client.get(page).content.decode()
        for words in ("A: helt tillförlitlig", "2: troligen sann", "Utskick i dag."):
            assert words in shown, (page, words)
    kept = client.get(f"/arenden/{event.number}/sammanfattning.json").json()["what"]["statements"]
    told = {row["question"]["code"]: row["words"]["sv"] for row in kept if row["words"]}
    assert told["source_reliability"] == "A: helt tillförlitlig"


def test_nobody_judges_his_own_reliability(region: Unit, client: Client) -> None:
    assert "tillförlitlig" not in client.get("/rapportera").content.decode()
    client.post("/rapportera", SAID | {"as": "reporter"})
    assert not Event.objects.get().statements.filter(question="source_reliability").exists()
    body = {"what": "x", "answers": {"source_reliability": ["a"]}}
    sent = client.post("/api/v1/reports", body, content_type="application/json")
    assert sent.status_code == 403


def test_a_program_that_records_for_others_tells_the_source(region: Unit, client: Client) -> None:
    Token.objects.create(
        name="x", role="assessor", unit=region, digest=fingerprint("s"), created_at=LONG_AGO,
        expires_at=NOW.replace(year=2099), by="system",
    )  # fmt: skip
    body = {"what": "x", "answers": {"external_source": ["media"], "source_reliability": ["c"]}}
    sent = client.post(
        "/api/v1/reports", body, content_type="application/json",
        headers={"Authorization": "Bearer s"},
    )  # fmt: skip
    assert sent.status_code == 201
    assert Event.objects.get().source == "external"
