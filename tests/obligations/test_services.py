"""Document 002 where several actors are involved: whose fault, whose service, whose report."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Call
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.events.models import AssetLink, Event
from vardkase.lib.changes import Refused
from vardkase.obligations.dependence import ServiceRole
from vardkase.obligations.models import Entity, SisterReport
from vardkase.obligations.rules import hanging, least_level
from vardkase.obligations.services import add_need, add_role, change_entity, end_role, register
from vardkase.organisation.models import Person, Unit
from vardkase.policy.judge import Judgement
from vardkase.policy.regime_files import catalogue
from vardkase.suppliers.models import Supplier
from vardkase.workflow import known
from vardkase.workflow.acting import NotNow
from vardkase.workflow.depend import services_hit
from vardkase.workflow.duties import of_entity
from vardkase.workflow.level import decide_level
from vardkase.workflow.oblige import answer, strike
from vardkase.workflow.prefill import report
from vardkase.workflow.wording import link_sister, unlink_sister

type In = Callable[[Person], Client]


@pytest.fixture
def boss(act: Callable[[Person], Actor], hire: Hire) -> Actor:
    return act(hire("ciso"))


@pytest.fixture
def company(boss: Actor) -> Entity:
    values = {"name": "Signera AB", "kind": "company"}
    return change_entity(Entity(), values, by=Actor.system(boss.at), at=boss.at)


def service(name: str, unit: Unit) -> Asset:
    return Asset.objects.create(name=name, kind="service", unit=unit)


def role(company: Entity, what: Asset, kind: str = "provider", **more: bool) -> ServiceRole:
    values = {"entity": company, "service": what, "role": kind, **more}
    return add_role(values, by=Actor.system(timezone.now()), at=timezone.now())


def test_what_hangs_on_what_is_followed_however_far_and_round() -> None:
    assert hanging([1], {2: [1], 3: [2], 4: [9], 1: [3]}) == {2: 1, 3: 2}
    assert (least_level([]), least_level([False]), least_level([False, True])) == (1, 2, 3)


@pytest.mark.says(
    "S3-06",
    "inkludera alla tjänster som har påverkan på den betrodda tjänsten och inte endast se till den"
    " betrodda tjänstens tekniska funktion",
)
@pytest.mark.says("S3-07", "även om felet ligger i en annan tjänst")
def test_a_fault_in_a_supporting_service_proposes_the_trust_service_and_its_level(
    incident: Event, company: Entity, hospital: Unit, boss: Actor
) -> None:
    cloud, signing = service("Molnet", hospital), service("Underskrift", hospital)
    role(company, signing)
    add_need(signing, cloud, by=Actor.system(boss.at), at=boss.at)
    AssetLink.objects.create(event=incident, asset=cloud, at=boss.at, by="p1")
    found = services_hit(incident, company, boss.at)
    assert [(one.service, on) for one, on in found.maybe] == [(signing, cloud)]
    assert (found.hit, found.level) == ((), 3)
    AssetLink.objects.create(event=incident, asset=signing, at=boss.at, by="p1")
    assert known.facts(incident, company)["incident.services[trust]"] == "Underskrift"
    with pytest.raises(Refused):
        add_need(cloud, cloud, by=Actor.system(boss.at), at=boss.at)


@pytest.mark.says("S3-27", "om du själv tillhandahåller en sådan tjänst till slutanvändare")
def test_a_relying_party_has_the_duty_only_for_a_service_of_its_own(
    incident: Event, company: Entity, hospital: Unit, boss: Actor
) -> None:
    login = service("Inloggningen", hospital)
    strike(incident, company, reason="Förlitar sig på tjänsten.", by=boss, at=boss.at)
    row = role(company, login, "relying")
    assert "se-eidas" not in regimes(incident, company, boss)
    row = role(company, login, "relying", to_end_users=True)
    assert "se-eidas" in regimes(incident, company, boss)
    end_role(row, by=Actor.system(boss.at), at=boss.at)
    assert ServiceRole.objects.filter(ended_at=None).count() == 0


def regimes(case: Event, entity: Entity, by: Actor) -> set[str]:
    return {one.judgement.regime for one in of_entity(case, entity, by.at) if one.runs}


@pytest.mark.says("S3-25", "När flera aktörer ska incidentrapportera samma händelse")
@pytest.mark.says("S3-26", "Detta gäller även om incidenten inte har uppstått i")
def test_others_reports_are_linked_and_told_of_and_our_duty_stays(
    incident: Event, company: Entity, hospital: Unit, boss: Actor
) -> None:
    role(company, service("Underskrift", hospital))
    strike(incident, company, reason="Tjänsten stördes.", by=boss, at=boss.at)
    answer(incident, {"t.enisa_level": 3}, entity=company, by=boss, at=boss.at)
    known_there = {"regime": "se-eidas", "authority": "PTS", "contact": "Eva vid PTS, 010-2"}
    register(company, known_there, by=Actor.system(boss.at), at=boss.at)
    before = regimes(incident, company, boss)
    answer(incident, {"incident.origin": "other"}, entity=company, by=boss, at=boss.at)
    supplier = Supplier.objects.create(name="Molnleverantören")
    said = {
        "actor": "Molnleverantören AB", "regime": "se-nis2-csl", "recipient": "FRA",
        "reference": "FRA 26-1", "reported_on": "2026-11-20", "supplier": supplier,
    }  # fmt: skip
    row = link_sister(incident, said, by=boss, at=boss.at)
    assert regimes(incident, company, boss) == before >= {"se-eidas"}
    made = report(incident, "pts", at=boss.at, language="sv", entity=company.pk)
    texts = {line.field.number: line.text for line in made.lines}
    assert texts[1] == "Signera AB\nEva vid PTS, 010-2"
    assert list(texts) == list(range(1, 13))
    assert "Molnleverantören AB" in texts[12]
    assert "FRA 26-1, 2026-11-20" in texts[12]
    assert "en tjänst som någon annan tillhandahåller" in texts[5]
    unlink_sister(row, by=boss, at=boss.at)
    again = report(incident, "pts", at=boss.at, language="sv", entity=company.pk)
    assert "Molnleverantören" not in again.lines[11].text
    assert SisterReport.objects.get().ended_at


def test_the_pages_keep_services_and_sisters(
    incident: Event, company: Entity, hospital: Unit, hire: Hire, signed_in: In
) -> None:
    client, page = signed_in(hire("ciso")), f"/arenden/{incident.number}/rapportering"
    cloud, signing = service("Molnet", hospital), service("Underskrift", hospital)
    said = {
        "service": signing.pk,
        "entity": company.pk,
        "role": "provider",
        "trust": "on",
        "main": "on",
    }
    assert client.post("/tjanster/roll", said).status_code == 302
    assert (
        client.post("/tjanster/beroende", {"service": signing.pk, "on": cloud.pk}).status_code
        == 302
    )
    same = client.post("/tjanster/beroende", {"service": signing.pk, "on": signing.pk})
    assert same.status_code == 422
    shown = client.get("/tjanster").content.decode()
    assert "Underskrift" in shown
    assert "Molnet" in shown
    client.post(f"{page}/juridiska-personer", {"entity": company.pk, "reason": "x"}, role="ciso")
    AssetLink.objects.create(event=incident, asset=cloud, at=timezone.now(), by="p1")
    found = client.get(page).content.decode()
    assert "Kanske Underskrift: den hänger på Molnet." in found
    assert "minst 3" in found
    other = {"actor": "Molnleverantören AB", "reference": "FRA 26-1"}
    assert client.post(f"{page}/andras-rapporter", other).status_code == 302
    assert "Molnleverantören AB, FRA 26-1" in client.get(page).content.decode()
    assert client.post(f"{page}/andras-rapporter", {"actor": ""}).status_code == 422
    need, row = signing.needs.get(), company.services.get()
    assert client.post(f"/tjanster/beroende/{need.pk}/avsluta").status_code == 302
    assert client.post(f"/tjanster/roll/{row.pk}/avsluta").status_code == 302
    assert "Underskrift" not in client.get("/tjanster").content.decode()


def test_the_api_keeps_services_and_sisters(
    call: Call, incident: Event, company: Entity, hospital: Unit
) -> None:
    one, other = service("A", hospital), service("B", hospital)
    body = {"entity": company.pk, "service": one.pk, "role": "provider"}
    made = call("POST", "/services/roles", body, role="ciso").json()
    need = call("POST", "/services/needs", {"service": one.pk, "on": other.pk}, role="ciso").json()
    found = call("GET", "/services", role="ciso").json()
    assert (found["roles"], found["needs"]) == ([made], [need])
    call(
        "POST",
        f"/events/{incident.number}/entities",
        {"entity": company.pk, "reason": "x"},
        role="ciso",
    )
    AssetLink.objects.create(event=incident, asset=other, at=timezone.now(), by="p1")
    told = call("GET", f"/events/{incident.number}/services", role="ciso").json()["items"]
    (its,) = [one for one in told if one["entity"] == "Signera AB"]
    assert its["perhaps"] == [{"service": "A", "hangs_on": "B"}]
    assert (its["hit"], its["least_level"]) == ([], 3)
    again = call("POST", "/services/needs", {"service": one.pk, "on": other.pk}, role="ciso")
    assert again.status_code == 422
    assert call("POST", f"/services/roles/{made['id']}/end", {}, role="ciso").status_code == 200
    assert call("POST", f"/services/needs/{need['id']}/end", {}, role="ciso").status_code == 200
    place = f"/events/{incident.number}/sister-reports"
    (row,) = call("POST", place, {"actor": "X AB", "entity": company.pk}, role="ciso").json()[
        "items"
    ]
    assert row["entity"] == company.pk
    assert call("POST", f"{place}/{row['id']}/end", {}, role="ciso").json() == {"items": []}


@pytest.mark.says("S3-06", "inkludera alla tjänster som har påverkan på den betrodda tjänsten")
def test_the_services_propose_a_level_and_a_person_decides_it_with_a_reason(
    incident: Event, company: Entity, hospital: Unit, boss: Actor
) -> None:
    signing = service("Underskrift", hospital)
    role(company, signing)
    strike(incident, company, reason="Tjänsten stördes.", by=boss, at=boss.at)
    AssetLink.objects.create(event=incident, asset=signing, at=boss.at, by="p1")
    with pytest.raises(NotNow, match="level_reason"):
        answer(incident, {"t.enisa_level": 2}, entity=company, by=boss, at=boss.at)
    with pytest.raises(NotNow, match="level_reason"):
        decide_level(incident, 2, " ", entity=company, by=boss, at=boss.at)
    low = decide_level(incident, 2, "Bara statistiken.", entity=company, by=boss, at=boss.at)
    assert low.reason == "Bara statistiken."
    for _round in range(3):  # no other criterion speaks for a report
        asked = trust(incident, company, boss).ask
        no = {name: False for name in asked if catalogue()[name].type == "flag"}
        if no:
            answer(incident, no, entity=company, by=boss, at=boss.at)
    before = trust(incident, company, boss).verdict
    decide_level(incident, 4, "Alla underskrifter.", entity=company, by=boss, at=boss.at)
    assert (before, trust(incident, company, boss).verdict) == ("not_reportable", "reportable")
    for other in (3, None):  # what was decided with a reason no mere answer takes back
        with pytest.raises(NotNow, match="level_reason"):
            answer(incident, {"t.enisa_level": other}, entity=company, by=boss, at=boss.at)
    facts = body(Entry.objects.filter(kind="level.decided").latest("pk"))["facts"]
    assert (facts["level"], facts["proposed"], facts["reason"]) == (4, 3, "Alla underskrifter.")
    assert any("se-eidas" in line for line in facts["clocks"]), facts


def trust(case: Event, entity: Entity, by: Actor) -> Judgement:
    found = of_entity(case, entity, by.at)
    return next(one.judgement for one in found if one.judgement.regime == "se-eidas")
